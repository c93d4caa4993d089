/**
 * What theory says of the lengths of a network of any architecture with random weights: the recursions of dense, convolutional and
 * residual nets, put together layer by layer. Where the mean has no closed form it is null, a sentence says why, and proved bounds go
 * on; a batch normalization, whose output has the mean square 1 where every channel varies over the batch, makes it known again.
 *
 * Sources: Hanin & Rolnick (2018), Theorems 1 and 2; the rest is derived here, in the files of the parts.
 */
import {
  type Architecture,
  type Convolution,
  compileArchitecture,
  InvalidArgumentError,
  inputShape,
  isFlat,
  type Layer,
  layerShapes,
  type ParameterShape,
  portableMath,
  projectionOf,
  type TensorShape,
} from '@kindling/core';
import { type Initializer, type LayerShape, parameterLaws, type WeightLaw } from '@kindling/initializers';
import { hasBatchNormalization } from './batch-normalized.js';
import { wholeVariation } from './batch-variation.js';
import { checkNonNegative } from './check-numbers.js';
import { type EnergyMap, energyMap, logMeanOfEnergy, meanOfEnergy, uniformEnergy } from './energy-map.js';
import { checkLaw, hasNormalWeights, readLengthLaw, readShapesLaw, weightsOf } from './length-law.js';
import { walkMoments } from './length-moments.js';
import { insideBlock, passBlock } from './network-block.js';
import { type KnownActivations, passPlain, passWeights, type WeightsLaw } from './network-signal.js';
import { startStream } from './residual-relu.js';

/** A network and its input. */
export interface PredictNetworkOptions {
  /** Checked, as by `parseArchitecture`. */
  readonly architecture: Architecture;
  readonly initializer: Initializer | WeightLaw;
  /** The input itself: height · width · channels numbers, NHWC. Default: random, see `inputLength`. */
  readonly input?: ArrayLike<number> | undefined;
  /**
   * The mean square of a random input, > 0; default 1. Rows of numbers have a direction uniform on the sphere, images a direction
   * uniform on the sphere at every pixel. It matters beside biases and batch normalizations only. Not with `input`.
   */
  readonly inputLength?: number | undefined;
  /** Of a random image: the mean square of the channels at every pixel, row by row. Default `inputLength` everywhere. */
  readonly inputEnergy?: ArrayLike<number> | undefined;
}

/**
 * The length behind one layer of `architecture.layers`, a residual block being one: the mean square over units and pixels, divided by
 * the input's. ‖f_l‖² of a net whose layers have as many numbers as its input is this times ‖x‖². Beyond the range of f64 numbers are
 * 0 or Infinity, and the natural logarithms still stand.
 */
export interface NetworkPrediction {
  /** From 1. */
  readonly layer: number;
  /** `layers[0]`. */
  readonly path: string;
  readonly kind: Layer['kind'];
  readonly shape: TensorShape;
  /** E[M_l]/M_0 where it is exact, else null. */
  readonly mean: number | null;
  readonly logMean: number | null;
  /** Proved bounds; equal to the mean where that is exact. Null where the law of the weights has no formula. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly logLower: number | null;
  readonly logUpper: number | null;
  /** The mean, or an approximation; null where there is none. */
  readonly estimate: number | null;
  readonly logEstimate: number | null;
  /** E[M_l²]/M_0², for one input; null where it has no closed form. */
  readonly secondMoment: number | null;
  /** E[M_l²]/E[M_l]². */
  readonly relativeSecondMoment: number | null;
  readonly logRelativeSecondMoment: number | null;
  /** Why the mean is null; null where it is exact. */
  readonly why: string | null;
}

