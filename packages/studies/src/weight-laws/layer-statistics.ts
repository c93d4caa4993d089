/**
 * The law of one layer's weights in few numbers: the shape of its marginal, its scale, its spectrum. Small enough for a record, enough for
 * distances between laws.
 */
import { deriveKey, philox4x32, portableMath, type RandomKey } from '@kindling/core';
import { singularValues } from '@kindling/diagnostics';
import { encodeNumber, type JsonObject } from '../spec/canonical-json.js';
import type { NamedTensor } from '../zoo/checkpoints.js';

/** Quantiles of a shape. Two laws that differ only beyond the outermost, 1/128 of the weights at either end, look alike. */
export const shapeQuantiles = 64;
/** Most singular values of a record. */
export const spectrumQuantiles = 32;
/** Weights of the sample that stands for a whole net. */
export const pooledSample = 2048;
/** Purpose of the keys of that sample: "pool" in ASCII; none of the tree's own. */
const pooling = 0x70_6f_6f_6c;

/** Numbers to six decimals: far finer than any net's own scatter, and half as many bytes. */
const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

/** One layer. A net that diverged has numbers that are not finite: its shape and spectrum are then empty, and its scale is told as it is. */
export interface LayerLaw extends JsonObject {
  /** Quantiles of (w − mean)/deviation at (i + ½)/64, ascending. */
  readonly shape: readonly number[];
  /** ½ log of Var(w) · fan-in / 2, natural: 0 for He's. */
  readonly logScale: number | string;
  /** mean/deviation. */
  readonly shift: number | string;
  /** Excess kurtosis: 0 of a normal law. */
  readonly excessKurtosis: number | string;
  /** Singular values over their root mean square, descending: all of them, or 32 evenly spaced in rank, the first and the last among them. */
  readonly spectrum: readonly number[];
}

/** The law of a net's weights at one moment. */
export interface NetLaw extends JsonObject {
  /** By weight matrix, in the order of `listParameters`. */
  readonly layers: readonly LayerLaw[];
  /** Quantiles, as `LayerLaw.shape`, of 2,048 weights of the whole net, each standardized by its own layer: nets of any size alike. */
  readonly pooled: readonly number[];
}

/** The law of a layer. @param tensor finite or not */
export function layerLaw(tensor: NamedTensor): LayerLaw {
  const { rows, columns, values, fans } = tensor;
  const { mean, deviation, excessKurtosis } = momentsOf(values);
  const scale = portableMath.log(deviation * Math.sqrt((fans?.fanIn ?? rows) / 2));
  const usable = Number.isFinite(deviation) && deviation > 0;
  const sorted = usable ? Float64Array.from(values, (value) => (value - mean) / deviation).sort() : [];
  return {
    shape: usable ? evenQuantiles(sorted, shapeQuantiles) : [],
    logScale: encodeNumber(rounded(scale)),
    shift: encodeNumber(rounded(mean / deviation)),
    excessKurtosis: encodeNumber(rounded(excessKurtosis)),
    spectrum: usable ? spectrumOf(singularValues({ rows, columns, values })) : [],
  };
}

/**
 * The law of a net.
 *
 * @param tensors its parameters; only weights count
 * @param key of the sample of the whole net
 */
export function netLaw(tensors: readonly NamedTensor[], key: RandomKey): NetLaw {
  const weights = tensors.filter(({ kind }) => kind === 'weights');
  return { layers: weights.map(layerLaw), pooled: pooledQuantiles(weights, deriveKey(key, pooling)) };
}

/** Whether all of a net's numbers can be compared. */
export function isComparable({ layers, pooled }: NetLaw): boolean {
  return pooled.length > 0 && layers.every(({ shape }) => shape.length > 0);
}

function pooledQuantiles(weights: readonly NamedTensor[], key: RandomKey): readonly number[] {
  const moments = weights.map(({ values }) => momentsOf(values));
  if (moments.some(({ deviation }) => !(Number.isFinite(deviation) && deviation > 0))) return [];
  const total = weights.reduce((sum, { values }) => sum + values.length, 0);
  const sample = new Float64Array(pooledSample);
  for (let i = 0; i < pooledSample; i++) {
    const [word] = philox4x32([i, 0, key[2], key[3]], [key[0], key[1]]);
    let place = Math.floor((word / 2 ** 32) * total);
    let layer = 0;
    while (place >= (weights[layer]?.values.length ?? total))
      place -= weights[layer++]?.values.length ?? total;
    const { mean = 0, deviation = 1 } = moments[layer] ?? {};
    sample[i] = ((weights[layer]?.values[place] ?? 0) - mean) / deviation;
  }
  return evenQuantiles(sample.sort(), shapeQuantiles);
}

/** Moments about the mean, by two passes in f64. */
function momentsOf(values: ArrayLike<number>) {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i] as number;
  const mean = sum / count;
  let [squares, fourths] = [0, 0];
  for (let i = 0; i < count; i++) {
    const square = ((values[i] as number) - mean) * ((values[i] as number) - mean);
    squares += square;
    fourths += square * square;
  }
  const variance = squares / count;
  return {
    mean,
    deviation: Math.sqrt(variance),
    excessKurtosis: fourths / count / (variance * variance) - 3,
  };
}

/** Quantiles at (i + ½)/count, linear between order statistics at (k + ½)/n. @param sorted ascending, not empty */
export function evenQuantiles(sorted: ArrayLike<number>, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => rounded(quantileOfSorted(sorted, (i + 0.5) / count)));
}

/** The p-quantile, linear between order statistics at (k + ½)/n, constant beyond the ends. @param sorted ascending, not empty */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const last = sorted.length - 1;
  const position = Math.min(last, Math.max(0, p * sorted.length - 0.5));
  const lower = Math.floor(position);
  const [from, to] = [sorted[lower] ?? 0, sorted[Math.min(last, lower + 1)] ?? 0];
  return from + (position - lower) * (to - from);
}

function spectrumOf(descending: Float64Array): readonly number[] {
  const count = descending.length;
  let squares = 0;
  for (const value of descending) squares += value * value;
  const unit = Math.sqrt(squares / count);
  if (count <= spectrumQuantiles) return Array.from(descending, (value) => rounded(value / unit));
  return Array.from({ length: spectrumQuantiles }, (_, i) => {
    const position = ((count - 1) * i) / (spectrumQuantiles - 1);
    const lower = Math.floor(position);
    const [from, to] = [descending[lower] ?? 0, descending[Math.min(count - 1, lower + 1)] ?? 0];
    return rounded((from + (position - lower) * (to - from)) / unit);
  });
}
