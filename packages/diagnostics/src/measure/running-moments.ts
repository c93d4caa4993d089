/**
 * Means and variances of a stream of numbers, updated one at a time (Welford, 1962): memory that does not grow with the
 * count, no cancellation, and a result that depends on the order alone.
 */

/** Sums over the numbers seen so far. */
export interface RunningMoments {
  count: number;
  mean: number;
  /** Σ (x − mean)². */
  squares: number;
}

/** No numbers yet. */
export function emptyMoments(): RunningMoments {
  return { count: 0, mean: 0, squares: 0 };
}

/** Takes one number in. Infinity or NaN makes the mean Infinity or NaN for good. */
export function addToMoments(moments: RunningMoments, x: number): void {
  moments.count += 1;
  if (!Number.isFinite(x) || !Number.isFinite(moments.mean)) {
    moments.mean += x;
    moments.squares = Number.NaN;
    return;
  }
  const before = x - moments.mean;
  moments.mean += before / moments.count;
  moments.squares += before * (x - moments.mean);
}

/** √(sample variance / count); null for fewer than two numbers, or where it has no finite value. */
export function standardErrorOf({ count, squares }: RunningMoments): number | null {
  if (count < 2) return null;
  const error = Math.sqrt(squares / (count - 1) / count);
  return Number.isFinite(error) ? error : null;
}