/**
 * E[M_l]/M_0 of every layer, bounds, and second moments. With g = Var(w) · fan-in/2, h = Var(b)/2, a the slope of the activation
 * below 0 (ReLU 0, linear 1) and m(p) the mean square of the channels at pixel p:
 *
 *     dense, conv2d:   E[m′(p)] = (1 + a²)(g · mean of E[m] over the window + h), zeros beyond the image
 *     flatten:         the same numbers; an activation by itself halves (1 + a²) a symmetric law
 *     residual:        E[m′] = E[s] + η² E[b] where the branch ends in a linear layer, the shortcut is a projection, or x is as likely as
 *                      −x and the branch begins with weights; else bounds, for a dense ReLU module those of `predictResidualLengths`
 *     normalization:   1, over a batch of 16 or more random inputs and up to 1 % for ε/(σ² + ε), where every channel certainly varies: behind
 *                      linear layers with Σ 1/fan-in ≤ ½ since the input or the last exact normalization, a ReLU only where channels
 *                      have means ≥ 0; not right behind a ReLU, which may have made a channel zero; else between 0 and 1
 *     pools:           bounds only: pixels depend on each other
 *     second moment:   dense ReLU layers at the beginning as `predictLengths`; then normal weights, zero biases, dense layers and blocks of
 *                      them that end in a linear layer
 *
 * @throws InvalidArgumentError for an architecture whose layers do not fit, an initializer out of range, or an input that cannot be
 */
export function predictNetworkLengths(options: PredictNetworkOptions): NetworkPrediction[] {
  const caller = 'predictNetworkLengths';
  const { architecture } = options;
  const { start, fourth } = readStart(caller, options);
  const laws = readLaws(caller, options);
  const spreads = denseSpreads(caller, options, fourth);
  const normalized = hasBatchNormalization(architecture.layers);
  const shapes = layerShapes(architecture, caller);
  const input = start.energy?.lower;
  let signal = start;
  const walk = { laws, next: 0 };
  return architecture.layers.map((layer, index) => {
    signal = passKnown(signal, layer, walk);
    const spread = spreads[index];
    if (spread !== undefined) signal = { ...signal, logSpread: spread };
    return {
      layer: index + 1,
      path: `layers[${index}]`,
      kind: layer.kind,
      shape: shapes[index] ?? signal.shape,
      ...describe(signal, input, normalized),
    };
  });
}

/** The laws of all matrices of weights, and which comes next. */
interface Walk {
  readonly laws: readonly WeightsLaw[];
  next: number;
}

function passKnown(signal: KnownActivations, layer: Layer, walk: Walk): KnownActivations {
  const { shape } = signal;
  const behind = shapeBehind(layer, shape);
  if (layer.kind === 'dense') return passWeights(signal, take(walk), layer.activation, behind, null);
  if (layer.kind === 'conv2d') {
    const { kernel, stride, padding } = layer;
    const convolution = { kernelHeight: kernel[0], kernelWidth: kernel[1], stride, padding };
    return passWeights(signal, take(walk), layer.activation, behind, convolution);
  }
  if (layer.kind !== 'residual') return passPlain(signal, layer, behind);
  const law = walk.laws[walk.next] ?? null;
  const branch = layer.branch.reduce((inner, each) => passKnown(inner, each, walk), insideBlock(signal));
  const shortcut =
    layer.shortcut === 'identity'
      ? signal
      : passWeights(signal, withoutBiases(take(walk)), 'linear', behind, projectionBetween(shape, behind));
  const scale = typeof layer.scale === 'number' ? layer.scale : layer.scale.learned;
  return passBlock({ input: signal, shortcut, branch, scale, layer, law });
}

function take(walk: Walk): WeightsLaw {
  const law = walk.laws[walk.next];
  walk.next += 1;
  if (law === undefined) throw new RangeError('there are more layers with weights than laws');
  return law;
}

/** Projections have none. */
function withoutBiases(law: WeightsLaw): WeightsLaw {
  return law.layer === null ? law : { ...law, layer: { ...law.layer, shift: 0 } };
}

function shapeBehind(layer: Layer, { height, width, channels }: TensorShape): TensorShape {
  const [shape] = layerShapes({ input: { height, width, channels }, layers: [layer] });
  return shape ?? { height, width, channels };
}

