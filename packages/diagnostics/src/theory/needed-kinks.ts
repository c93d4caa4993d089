/**
 * How wide a ReLU net of one input and one hidden layer must be for zero loss: a bound from below by the kinks the data force.
 *
 * Such a net of width n is a continuous function of straight pieces with at most n kinks. Let the points be in order of x, and d_i the
 * change of slope at point i of the line through all of them. Where d_i > 0 no function of straight pieces passes through points
 * i − 1, i and i + 1 without a kink to the convex side strictly between points i − 1 and i + 1; where d_i < 0, to the concave side.
 * Points i and j of one sign with |i − j| ≥ 2 have disjoint intervals, so a run of r neighbors of one sign forces ⌈r/2⌉ kinks, those of
 * different runs differ in place or in sign, and together they force Σ⌈r/2⌉. That many kinks are enough for some function of straight
 * pieces: two neighbors of one sign share the kink where the lines to their outer sides meet. A ReLU net may need one unit more than
 * kinks, for its slope on the left, and m − 1 units always do (`interpolateExactly`).
 */
import { InvalidArgumentError } from '@kindling/core';

/** A point of one input. */
export interface DataPoint {
  readonly x: number;
  readonly y: number;
}

/**
 * The fewest kinks of a continuous function of straight pieces through all points: no net with fewer ReLU units reaches zero loss.
 * 0 for fewer than three points; m − 2 at most, which zigzags need.
 *
 * @param points finite, of different x, in any order
 * @throws InvalidArgumentError for two points of one x, or numbers that are not finite
 */
export function countNeededKinks(points: readonly DataPoint[]): number {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  for (const [i, { x, y }] of sorted.entries()) {
    if (!(Number.isFinite(x) && Number.isFinite(y))) {
      throw new InvalidArgumentError(`countNeededKinks: a point is (${x}, ${y}); expected finite numbers`);
    }
    if (i > 0 && x === sorted[i - 1]?.x) {
      throw new InvalidArgumentError(
        `countNeededKinks: two points have x = ${x}; expected points that differ`,
      );
    }
  }
  const slopes = sorted.slice(1).map(({ x, y }, i) => {
    const before = sorted[i] ?? { x, y };
    return (y - before.y) / (x - before.x);
  });
  let kinks = 0;
  let run = 0;
  let sign = 0;
  for (let i = 1; i < slopes.length; i++) {
    const now = Math.sign((slopes[i] ?? 0) - (slopes[i - 1] ?? 0));
    if (now !== sign) run = 0;
    sign = now;
    if (now !== 0) {
      run += 1;
      // Every other point of a run opens a kink.
      kinks += run % 2;
    }
  }
  return kinks;
}
