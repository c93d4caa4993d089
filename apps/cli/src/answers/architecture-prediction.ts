/** What theory says of a net of any architecture, gathered from the formulas, and as JSON. */
import {
  convolutionalSizesOf,
  inputShape,
  type Layer,
  type ResidualScaleRule,
  residualScales,
  residualSizesOf,
  type TensorShape,
} from '@kindling/core';
import {
  predictConvolutionLengths,
  predictNetworkLengths,
  predictNetworkLengthVariance,
  predictResidualGrowth,
  predictResidualLimit,
  predictZeroPaddingShare,
  type ResidualGrowth,
} from '@kindling/diagnostics';
import type { ArchitectureQuestion } from '../options/network-question.js';

/** Theory's numbers for one layer, or for one module of a residual net. */
export interface PredictedLayer {
  /** From 1. */
  readonly layer: number;
  readonly path: string;
  readonly kind: Layer['kind'];
  readonly shape: TensorShape;
  /** η_l; null where the layer is no residual block. */
  readonly scale: number | null;
  /** The share of the mean that padding and stride leave, per layer; null where it is not known. */
  readonly kept: number | null;
  /** E[M_l] where it is exact, with its natural logarithm for what is beyond every number. */
  readonly mean: number | null;
  readonly logMean: number | null;
  /** Proved bounds, both equal to the mean where that is exact. */
  readonly lower: number | null;
  readonly logLower: number | null;
  readonly upper: number | null;
  readonly logUpper: number | null;
  /** The mean, or an approximation. */
  readonly estimate: number | null;
  readonly logEstimate: number | null;
  readonly secondMoment: number | null;
  readonly relativeSecondMoment: number | null;
  /** Why the mean is not exact. */
  readonly why: string | null;
}

/** The sum of residual scales that decides, and what becomes of it. */
export interface PredictedGrowth extends ResidualGrowth {
  readonly rule: ResidualScaleRule;
  /** What the decisive sum tends to as modules are added; null for a list, Infinity where it grows for good. */
  readonly limit: number | null;
}

/** Theory's numbers for one net. */
export interface ArchitecturePrediction extends ArchitectureQuestion {
  /** M₀: ‖x‖² for residual nets, else the mean square of the input. */
  readonly inputLength: number;
  /** Of the input's numbers, whatever the kind of net. */
  readonly meanSquare: number;
  /** True when the input is the user's, false for a random direction. */
  readonly givenInput: boolean;
  readonly layers: readonly PredictedLayer[];
  /** E[V̂] across the layers of one net; null where there is no formula. */
  readonly lengthVariance: number | null;
  /** Of residual nets. */
  readonly growth: PredictedGrowth | null;
  /** Of convolutions with zero padding: what a layer keeps in the long run; null where nothing leaks, or it is not known. */
  readonly keptInTheEnd: number | null;
  readonly notes: readonly string[];
}

/**
 * Gathers them.
 *
 * @param input as many numbers as the net reads; null for a random direction of ‖x‖² = 1 (residual nets) or of uniform energy 1
 */
export function predictArchitecture(
  question: ArchitectureQuestion,
  input: readonly number[] | null,
): ArchitecturePrediction {
  const { architecture, family, named } = question;
  const { initializer } = named;
  const shape = inputShape(architecture.input);
  const numbers = shape.height * shape.width * shape.channels;
  const square = input === null ? null : input.reduce((sum, x) => sum + x * x, 0);
  const residual = family === 'residual';
  const meanSquare = square === null ? (residual ? 1 / numbers : 1) : square / numbers;
  const inputLength = square === null ? 1 : residual ? square : meanSquare;
  const logInput = Math.log(inputLength);
  const asked = {
    architecture,
    initializer,
    ...(input === null ? { inputLength: meanSquare } : { input }),
  };
  const found = predictNetworkLengths(asked);
  const across = initializer.kind === 'fixup' ? null : predictNetworkLengthVariance(asked);
  const kept = family === 'convolutional' ? keptShares(question, input) : [];
  const layers = found.map((layer, index): PredictedLayer => {
    const source = architecture.layers[index];
    const scale = source?.kind === 'residual' ? source.scale : null;
    return {
      layer: layer.layer,
      path: layer.path,
      kind: layer.kind,
      shape: layer.shape,
      scale: scale === null ? null : typeof scale === 'number' ? scale : scale.learned,
      kept: kept[index] ?? null,
      mean: times(layer.mean, inputLength),
      logMean: plus(layer.logMean, logInput),
      lower: times(layer.lower, inputLength),
      logLower: plus(layer.logLower, logInput),
      upper: times(layer.upper, inputLength),
      logUpper: plus(layer.logUpper, logInput),
      estimate: times(layer.estimate, inputLength),
      logEstimate: plus(layer.logEstimate, logInput),
      secondMoment: times(layer.secondMoment, inputLength * inputLength),
      relativeSecondMoment: layer.relativeSecondMoment,
      why: layer.why,
    };
  });
  return {
    ...question,
    inputLength,
    meanSquare,
    givenInput: input !== null,
    layers,
    lengthVariance: times(across, inputLength * inputLength),
    growth: family === 'residual' ? growthOf(question) : null,
    keptInTheEnd: family === 'convolutional' ? keptInTheEnd(question) : null,
    notes: notesOf(layers, family === 'residual' ? 'module' : 'layer'),
  };
}

