/** The inverse of the normal law. */
import { portableMath } from '@kindling/core';
import { normalTwoSidedTail } from './normal-tail.js';

/**
 * x with P(z ≤ x) = share, z standard normal, to 10⁻¹² of itself or absolutely, far out too. Starts from Hastings' approximation
 * (Abramowitz & Stegun 26.2.23, 4.5 · 10⁻⁴) and takes three steps of Newton on the logarithm of the tail.
 *
 * @param share 0 … 1; −∞ and ∞ at its ends, NaN outside
 */
export function normalQuantile(share: number): number {
  if (share > 0.5) return -normalQuantile(1 - share);
  if (share === 0) return Number.NEGATIVE_INFINITY;
  if (!(share > 0)) return Number.NaN;
  const { log, exp } = portableMath;
  const wanted = log(share);
  const t = Math.sqrt(-2 * wanted);
  let size =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 3; step++) {
    // Below the middle the tail is more than half; there the two-sided one counts from the other side.
    const tail = size >= 0 ? normalTwoSidedTail(size) / 2 : 1 - normalTwoSidedTail(size) / 2;
    const density = exp(-(size * size) / 2) / Math.sqrt(2 * Math.PI);
    size += ((log(tail) - wanted) * tail) / density;
  }
  return -size;
}
