/** Statistics of a tensor in one pass and bounded memory. */
import type { ModelTensor } from '../model/model-tensor.js';
import { emptyMoments, type Moments, mergeMoments, momentsOf } from './moments.js';

/** Of the finite numbers of a tensor, unless said otherwise. */
export interface TensorSummary {
  /** All numbers. */
  readonly count: number;
  /** Σ w / n; NaN if none is finite. */
  readonly mean: number;
  /** Σ (w − mean)² / n; NaN if none is finite, 0 if all are equal, ∞ or 0 where it is beyond f64. */
  readonly variance: number;
  /** n Σ (w − mean)⁴ / (Σ (w − mean)²)² − 3: 0 for a normal law, −1.2 for a uniform one. NaN where the variance is 0. */
  readonly excessKurtosis: number;
  /** ∞ if none is finite. */
  readonly min: number;
  /** −∞ if none is finite. */
  readonly max: number;
  /** Numbers that are 0 or −0. */
  readonly zeros: number;
  readonly nans: number;
  /** Numbers that are ∞ or −∞. */
  readonly infinities: number;
}

export interface SummarizeOptions {
  /** Called behind every piece. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Numbers that are read at once; the result does not depend on it. Default 2¹⁸. */
  readonly maxFloats?: number;
}

/** Numbers whose moments are taken at once. Part of the result's bits. */
const blockSize = 4096;

/** Fourth powers of numbers beyond this, or all below its inverse, are beyond f64: these are scaled, for which they are read twice. */
const mostUnscaled = 2 ** 200;
const mostScale = 2 ** 1000;

/**
 * Moments are taken about the mean of blocks of 4,096 finite numbers, in f64, and merged in order (Chan, Golub & LeVeque 1979;
 * Pébay 2008), of their distances from the first number, so neither a large mean nor many numbers cost digits. Same numbers in the
 * same order, same bits. A tensor of numbers beyond 2²⁰⁰, or all below 2⁻²⁰⁰, is read twice.
 *
 * @throws ModelFormatError when the file's numbers cannot be read
 */
export async function summarizeTensor(
  tensor: Pick<ModelTensor, 'size' | 'chunks'>,
  { onProgress, maxFloats }: SummarizeOptions = {},
): Promise<TensorSummary> {
  const plain = await onePass(tensor, 1, maxFloats, onProgress);
  const most = Math.max(Math.abs(plain.min), Math.abs(plain.max));
  const isUsual = most <= mostUnscaled && most >= 1 / mostUnscaled;
  // Of no finite number, the extremes are infinite.
  if (isUsual || most === 0 || most === Number.POSITIVE_INFINITY) return plain;
  return onePass(tensor, scaleOf(most), maxFloats, undefined);
}

/** The power of two that brings a number next to 1, at most 2¹⁰⁰⁰. */
function scaleOf(most: number): number {
  let scale = 1;
  while (most * scale > 1) scale /= 2;
  while (most * scale < 0.5 && scale < mostScale) scale *= 2;
  return scale;
}

async function onePass(
  tensor: Pick<ModelTensor, 'size' | 'chunks'>,
  scale: number,
  maxFloats: number | undefined,
  onProgress: SummarizeOptions['onProgress'],
): Promise<TensorSummary> {
  const block = new Float64Array(blockSize);
  let first = Number.NaN;
  let moments = emptyMoments;
  let [held, done, zeros, nans, infinities] = [0, 0, 0, 0, 0];
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for await (const piece of tensor.chunks(maxFloats)) {
    for (let i = 0; i < piece.length; i++) {
      const value = piece[i] as number;
      // NaN and infinities are the only numbers whose difference with themselves is not 0.
      if (value - value !== 0) {
        if (Number.isNaN(value)) nans++;
        else infinities++;
        continue;
      }
      if (value === 0) zeros++;
      if (value < min) min = value;
      if (value > max) max = value;
      if (Number.isNaN(first)) first = value * scale;
      block[held++] = value * scale - first;
      if (held === blockSize) {
        moments = mergeMoments(moments, momentsOf(block));
        held = 0;
      }
    }
    done += piece.length;
    onProgress?.({ done, total: tensor.size });
  }
  moments = mergeMoments(moments, momentsOf(block.subarray(0, held)));
  return { count: done, ...summaryOf(moments, first, scale, min === max), min, max, zeros, nans, infinities };
}

/** @param first the number whose distances the moments are of, scaled */
function summaryOf({ count, mean, m2, m4 }: Moments, first: number, scale: number, isConstant: boolean) {
  if (count === 0) return { mean: Number.NaN, variance: Number.NaN, excessKurtosis: Number.NaN };
  // By definition, whatever rounding a mean would leave.
  if (isConstant) return { mean: first / scale + 0, variance: 0, excessKurtosis: Number.NaN };
  const variance = m2 / count / scale / scale;
  return { mean: (mean + first) / scale, variance, excessKurtosis: (count * m4) / (m2 * m2) - 3 };
}
