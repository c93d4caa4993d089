/** Distribution functions and goodness-of-fit statistics, for tests of samplers. */

/** Φ(x) = ½ + φ(x) · (x + x³/3 + x⁵/(3·5) + …), good to f64 for |x| < 7. */
export function normalCdf(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** The law of a standard normal conditioned on |z| ≤ 2. */
export function truncatedNormalCdf(x: number): number {
  if (x <= -2) return 0;
  if (x >= 2) return 1;
  return (normalCdf(x) - normalCdf(-2)) / (normalCdf(2) - normalCdf(-2));
}

export function uniformCdf(x: number, low: number, high: number): number {
  return Math.min(1, Math.max(0, (x - low) / (high - low)));
}

/** Laplace of variance 1: the density falls with scale 1/√2. */
export function laplaceCdf(x: number): number {
  const tail = Math.exp(-Math.SQRT2 * Math.abs(x)) / 2;
  return x < 0 ? tail : 1 - tail;
}

/** Student's t of 5 degrees of freedom scaled to variance 1 (its own is 5/3): Abramowitz & Stegun 26.7.3. */
export function studentT5Cdf(x: number): number {
  const angle = Math.atan((x * Math.sqrt(5 / 3)) / Math.sqrt(5));
  const cosine = Math.cos(angle);
  return 0.5 + (angle + Math.sin(angle) * (cosine + (2 / 3) * cosine ** 3)) / Math.PI;
}

/** √n · sup |F_n − F|. */
export function kolmogorovSmirnov(values: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((x, i) => {
    const f = cdf(x);
    distance = Math.max(distance, f - i / n, (i + 1) / n - f);
  });
  return distance * Math.sqrt(n);
}

/**
 * The value √n · D exceeds with probability `falseAlarm` under the law tested, from the leading term of Kolmogorov's
 * series, 2 exp(−2x²).
 */
export function kolmogorovLimit(falseAlarm: number): number {
  return Math.sqrt(-Math.log(falseAlarm / 2) / 2);
}

/** Σ (observed − expected)² / expected. */
export function chiSquare(observed: readonly number[], expected: number): number {
  return observed.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** What χ² of `degrees` degrees of freedom exceeds with probability 1e-6: Wilson & Hilferty, 4.7534 being Φ's quantile. */
export function chiSquareLimit(degrees: number): number {
  return degrees * (1 - 2 / (9 * degrees) + 4.7534 * Math.sqrt(2 / (9 * degrees))) ** 3;
}
