/** Central moments of numbers, and how those of two groups become those of both. */

/** Sums of powers of the distance from the mean: m2 = Σ (x − mean)², and so on. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly m2: number;
  readonly m3: number;
  readonly m4: number;
}

export const emptyMoments: Moments = { count: 0, mean: 0, m2: 0, m3: 0, m4: 0 };

/** By two passes, in order. */
export function momentsOf(values: Float64Array): Moments {
  const count = values.length;
  if (count === 0) return emptyMoments;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i] as number;
  const mean = sum / count;
  let [rest, m2, m3, m4] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const distance = (values[i] as number) - mean;
    const square = distance * distance;
    rest += distance;
    m2 += square;
    m3 += square * distance;
    m4 += square * square;
  }
  // What rounding the mean left over (Chan, Golub & LeVeque, 1983).
  return { count, mean, m2: m2 - (rest * rest) / count, m3, m4 };
}

/** Pébay, Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical moments (2008). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const [p, q] = [a.count / count, b.count / count];
  const delta = b.mean - a.mean;
  const square = delta * delta;
  return {
    count,
    mean: a.mean + delta * q,
    m2: a.m2 + b.m2 + square * a.count * q,
    m3: a.m3 + b.m3 + square * delta * a.count * q * (p - q) + 3 * delta * (p * b.m2 - q * a.m2),
    m4:
      a.m4 +
      b.m4 +
      square * square * a.count * q * (p * p - p * q + q * q) +
      6 * square * (p * p * b.m2 + q * q * a.m2) +
      4 * delta * (p * b.m3 - q * a.m3),
  };
}
