/** Means over a few runs and how well they are known. */
import { mean, sampleVariance } from '@kindling/core';

/** A mean over runs. A type, not an interface: summaries hold it as JSON. */
export type MeanInterval = {
  readonly mean: number;
  /** Ends of Student's 95 % interval; null of a single run, which says nothing of its scatter. */
  readonly low: number | null;
  readonly high: number | null;
  readonly runs: number;
};

/** The 97.5 % points of Student's law of 1 … 9 degrees of freedom. Source: Abramowitz & Stegun, table 26.10. */
const fewDegrees = [
  12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157,
];
const z = 1.959963984540054;

/**
 * The 97.5 % point of Student's law, to 10⁻⁴.
 *
 * Source: from ten degrees of freedom on the expansion of Abramowitz & Stegun 26.7.5.
 *
 * @param degrees of freedom, an integer ≥ 1
 */
export function studentPoint(degrees: number): number {
  const known = fewDegrees[degrees - 1];
  if (known !== undefined) return known;
  const square = z * z;
  const cube = z * square;
  const fifth = cube * square;
  const seventh = fifth * square;
  return (
    z +
    (cube + z) / (4 * degrees) +
    (5 * fifth + 16 * cube + 3 * z) / (96 * degrees * degrees) +
    (3 * seventh + 19 * fifth + 17 * cube - 15 * z) / (384 * degrees * degrees * degrees)
  );
}

/** The mean of independent runs with Student's 95 % interval, mean ± t · s/√n. @param values at least one, finite */
export function meanInterval(values: readonly number[]): MeanInterval {
  const runs = values.length;
  const center = mean(values);
  if (runs < 2) return { mean: center, low: null, high: null, runs };
  const half = studentPoint(runs - 1) * Math.sqrt(sampleVariance(values) / runs);
  return { mean: center, low: center - half, high: center + half, runs };
}
