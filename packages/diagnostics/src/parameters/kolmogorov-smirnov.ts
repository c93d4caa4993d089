/** The one-sample test of Kolmogorov and Smirnov. */
import { portableMath } from '@kindling/core';
import { type LawShape, shapeShareBelow } from './law-shape.js';

/**
 * D = sup |F_n(x) − F(x)| for F a shape of this deviation. Ties, as half precision makes them, count as they stand.
 *
 * @param sorted ascending, at least one
 */
export function kolmogorovDistance(sorted: Float64Array, shape: LawShape, deviation: number): number {
  const count = sorted.length;
  let distance = 0;
  for (let i = 0; i < count; i++) {
    const share = shapeShareBelow(shape, (sorted[i] as number) / deviation);
    distance = Math.max(distance, share - i / count, (i + 1) / count - share);
  }
  return distance;
}

/** D in the units in which its law hardly depends on n: (√n + 0.12 + 0.11/√n) D (Stephens, JRSS B 32, 1970). */
export function scaledDistance(distance: number, count: number): number {
  const root = Math.sqrt(count);
  return (root + 0.12 + 0.11 / root) * distance;
}

/**
 * P(a larger D) where the law was known beforehand: Kolmogorov's limit 2 Σ (−1)^{k−1} exp(−2k²t²) at Stephens' t, good to a percent or
 * so of itself from n = 20 on.
 */
export function kolmogorovPValue(distance: number, count: number): number {
  const t = scaledDistance(distance, count);
  // Below this the sum is 1 to ten digits and needs many terms to say so.
  if (t < 0.27) return 1;
  let sum = 0;
  for (let k = 1; k <= 20; k++) {
    const term = portableMath.exp(-2 * k * k * t * t);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-16) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}
