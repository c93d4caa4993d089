/** Statistics of a tensor in one pass and bounded memory. */
import type { ModelTensor } from '../model/model-tensor.js';
import { emptyMoments, type Moments, mergeMoments, momentsOf } from './moments.js';

/** Of the finite numbers of a tensor, unless said otherwise. */
export interface TensorSummary {
  /** All numbers. */
  readonly count: number;
  /** Σ w / n; NaN if none is finite. */
  readonly mean: number;
  /** Σ (w − mean)² / n; NaN if none is finite. */
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

/**
 * Moments are taken about the mean of blocks of 4,096 finite numbers, in f64, and merged in order (Chan, Golub & LeVeque 1979;
 * Pébay 2008), so neither a large mean nor many numbers cost digits. Same numbers in the same order, same bits.
 *
 * @throws ModelFormatError when the file's numbers cannot be read
 */
export async function summarizeTensor(
  tensor: Pick<ModelTensor, 'size' | 'chunks'>,
  { onProgress, maxFloats }: SummarizeOptions = {},
): Promise<TensorSummary> {
  const block = new Float64Array(blockSize);
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
      block[held++] = value;
      if (held === blockSize) {
        moments = mergeMoments(moments, momentsOf(block));
        held = 0;
      }
    }
    done += piece.length;
    onProgress?.({ done, total: tensor.size });
  }
  moments = mergeMoments(moments, momentsOf(block.subarray(0, held)));
  return { count: done, ...summaryOf(moments), min, max, zeros, nans, infinities };
}

function summaryOf({ count, mean, m2, m4 }: Moments) {
  if (count === 0) return { mean: Number.NaN, variance: Number.NaN, excessKurtosis: Number.NaN };
  return { mean, variance: m2 / count, excessKurtosis: (count * m4) / (m2 * m2) - 3 };
}
