/** Shares of counted trials: their uncertainty, and how they compare with a probability from theory. */
import { InvalidArgumentError } from '@kindling/core';

/** The 97.5 % point of the standard normal law: two-sided intervals of 95 %. */
const z95 = 1.959963984540054;

/** A share of trials with its 95 % interval. A type, not an interface: summaries hold it as JSON. */
export type Share = {
  readonly count: number;
  readonly trials: number;
  /** count / trials. */
  readonly share: number;
  /** Ends of Wilson's 95 % interval, within 0 … 1. */
  readonly low: number;
  readonly high: number;
};

/**
 * `count` of `trials` with Wilson's score interval: the probabilities p for which |share − p| ≤ 1.96 √(p(1 − p)/trials). Unlike
 * share ± 1.96 errors it holds for small counts and near 0 and 1.
 *
 * @throws InvalidArgumentError unless 0 ≤ count ≤ trials and trials ≥ 1, both integers
 */
export function shareOf(count: number, trials: number): Share {
  if (
    !(
      Number.isSafeInteger(count) &&
      Number.isSafeInteger(trials) &&
      count >= 0 &&
      trials >= 1 &&
      count <= trials
    )
  ) {
    throw new InvalidArgumentError(
      `shareOf: ${count} of ${trials}; expected integers with 0 ≤ count ≤ trials and trials ≥ 1`,
    );
  }
  const share = count / trials;
  const square = z95 * z95;
  const center = (share + square / (2 * trials)) / (1 + square / trials);
  const half =
    (z95 / (1 + square / trials)) *
    Math.sqrt((share * (1 - share)) / trials + square / (4 * trials * trials));
  // Rounding must not leave an end a hair off the certain ends.
  return {
    count,
    trials,
    share,
    low: count === 0 ? 0 : Math.max(0, center - half),
    high: count === trials ? 1 : Math.min(1, center + half),
  };
}

/**
 * How far a share lies above a probability, in standard errors √(p(1 − p)/trials) of the latter; below is negative. Where
 * the probability is 0 or 1 there is no error: 0 if they agree, else infinite.
 */
export function deviationFrom({ share, trials }: Share, probability: number): number {
  const difference = share - probability;
  return difference === 0 ? 0 : difference / Math.sqrt((probability * (1 - probability)) / trials);
}
