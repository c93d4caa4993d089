/**
 * Means, standard errors and quantiles of plain numbers, summed in the order given, in f64: the same numbers in the
 * same order give the same bits.
 */
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';

/** Σ x / n. NaN for no numbers. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Σ (x − mean)² / (n − 1), by a second pass. NaN for fewer than two numbers. */
export function sampleVariance(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  const center = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - center) * (value - center);
  return sum / (values.length - 1);
}

/** √(sample variance / n): the standard error of the mean. NaN for fewer than two numbers. */
export function standardError(values: readonly number[]): number {
  return Math.sqrt(sampleVariance(values) / values.length);
}

/**
 * The p-quantile, 0 ≤ p ≤ 1, by linear interpolation between order statistics at position (n − 1)·p (Hyndman & Fan's
 * type 7). Infinite values are allowed; NaN and an empty list are refused.
 *
 * @throws InvalidArgumentError for an empty list, a NaN, or p outside [0, 1]
 */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0 || values.some(Number.isNaN)) {
    throw new InvalidArgumentError('quantile: expected at least one number and no NaN');
  }
  if (!(p >= 0 && p <= 1)) throw new InvalidArgumentError(`quantile: p is ${p}; expected 0 ≤ p ≤ 1`);
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * p;
  const lower = sorted[Math.floor(position)] ?? Number.NaN;
  const upper = sorted[Math.ceil(position)] ?? Number.NaN;
  const share = position - Math.floor(position);
  // Equal neighbors are returned as they are: ∞ − ∞ has no value.
  return share === 0 || lower === upper ? lower : lower + share * (upper - lower);
}

/** The middle value; half-way between the two middle ones of an even count. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
