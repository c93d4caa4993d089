/**
 * What theory says of the lengths of a convolutional ReLU net with random weights, pixel by pixel, for one fixed image. With
 * fan-in = input channels × kernel area, symmetric weights and biases, g = Var(w) · fan-in / 2 and m(p) the mean square of the
 * channels at pixel p,
 *
 *     E[m′(p)] = g (1/k²) Σ_{q in the window of p} E[m(q)] + Var(b)/2
 *
 * where pixels beyond the image are zero, the image again, or not asked for. Proof: given the layer before, a pre-activation is
 * symmetric with the variance Var(w) Σ_{window, channels} act² + Var(b), and ReLU halves its mean square. Channels do not
 * matter, only the map of energies. Source: Hanin & Rolnick (2018), Theorem 1, for convolutions; padding is derived here.
 */
import { type Convolution, InvalidArgumentError, type Padding } from '@kindling/core';
import type { Initializer, LayerShape, WeightLaw } from '@kindling/initializers';
import { checkCount, checkNonNegative } from './check-numbers.js';
import {
  averageEnergy,
  energyMap,
  logMeanOfEnergy,
  meanOfEnergy,
  ratioOfEnergies,
  scaleEnergy,
  valuesOfEnergy,
} from './energy-map.js';
import { readShapesLaw, weightsOf } from './length-law.js';
import { windowsOf } from './windows.js';

/** One ReLU layer of convolutions. */
export interface ConvolutionLayer {
  /** Of its output. */
  readonly channels: number;
  /** Height and width of the kernel, or both in one. */
  readonly kernel: number | readonly [height: number, width: number];
  /** Default 1. */
  readonly stride?: number;
  /** Default `zero`. */
  readonly padding?: Padding;
}

/** A net and its input. */
export interface PredictConvolutionOptions {
  readonly input: { readonly height: number; readonly width: number; readonly channels: number };
  readonly layers: readonly ConvolutionLayer[];
  readonly initializer: Initializer | WeightLaw;
  /** Mean square of the channels at every pixel of the input, row by row, each ≥ 0. Default: 1 everywhere. */
  readonly inputEnergy?: ArrayLike<number>;
  /** Whether predictions carry their maps. Default false. */
  readonly keepMaps?: boolean;
}

/** One layer's length: the mean square over pixels and channels; null where `convolutionTheory` says why. */
export interface ConvolutionPrediction {
  /** From 1; layer 0 would be the input. */
  readonly layer: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** E[M_j], the mean of E[m_j(p)] over the pixels; 0 or Infinity beyond the range of f64, where `logMean` still stands. */
  readonly mean: number | null;
  /** log E[M_j], natural; −Infinity where the mean is 0. */
  readonly logMean: number | null;
  /**
   * The mean over windows of (1/k²) Σ E[m_{j−1}(q)], over E[M_{j−1}]: 1 with circular padding and stride 1, below 1 with zero
   * padding: what is missing leaks at the border. E[M_j] = g · kept · E[M_{j−1}] + Var(b)/2. NaN behind a mean of 0.
   */
  readonly kept: number | null;
  /** E[m_j(p)], row by row, with `keepMaps`. */
  readonly map?: Float64Array;
}

/** Whether the mean has a formula: true, or why not. */
export function convolutionTheory(options: PredictConvolutionOptions): true | string {
  return readLaw('convolutionTheory', options).theory.mean;
}

/**
 * E[M_j] of every layer by the recursion above: exact, at h·w·(kernel height + kernel width) operations a layer. Orthogonal and
 * sparse weights have it too; of delta-orthogonal ones the window is its center.
 *
 * @throws InvalidArgumentError for sizes no convolution has, energies that do not fit the image, or that are negative
 */
export function predictConvolutionLengths(options: PredictConvolutionOptions): ConvolutionPrediction[] {
  const { input, layers, keepMaps = false } = options;
  const law = readLaw('predictConvolutionLengths', options);
  const centered = weightsOf(options.initializer)?.kind === 'delta-orthogonal';
  let map = energyMap(readEnergy('predictConvolutionLengths', options));
  let { height, width } = input;
  return layers.map((layer, index) => {
    const windows = windowsOf(convolutionOf(layer), height, width, centered);
    ({ height, width } = windows);
    const shape = { layer: index + 1, height, width, channels: layer.channels };
    const found = law.layers[index];
    if (found === undefined) return { ...shape, mean: null, logMean: null, kept: null };
    const averaged = averageEnergy(map, windows).least;
    const kept = ratioOfEnergies(averaged, map);
    map = scaleEnergy(averaged, found.factor, found.shift);
    const values = keepMaps ? valuesOfEnergy(map) : null;
    return {
      ...shape,
      mean: meanOfEnergy(map),
      logMean: logMeanOfEnergy(map),
      kept,
      ...(values === null ? {} : { map: values }),
    };
  });
}

function convolutionOf({ kernel, stride = 1, padding = 'zero' }: ConvolutionLayer): Convolution {
  const [kernelHeight, kernelWidth] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
  return { kernelHeight, kernelWidth, stride, padding };
}

function readLaw(caller: string, { input, layers, initializer }: PredictConvolutionOptions) {
  for (const [name, size] of Object.entries(input)) checkCount(caller, `input.${name}`, size);
  if (layers.length === 0) {
    throw new InvalidArgumentError(`${caller}: layers is empty; expected at least one`);
  }
  let channels = input.channels;
  const shapes = layers.map((layer, index): LayerShape => {
    checkCount(caller, `layers[${index}].channels`, layer.channels);
    const { kernelHeight, kernelWidth } = convolutionOf(layer);
    checkCount(caller, `layers[${index}].kernel`, kernelHeight);
    checkCount(caller, `layers[${index}].kernel`, kernelWidth);
    const area = kernelHeight * kernelWidth;
    const fanIn = channels * area;
    channels = layer.channels;
    return { fanIn, fanOut: channels * area, kernel: [kernelHeight, kernelWidth] };
  });
  return readShapesLaw(initializer, shapes);
}

function readEnergy(caller: string, { input, inputEnergy }: PredictConvolutionOptions): Float64Array {
  const pixels = input.height * input.width;
  if (inputEnergy === undefined) return new Float64Array(pixels).fill(1);
  if (inputEnergy.length !== pixels) {
    throw new InvalidArgumentError(
      `${caller}: inputEnergy has ${inputEnergy.length} numbers; expected ${input.height} × ${input.width} = ${pixels}`,
    );
  }
  const map = Float64Array.from(inputEnergy);
  map.forEach((energy, pixel) => {
    checkNonNegative(caller, `inputEnergy[${pixel}]`, energy);
  });
  return map;
}
