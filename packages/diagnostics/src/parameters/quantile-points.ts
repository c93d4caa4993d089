/** The points of a quantile–quantile plot: numbers in order beside where a law would have them. */
import { InvalidArgumentError, portableMath } from '@kindling/core';
import { betaQuantile } from './fitting/incomplete-beta.js';

/** Points that a figure gets; of more numbers the outermost are all there. */
export const mostQuantilePoints = 240;

/** A number of the sample and its place under the law. */
export interface QuantilePoint {
  /** Its place in the order, from 1. */
  readonly rank: number;
  /** The number. */
  readonly found: number;
  /** The law's quantile at (rank − ½)/n. */
  readonly expected: number;
  /** Where the number of this rank lies in 95 of 100 samples of the law, each rank by itself. */
  readonly low: number;
  readonly high: number;
}

/** Numbers at each end that are always shown: tails are what the plot is for. */
const fromEachEnd = 30;
const [lowShare, highShare] = [0.025, 0.975];

/**
 * Points of the numbers of some ranks: all where there are at most `most`; else the 30 at each end, and between them as many as are left or
 * fewer, evenly spaced in log(p/(1 − p)) of p = (rank − ½)/n, which spreads them over the plot. The band comes from the law of order statistics: F(x_(i)) is Beta(i, n − i + 1).
 *
 * @param sorted ascending, at least one, all finite
 * @param quantile of the law: x with P(w ≤ x) = share, such as `densityLawQuantile` or `shapeQuantile`
 * @param most an integer ≥ 62; default 240
 * @throws InvalidArgumentError for no numbers, or `most` out of range
 */
export function quantilePoints(
  sorted: Float64Array,
  quantile: (share: number) => number,
  most = mostQuantilePoints,
): readonly QuantilePoint[] {
  const count = sorted.length;
  if (count === 0) {
    throw new InvalidArgumentError('quantilePoints: there are no numbers; expected at least one');
  }
  if (!Number.isSafeInteger(most) || most < 2 * fromEachEnd + 2) {
    throw new InvalidArgumentError(
      `quantilePoints: most is ${most}; expected an integer ≥ ${2 * fromEachEnd + 2}`,
    );
  }
  return ranksOf(count, most).map((rank) => ({
    rank,
    found: sorted[rank - 1] as number,
    expected: quantile((rank - 0.5) / count),
    low: quantile(betaQuantile(lowShare, rank, count - rank + 1)),
    high: quantile(betaQuantile(highShare, rank, count - rank + 1)),
  }));
}

function ranksOf(count: number, most: number): readonly number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i + 1);
  const { log, exp } = portableMath;
  const [first, between] = [fromEachEnd + 1, most - 2 * fromEachEnd];
  const end = log((count - first + 0.5) / (first - 0.5));
  const middle = Array.from({ length: between }, (_, i) => {
    const share = 1 / (1 + exp(end * (1 - (2 * i) / (between - 1))));
    return Math.min(count - fromEachEnd, Math.max(first, Math.round(share * count + 0.5)));
  });
  return [
    ...Array.from({ length: fromEachEnd }, (_, i) => i + 1),
    ...new Set(middle),
    ...Array.from({ length: fromEachEnd }, (_, i) => count - fromEachEnd + i + 1),
  ];
}
