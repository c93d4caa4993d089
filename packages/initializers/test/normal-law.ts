/** Distribution functions and the Kolmogorov–Smirnov statistic, for tests of samplers. */

/** Φ(x) = ½ + φ(x) · (x + x³/3 + x⁵/(3·5) + …), good to f64 for |x| < 7. */
export function normalCdf(x: number): number {
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