function projectionBetween(from: TensorShape, to: TensorShape): Convolution | null {
  return isFlat(from) && isFlat(to) ? null : projectionOf(from, to);
}

/** The law of every matrix of weights, in the order in which a network counts them. */
function readLaws(
  caller: string,
  { architecture, initializer }: PredictNetworkOptions,
): readonly WeightsLaw[] {
  checkLaw(caller, initializer);
  const shapes = compileArchitecture(architecture).parameters.flatMap(({ kind, fans }: ParameterShape) =>
    kind === 'weights' && fans !== null ? [fans] : [],
  );
  if (initializer.kind === 'fixup') {
    // A law for every matrix, by its place in its block.
    return parameterLaws(architecture, initializer, caller).flatMap((law, index) => {
      const shape = shapes[index];
      return shape === undefined ? [] : readMatrixLaws(law, [shape]);
    });
  }
  return readMatrixLaws(initializer, shapes);
}

function readMatrixLaws(
  initializer: Initializer | WeightLaw,
  shapes: readonly LayerShape[],
): readonly WeightsLaw[] {
  const { theory, layers } = readShapesLaw(initializer, shapes);
  const gaussian = hasNormalWeights(initializer);
  const centered = weightsOf(initializer)?.kind === 'delta-orthogonal';
  const why = theory.mean === true ? '' : theory.mean;
  return shapes.map((_, index) => {
    const layer = layers[index] ?? null;
    // Zeros are as good as normal numbers.
    return { layer, why, gaussian: gaussian || layer?.factor === 0, centered };
  });
}

/** The input's width and those of the dense ReLU layers a network begins with; the input's alone where images come in. */
export function leadingWidths({ input, layers }: Architecture): readonly number[] {
  const shape = inputShape(input);
  const widths = [shape.channels];
  for (const layer of layers) {
    if (layer.kind !== 'dense' || layer.activation !== 'relu' || !isFlat(shape)) break;
    widths.push(layer.units);
  }
  return widths;
}

/** log(E[M²]/E[M]²) of the dense ReLU layers at the beginning: any law that `predictLengths` knows. */
function denseSpreads(
  caller: string,
  { architecture, initializer }: PredictNetworkOptions,
  fourth: number,
): readonly (number | null)[] {
  const widths = leadingWidths(architecture);
  if (widths.length === 1) return [];
  const law = readLengthLaw(caller, initializer, widths);
  const known = law.theory.secondMoment === true;
  return walkMoments(law, 1, fourth).map(({ logRelativeSecondMoment }) =>
    known ? logRelativeSecondMoment : null,
  );
}

function describe(signal: KnownActivations, input: EnergyMap | undefined, normalized: boolean) {
  const { energy, why, logSpread } = signal;
  const logInput = input === undefined ? Number.NaN : logMeanOfEnergy(input);
  const relative = (map: EnergyMap | null | undefined) => {
    if (map == null || input === undefined) return { value: null, log: null };
    const log = logMeanOfEnergy(map) - logInput;
    const value = meanOfEnergy(map) / meanOfEnergy(input);
    return { value: Number.isFinite(value) && value > 0 ? value : portableMath.exp(log), log };
  };
  const lower = relative(energy?.lower);
  const upper = relative(energy?.upper);
  const estimate = relative(energy?.estimate);
  const exact = why === null && energy !== null;
  const second = exact && !normalized ? logSpread : null;
  return {
    mean: exact ? lower.value : null,
    logMean: exact ? lower.log : null,
    lower: lower.value,
    upper: upper.value,
    logLower: lower.log,
    logUpper: upper.log,
    estimate: estimate.value,
    logEstimate: estimate.log,
    secondMoment: second === null ? null : portableMath.exp(second + 2 * (lower.log ?? Number.NaN)),
    relativeSecondMoment: second === null ? null : portableMath.exp(second),
    logRelativeSecondMoment: second,
    why,
  };
}

