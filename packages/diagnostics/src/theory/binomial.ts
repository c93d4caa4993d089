/**
 * Binomial probabilities without factorials, powers or logarithms: from the most likely count outward by the ratio of
 * neighbors, then divided by their sum. No step cancels, so each is right to about n ulp for every n; what is below the
 * range of f64 is 0.
 */

/**
 * P(X = k) for k = 0 … n, X ~ Binomial(n, success).
 *
 * @param n integer ≥ 0
 * @param success in [0, 1]
 */
export function binomialProbabilities(n: number, success: number): Float64Array<ArrayBuffer> {
  const probabilities = new Float64Array(n + 1);
  const failure = 1 - success;
  const mode = Math.min(n, Math.floor((n + 1) * success));
  probabilities[mode] = 1;
  let sum = 1;
  let weight = 1;
  for (let k = mode; k < n && weight > 0; k++) {
    weight *= ((n - k) / (k + 1)) * (success / failure);
    probabilities[k + 1] = weight;
    sum += weight;
  }
  weight = 1;
  for (let k = mode; k > 0 && weight > 0; k--) {
    weight *= (k / (n - k + 1)) * (failure / success);
    probabilities[k - 1] = weight;
    sum += weight;
  }
  for (let k = 0; k <= n; k++) probabilities[k] = (probabilities[k] ?? 0) / sum;
  return probabilities;
}

/** P(X ≥ least) from `binomialProbabilities`, small terms first. 1 for least ≤ 0 and 0 beyond the end. */
export function upperTail(probabilities: Float64Array, least: number): number {
  if (least <= 0) return 1;
  const terms = probabilities.slice(Math.min(least, probabilities.length)).sort();
  return Math.min(
    1,
    terms.reduce((sum, term) => sum + term, 0),
  );
}
