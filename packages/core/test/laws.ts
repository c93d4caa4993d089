/**
 * Tests of distributions. A threshold here is passed by chance, with right draws, at most once in 10^6 (`falseAlarm`); the
 * keys are fixed, so a test that passes once passes always until the numbers change.
 */
import { erf } from '../src/reference/index.js';

/** The probability that right draws fail one test. */
export const falseAlarm = 1e-6;

/** Standard errors that a normal statistic leaves with probability 5.7·10^−7. */
export const manyErrors = 5;

/** √n · D beyond this has probability `falseAlarm` (Kolmogorov's law: 2 e^(−2λ²), the next term is below 10^−24). */
export const kolmogorovThreshold = Math.sqrt(Math.log(2 / falseAlarm) / 2);

/** Φ(x). */
export function normalCdf(x: number): number {
  // Beyond ±5, 3·10^−7 of the mass is left: far below what a Kolmogorov test of 10^7 draws sees.
  if (Math.abs(x) > 5) return x < 0 ? 0 : 1;
  return (1 + erf(x / Math.SQRT2)) / 2;
}

/** Distribution function of a standard normal conditioned on |z| ≤ 2. */
export function truncatedNormalCdf(x: number): number {
  if (Math.abs(x) >= 2) return x < 0 ? 0 : 1;
  return (normalCdf(x) - normalCdf(-2)) / (normalCdf(2) - normalCdf(-2));
}

/**
 * √n · max |F_n − F| over `bins` equal steps of [low, high]: never above Kolmogorov's statistic, so his threshold holds, and
 * close below it, since F moves by little between steps.
 */
export function kolmogorov(
  values: Float32Array,
  cdf: (x: number) => number,
  [low, high]: readonly [number, number],
): number {
  const bins = 1 << 14;
  const counts = new Uint32Array(bins + 2);
  // Bin b + 1 holds values on [edge b, edge b + 1); bin 0 what is below, the last what is above.
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * bins);
    const at = Math.max(-1, Math.min(bins, bin)) + 1;
    counts[at] = Number(counts[at]) + 1;
  }
  let below = 0;
  let worst = 0;
  for (let b = 0; b <= bins; b++) {
    below += Number(counts[b]);
    const edge = low + ((high - low) * b) / bins;
    worst = Math.max(worst, Math.abs(below / values.length - cdf(edge)));
  }
  return Math.sqrt(values.length) * worst;
}

/** Σ (observed − expected)² / expected over equally likely cells. */
export function chiSquare(counts: ArrayLike<number>): number {
  const cells = Array.from(counts);
  const expected = cells.reduce((sum, count) => sum + count, 0) / cells.length;
  return cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** χ² of so many degrees of freedom exceeds this with probability `falseAlarm` (Wilson & Hilferty's cube). */
export function chiSquareThreshold(degrees: number): number {
  // Φ(4.7534) = 1 − 10^−6.
  const term = 2 / (9 * degrees);
  return degrees * (1 - term + 4.7534 * Math.sqrt(term)) ** 3;
}

/** Mean of f over the values. */
export function meanOf(values: Float32Array, f: (x: number) => number): number {
  let sum = 0;
  for (const value of values) sum += f(value);
  return sum / values.length;
}

/** Correlation of (x, y), taken from places `at(t)` of the values; √count times it is standard normal if they are independent. */
export function scaledCorrelation(
  values: Float32Array,
  count: number,
  at: (t: number) => readonly [number, number],
): number {
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  for (let t = 0; t < count; t++) {
    const [i, j] = at(t);
    const [x, y] = [Number(values[i]), Number(values[j])];
    sx += x;
    sy += y;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  const covariance = sxy / count - (sx / count) * (sy / count);
  const variances = (sxx / count - (sx / count) ** 2) * (syy / count - (sy / count) ** 2);
  return (Math.sqrt(count) * covariance) / Math.sqrt(variances);
}
