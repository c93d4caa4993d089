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
import {
  type Convolution,
  convolutionGeometry,
  InvalidArgumentError,
  type Padding,
  portableMath,
} from '@kindling/core';
import type { Initializer, LayerShape, WeightLaw } from '@kindling/initializers';
import { checkCount, checkNonNegative } from './check-numbers.js';
import { readShapesLaw, weightsOf } from './length-law.js';

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
  let map = readEnergy('predictConvolutionLengths', options);
  let { height, width } = input;
  let mean = meanOf(map);
  // The map is measured in unit^units, so that no depth leaves the range of f64.
  let units = 0;
  return layers.map((layer, index) => {
    const convolution = convolutionOf(layer);
    const { border, ...size } = convolutionGeometry(convolution, height, width);
    const rows = axis(convolution.kernelHeight, convolution, height, size.height, border.top, centered);
    const columns = axis(convolution.kernelWidth, convolution, width, size.width, border.left, centered);
    const shape = {
      layer: index + 1,
      height: size.height,
      width: size.width,
      channels: layer.channels,
    };
    const found = law.layers[index];
    if (found === undefined) {
      ({ height, width } = size);
      return { ...shape, mean: null, logMean: null, kept: null };
    }
    const averaged = average(map, width, rows, columns);
    const before = mean;
    const kept = meanOf(averaged) / before;
    const shift = inUnits(found.shift, -units);
    map = averaged.map((energy) => found.factor * energy + shift);
    mean = meanOf(map);
    ({ height, width } = size);
    const step = mean > unit ? 1 : mean > 0 && mean < 1 / unit ? -1 : 0;
    if (step !== 0) {
      map = map.map((energy) => (step > 0 ? energy / unit : energy * unit));
      mean = meanOf(map);
      units += step;
    }
    const scaled = units;
    return {
      ...shape,
      mean: inUnits(mean, scaled),
      logMean: portableMath.log(mean) + scaled * logUnit,
      kept,
      ...(keepMaps ? { map: map.map((energy) => inUnits(energy, scaled)) } : {}),
    };
  });
}

const unit = 2 ** 300;
const logUnit = 300 * Math.LN2;

/** value · unit^units, which may leave the range of f64. */
function inUnits(value: number, units: number): number {
  let product = value;
  for (let i = 0; i < Math.abs(units) && product !== 0 && Number.isFinite(product); i++) {
    product = units > 0 ? product * unit : product / unit;
  }
  return product;
}

/** What one direction of a convolution reads for each of its outputs: places in the image, and what their sum is divided by. */
interface Axis {
  readonly places: readonly (readonly number[])[];
  readonly divisor: number;
}

function axis(
  kernel: number,
  { stride, padding }: Convolution,
  size: number,
  outputs: number,
  before: number,
  centered: boolean,
): Axis {
  const [from, to] = centered ? [(kernel - 1) / 2, (kernel + 1) / 2] : [0, kernel];
  const places = Array.from({ length: outputs }, (_, output) => {
    const read: number[] = [];
    for (let tap = from; tap < to; tap++) {
      const place = output * stride + tap - before;
      if (padding === 'circular') read.push(((place % size) + size) % size);
      else if (place >= 0 && place < size) read.push(place);
    }
    return read;
  });
  return { places, divisor: centered ? 1 : kernel };
}

/** (1/k²) Σ over windows, rows first: a window is a product of two intervals. */
function average(map: Float64Array, inputWidth: number, rows: Axis, columns: Axis): Float64Array {
  const width = columns.places.length;
  const area = rows.divisor * columns.divisor;
  const output = new Float64Array(rows.places.length * width);
  const line = new Float64Array(inputWidth);
  rows.places.forEach((read, i) => {
    line.fill(0);
    for (const row of read) {
      for (let j = 0; j < inputWidth; j++) line[j] = (line[j] ?? 0) + (map[row * inputWidth + j] ?? 0);
    }
    columns.places.forEach((places, j) => {
      let sum = 0;
      for (const place of places) sum += line[place] ?? 0;
      output[i * width + j] = sum / area;
    });
  });
  return output;
}

function meanOf(map: Float64Array): number {
  return map.reduce((sum, energy) => sum + energy, 0) / map.length;
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
