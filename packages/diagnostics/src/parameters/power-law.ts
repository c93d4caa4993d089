/** Power laws of upper tails. */
import { InvalidArgumentError, portableMath } from '@kindling/core';

/** P(x) ~ x^−α from `start` on. */
export interface PowerLawFit {
  readonly alpha: number;
  /** (α − 1)/√tail, of α where `start` was known. */
  readonly standardError: number;
  /** x_min: the tail begins here. */
  readonly start: number;
  /** Numbers ≥ `start`. */
  readonly tail: number;
  /** Largest distance between the tail's shares and the fitted law's (Kolmogorov and Smirnov). */
  readonly distance: number;
}

/** Numbers that a tail must have. */
const fewestInTail = 10;

/**
 * The fit of Clauset, Shalizi & Newman (SIAM Review 51, 2009): for every start α̂ = 1 + k/Σ log(x_i/x_min) of the k numbers from it on, and of
 * all starts the one with the smallest distance. At least ten numbers stay in the tail. Takes n²/2 exponentials. The fit always gives
 * something: whether a power law is a good description, `distance` and comparisons with other laws say.
 *
 * @returns `null` where fewer than ten numbers are positive, or all in every tail are equal
 * @throws InvalidArgumentError for numbers that are NaN or infinite
 */
export function fitPowerLaw(values: ArrayLike<number>): PowerLawFit | null {
  const positive = Float64Array.from(values).filter((value) => {
    if (value - value !== 0) {
      throw new InvalidArgumentError(`fitPowerLaw: a value is ${value}; expected finite numbers`);
    }
    return value > 0;
  });
  const sorted = positive.sort();
  const logs = sorted.map((value) => portableMath.log(value));
  const count = sorted.length;
  let best: PowerLawFit | null = null;
  let sum = 0;
  for (let start = count - 1; start >= 0; start--) {
    const first = logs[start] as number;
    sum += first;
    const tail = count - start;
    // Of equal numbers the tail holds all.
    if (tail < fewestInTail || sorted[start - 1] === sorted[start]) continue;
    const excess = sum - tail * first;
    if (!(excess > 0)) continue;
    const alpha = 1 + tail / excess;
    const distance = tailDistance(logs, start, alpha, best?.distance ?? 1);
    if (best !== null && distance >= best.distance) continue;
    best = {
      alpha,
      standardError: (alpha - 1) / Math.sqrt(tail),
      start: sorted[start] as number,
      tail,
      distance,
    };
  }
  return best;
}

/** sup |F_n − F| over the tail; given up where it is `enough`. */
function tailDistance(logs: Float64Array, start: number, alpha: number, enough: number): number {
  const tail = logs.length - start;
  const first = logs[start] as number;
  let distance = 0;
  for (let i = 0; i < tail; i++) {
    const share = 1 - portableMath.exp((1 - alpha) * ((logs[start + i] as number) - first));
    distance = Math.max(distance, share - i / tail, (i + 1) / tail - share);
    if (distance >= enough) break;
  }
  return distance;
}
