/** How well a score parts two classes, whatever threshold is chosen. */
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

/** One net: its score before the first step and at the stage. */
export interface ScoredPair {
  readonly fresh: number;
  readonly trained: number;
}

/** The 97.5 % point of the standard normal law, and halvings that leave no digit open. */
const z95 = 1.959963984540054;
const halvings = 60;

/**
 * The area with a score interval of 95 %: the areas A for which |found − A| ≤ 1.96 √V(A), where V(A) is the variance of Mann and Whitney's
 * statistic for scores of exponential laws (Hanley & McNeil, Radiology 143, 1982, with mean class sizes). It holds near 1 as well, where
 * resamples of classes that are parted are parted, too, and their interval is a point. Both scores of a net come from one draw of weights;
 * where they go together the area scatters less, and the interval is wider than it need be.
 *
 * Source: Newcombe, Stat. Med. 25, 2006, 559–573, method 5.
 */
export function areaEstimate(pairs: readonly ScoredPair[]): Estimate {
  const value = areaUnderRoc(
    pairs.map(({ trained }) => trained),
    pairs.map(({ fresh }) => fresh),
  );
  const n = pairs.length;
  if (n < 2) return { value, low: null, high: null };
  const holds = (area: number) => {
    const pairsInCommon = (1 - area) / (2 - area) + area / (1 + area);
    const variance = (area * (1 - area) * (1 + (n - 1) * pairsInCommon)) / (n * n);
    return (value - area) * (value - area) <= z95 * z95 * variance;
  };
  /** Between `inside`, which holds, and `outside`, which does not or is the last area there is. */
  const end = (inside: number, outside: number) => {
    let [near, far] = [inside, outside];
    for (let i = 0; i < halvings; i++) {
      const middle = (near + far) / 2;
      if (holds(middle)) near = middle;
      else far = middle;
    }
    return near;
  };
  return { value, low: value === 0 ? 0 : end(value, 0), high: value === 1 ? 1 : end(value, 1) };
}