function times(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

function plus(value: number | null, summand: number): number | null {
  return value === null ? null : value + summand;
}

/** What padding and stride leave of the mean, layer by layer. */
function keptShares(
  { architecture, named }: ArchitectureQuestion,
  input: readonly number[] | null,
): readonly (number | null)[] {
  const sizes = convolutionalSizesOf(architecture);
  if (sizes === null) return [];
  const { input: image, filters, kernel, stride, padding } = sizes;
  const energies = (numbers: readonly number[]) => {
    const pixels = new Float64Array(image.height * image.width);
    numbers.forEach((x, i) => {
      const pixel = Math.floor(i / image.channels);
      pixels[pixel] = (pixels[pixel] ?? 0) + (x * x) / image.channels;
    });
    return pixels;
  };
  return predictConvolutionLengths({
    input: image,
    layers: filters.map((channels) => ({ channels, kernel, stride, padding })),
    initializer: named.initializer,
    ...(input === null ? {} : { inputEnergy: energies(input) }),
  }).map(({ kept }) => (kept === null || Number.isNaN(kept) ? null : kept));
}

function keptInTheEnd({ architecture }: ArchitectureQuestion): number | null {
  const sizes = convolutionalSizesOf(architecture);
  if (sizes === null) return null;
  const { input, kernel, stride, padding } = sizes;
  const [size] = kernel;
  if (padding !== 'zero' || stride !== 1 || size !== kernel[1] || size % 2 === 0) return null;
  if (size === 1 || Math.max(input.height, input.width) > 1000) return null;
  return predictZeroPaddingShare({ height: input.height, width: input.width, kernel: size });
}

function growthOf({ architecture, named, scaling }: ArchitectureQuestion): PredictedGrowth | null {
  const sizes = residualSizesOf(architecture);
  if (sizes === null) return null;
  const { width, module, modules } = sizes;
  const rule = scaling?.rule ?? sizes.scale;
  const scales = residualScales(sizes.scale, modules);
  // Σ η says nothing where branches are subtracted.
  if (scales.some((scale) => scale < 0)) return null;
  // Its modules start at zero, whatever multiplies them.
  if (named.initializer.kind === 'fixup') return null;
  const growth = predictResidualGrowth({
    width,
    module: module === 'relu' ? { kind: 'relu' } : { kind: 'linear', hidden: [width] },
    scales,
    initializer: named.initializer,
  });
  return { ...growth, rule, limit: predictResidualLimit(rule, growth.decisive) };
}

/** Why there is no exact mean, once each, with the first layer it is said of. */
function notesOf(layers: readonly PredictedLayer[], unit: string): readonly string[] {
  const firstOf = new Map<string, number>();
  for (const { layer, why } of layers) if (why !== null && !firstOf.has(why)) firstOf.set(why, layer);
  return [...firstOf].map(([why, first]) => {
    const bounded = layers[first - 1]?.lower !== null;
    const what = bounded ? 'only bounds on meanLength' : 'no formula for meanLength';
    return `From ${unit} ${first} on there are ${what}: ${why.replace(/\.$/, '')}.`;
  });
}
