/** How well a score parts two classes, whatever threshold is chosen. */
import { deriveKey, philox4x32, quantile, type RandomKey } from '@kindling/core';
import type { Estimate } from './bootstrap.js';

/** A point of the curve: at some threshold, the share of negatives and of positives at or above it. */
export interface RocPoint {
  readonly falsePositives: number;
  readonly truePositives: number;
}

/**
 * P(a positive's score is above a negative's) + P(they are equal)/2: the area under the curve, as Mann and Whitney count it. NaN where a
 * class is empty.
 */
export function areaUnderRoc(positives: readonly number[], negatives: readonly number[]): number {
  const sorted = Float64Array.from(negatives).sort();
  let sum = 0;
  for (const score of positives) sum += countBelow(sorted, score, false) + countBelow(sorted, score, true);
  return sum / (2 * positives.length * negatives.length);
}

/** How many of ascending numbers are below x, or equal to it too. */
function countBelow(sorted: Float64Array, x: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] as number;
    if (value < x || (orEqual && value === x)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The curve from (0, 0) to (1, 1), one point a threshold; only corners. */
export function rocCurve(positives: readonly number[], negatives: readonly number[]): readonly RocPoint[] {
  const all = [
    ...positives.map((score) => ({ score, positive: true })),
    ...negatives.map((score) => ({ score, positive: false })),
  ].sort((a, b) => b.score - a.score);
  const points: RocPoint[] = [{ falsePositives: 0, truePositives: 0 }];
  let [truths, falses] = [0, 0];
  all.forEach(({ score, positive }, i) => {
    if (positive) truths++;
    else falses++;
    if (all[i + 1]?.score === score) return;
    points.push({
      falsePositives: falses / negatives.length,
      truePositives: truths / positives.length,
    });
  });
  return points.filter((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (before === undefined || after === undefined) return true;
    const flat = before.truePositives === point.truePositives && point.truePositives === after.truePositives;
    const steep =
      before.falsePositives === point.falsePositives && point.falsePositives === after.falsePositives;
    return !flat && !steep;
  });
}

/** Purpose of the keys: "roc " in ASCII. */
const resampling = 0x72_6f_63_20;

/** One net: its score before the first step and at the stage. */
export interface ScoredPair {
  readonly fresh: number;
  readonly trained: number;
}

/**
 * The area with a percentile interval of 95 % over resamples of the nets; both scores of a net are drawn together, as they were
 * made from one draw of weights.
 *
 * @param resamples default 500
 */
export function areaEstimate(pairs: readonly ScoredPair[], key: RandomKey, resamples = 500): Estimate {
  const area = (chosen: readonly ScoredPair[]) =>
    areaUnderRoc(
      chosen.map(({ trained }) => trained),
      chosen.map(({ fresh }) => fresh),
    );
  const value = area(pairs);
  if (pairs.length < 2) return { value, low: null, high: null };
  const found = Array.from({ length: resamples }, (_, resample) => {
    const words = deriveKey(key, resampling, resample);
    return area(
      pairs.map((_, i) => {
        const [word] = philox4x32([i, 0, words[2], words[3]], [words[0], words[1]]);
        return pairs[Math.floor((word / 2 ** 32) * pairs.length)] as ScoredPair;
      }),
    );
  });
  return { value, low: quantile(found, 0.025), high: quantile(found, 0.975) };
}
