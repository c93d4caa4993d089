/** The cumulative normal law, for shares of nets whose logarithms are nearly normal. */
import { portableMath } from '@kindling/core';

/**
 * P(z ≤ x), z standard normal, to 7.5 · 10⁻⁸ absolute. Source: Abramowitz & Stegun, 26.2.17. 0 and 1 at ∓∞.
 */
export function normalShareBelow(x: number): number {
  const size = Math.abs(x);
  if (size > 40) return x < 0 ? 0 : 1;
  const t = 1 / (1 + 0.2316419 * size);
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (portableMath.exp((-size * size) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return x < 0 ? tail : 1 - tail;
}
