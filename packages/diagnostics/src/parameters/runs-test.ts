/** The runs test of Wald and Wolfowitz: do numbers above and below their median alternate as in random order? */
import { InvalidArgumentError } from '@kindling/core';
import { normalTwoSidedTail } from './normal-tail.js';

/** What the test found. */
export interface RunsTest {
  /** n₁: numbers above the split. */
  readonly above: number;
  /** n₂: numbers below it. Ties are in neither. */
  readonly below: number;
  /** Stretches of numbers on one side. */
  readonly runs: number;
  /** (R − μ)/σ, near a standard normal in random order. Negative: neighbors are alike, positive: they alternate. */
  readonly z: number;
  /** Two-sided, by the normal law. */
  readonly pValue: number;
}

/** Numbers that each side must have for the normal law to be near: the usual rule for this test. */
export const fewestOnASide = 10;

/**
 * The test from its counts: μ = 1 + 2n₁n₂/n, σ² = (μ − 1)(μ − 2)/(n − 1) = 2n₁n₂(2n₁n₂ − n)/(n²(n − 1)), n = n₁ + n₂. `null` where a
 * side has fewer than ten numbers. Source: Wald & Wolfowitz, Ann. Math. Stat. 11, 1940.
 *
 * @param runs at least 1, at most 2·min + 1
 */
export function runsTestOfCounts(above: number, below: number, runs: number): RunsTest | null {
  if (Math.min(above, below) < fewestOnASide) return null;
  const count = above + below;
  const excess = (2 * above * below) / count;
  const deviation = Math.sqrt((excess * (excess - 1)) / (count - 1));
  const z = (runs - 1 - excess) / deviation;
  return { above, below, runs, z, pValue: normalTwoSidedTail(z) };
}

/** The settings of `testRuns`. */
export interface TestRunsOptions {
  /**
   * What becomes of numbers equal to the median. `dropped`: as if they were not there, so that only what is truly above or below
   * counts. `below`: split into above and not above, for numbers of which half are equal, as the black pixels of an image. Default
   * `dropped`.
   */
  readonly ties?: 'dropped' | 'below';
}

/**
 * The test of any numbers in their order, split at their median (of an even number, halfway between the middle two). For the bits of
 * weights there is `testBits`. Takes a sorted copy.
 *
 * @returns `null` where a side has fewer than ten numbers
 * @throws InvalidArgumentError for NaN
 */
export function testRuns(
  values: ArrayLike<number>,
  { ties = 'dropped' }: TestRunsOptions = {},
): RunsTest | null {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  if (Number.isNaN(sorted[count - 1])) {
    throw new InvalidArgumentError('testRuns: values hold NaN; expected numbers — leave it out');
  }
  const [low, high] = [sorted[Math.floor((count - 1) / 2)] ?? 0, sorted[Math.floor(count / 2)] ?? 0];
  let [above, below, runs, last] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const value = values[i] as number;
    // Nothing lies between the middle two, so no halfway point is needed.
    const isAbove = low < high ? value >= high : value > high;
    if (!isAbove && ties === 'dropped' && low === high && value === low) continue;
    const side = isAbove ? 1 : -1;
    if (isAbove) above++;
    else below++;
    if (side !== last) runs++;
    last = side;
  }
  return runsTestOfCounts(above, below, runs);
}