/** What is known of the input, and (1/n₀) Σ x_i⁴ over its squared mean square. */
function readStart(
  caller: string,
  { architecture, input, inputLength, inputEnergy }: PredictNetworkOptions,
): { readonly start: KnownActivations; readonly fourth: number } {
  const shape = inputShape(architecture.input);
  const { height, width, channels } = shape;
  const pixels = height * width;
  const flat = isFlat(shape);
  const base = { shape, why: null, fresh: false, parity: 'odd', drift: 1, logSpread: 0 } as const;
  if (input !== undefined) {
    if (inputLength !== undefined || inputEnergy !== undefined) {
      throw new InvalidArgumentError(
        `${caller}: input beside inputLength or inputEnergy; expected the input alone`,
      );
    }
    const given = readInput(caller, input, pixels, channels);
    const stream = flat ? startStream({ ...given.cosine, positive: given.positive, symmetric: false }) : null;
    const energy = same(energyMap(given.energies));
    const start = {
      ...base,
      energy,
      symmetric: false,
      positive: given.positive,
      homogeneous: flat,
      stream,
      // One input does not vary.
      variation: null,
    };
    return { start, fourth: given.fourth };
  }
  const length = inputLength ?? 1;
  checkNonNegative(caller, 'inputLength', length);
  if (length === 0) throw new InvalidArgumentError(`${caller}: inputLength is 0; expected a number > 0`);
  const energy = same(
    inputEnergy === undefined ? uniformEnergy(pixels, length) : readEnergies(caller, inputEnergy, pixels),
  );
  const direction = { cosine: 0, cosineSquare: 1 / channels, positive: false, symmetric: true };
  const start: KnownActivations = {
    ...base,
    energy,
    symmetric: true,
    positive: false,
    homogeneous: inputEnergy === undefined || flat,
    stream: flat ? startStream(direction) : null,
    variation: wholeVariation,
  };
  return { start, fourth: (3 * channels) / (channels + 2) };
}

function same(map: EnergyMap) {
  return { lower: map, upper: map, estimate: map };
}

/** An input's energies, and of a flat one the moments that later layers need. */
function readInput(caller: string, input: ArrayLike<number>, pixels: number, channels: number) {
  if (input.length !== pixels * channels) {
    throw new InvalidArgumentError(
      `${caller}: input has ${input.length} numbers; expected ${pixels * channels}`,
    );
  }
  const energies = new Float64Array(pixels);
  let [sum, fourth, positive] = [0, 0, true];
  for (let i = 0; i < input.length; i++) {
    const x = input[i] ?? Number.NaN;
    const pixel = Math.floor(i / channels);
    energies[pixel] = (energies[pixel] ?? 0) + (x * x) / channels;
    sum += x;
    positive &&= x >= 0;
  }
  const square = energies.reduce((total, energy) => total + energy, 0) / pixels;
  if (!(square > 0 && Number.isFinite(square))) {
    throw new InvalidArgumentError(
      `${caller}: input has the mean square ${square}; expected a finite number > 0`,
    );
  }
  for (let i = 0; i < input.length; i++) {
    const share = ((input[i] ?? 0) * (input[i] ?? 0)) / square;
    fourth += (share * share) / input.length;
  }
  const cosine = sum / (input.length * Math.sqrt(square));
  return { energies, fourth, positive, cosine: { cosine, cosineSquare: cosine * cosine } };
}

function readEnergies(caller: string, inputEnergy: ArrayLike<number>, pixels: number): EnergyMap {
  if (inputEnergy.length !== pixels) {
    throw new InvalidArgumentError(
      `${caller}: inputEnergy has ${inputEnergy.length} numbers; expected one a pixel, ${pixels}`,
    );
  }
  const values = Float64Array.from(inputEnergy);
  values.forEach((energy, pixel) => {
    checkNonNegative(caller, `inputEnergy[${pixel}]`, energy);
  });
  const map = energyMap(values);
  if (!(map.mean > 0)) throw new InvalidArgumentError(`${caller}: inputEnergy is zero; expected some energy`);
  return map;
}
