/**
 * The exact law of one layer's factor M_j / E[M_j | M_{j−1}], zero biases. Gaussian weights: ξ = (2/n) χ²_K with
 * K ~ Binomial(n, ½) the neurons that are active. Orthogonal weights: the pre-activations are n coordinates of a
 * direction uniform on the sphere in N = max(fan-in, fan-out) dimensions, so ξ = (2N/n) Beta(K/2, (N − K)/2), the same
 * variable divided by an independent χ²_N / N. Factors of different layers are independent: lengths are products.
 */
import { portableMath } from '@kindling/core';
import { binomialProbabilities } from './binomial.js';
import { checkCount } from './check-numbers.js';
import { halfIntegerDigamma } from './half-integer-digamma.js';

/** Mean and variance of a natural logarithm, given that it is finite. */
export interface LogMoments {
  readonly mean: number;
  readonly variance: number;
}

/**
 * E[log ξ | ξ > 0] and Var[log ξ | ξ > 0] of a layer of `width` neurons, Gaussian weights, zero biases:
 *
 *     mean = Σ_{k≥1} P(K=k | K≥1) (log(2/n) + ψ(k/2) + log 2)                ≈ −5/(2n)
 *     variance = Σ_{k≥1} P(K=k | K≥1) ψ′(k/2) + Var ψ(K/2)                   ≈  5/n
 *
 * Their sums over the layers are the mean and variance of log M_d of the nets that are alive.
 *
 * @param width n, an integer from 1 to 1,000,000
 * @throws InvalidArgumentError for anything else
 */
export function predictLogLengthFactor(width: number): LogMoments {
  checkCount('predictLogLengthFactor', 'width', width, { most: 1_000_000 });
  const found = known.get(width);
  if (found !== undefined) return found;
  const { digamma, trigamma } = halfIntegerDigamma(width);
  const active = binomialProbabilities(width, 0.5);
  let alive = 0;
  let mean = 0;
  let spread = 0;
  for (let k = 1; k <= width; k++) {
    const probability = active[k] ?? 0;
    alive += probability;
    mean += probability * (digamma[k] ?? 0);
    spread += probability * (trigamma[k] ?? 0);
  }
  mean /= alive;
  let between = 0;
  for (let k = 1; k <= width; k++) {
    const deviation = (digamma[k] ?? 0) - mean;
    between += (active[k] ?? 0) * deviation * deviation;
  }
  const moments = {
    mean: portableMath.log(4 / width) + mean,
    variance: (spread + between) / alive,
  };
  known.set(width, moments);
  return moments;
}

/** A net has few different widths but is asked about often; pure, so what is kept can never be wrong. */
const known = new Map<number, LogMoments>();

/**
 * The same for orthogonal weights: log(χ²_N / N), of mean ψ(N/2) − log(N/2) and variance ψ′(N/2), is taken away.
 *
 * @param sphere N = max(fan-in, fan-out) ≥ width
 */
export function orthogonalLogLengthFactor(width: number, sphere: number): LogMoments {
  const gaussian = predictLogLengthFactor(width);
  const radius = logRadius(sphere);
  return { mean: gaussian.mean - radius.mean, variance: gaussian.variance - radius.variance };
}

/** Mean ψ(x) − log x and variance ψ′(x) of log(χ²_N / N), x = N/2; for large N by the series in 1/x to 10⁻¹⁵. */
function logRadius(sphere: number): LogMoments {
  const x = sphere / 2;
  if (sphere >= 4096) {
    const square = x * x;
    return {
      mean: -1 / (2 * x) - 1 / (12 * square),
      variance: 1 / x + 1 / (2 * square) + 1 / (6 * square * x),
    };
  }
  const { digamma, trigamma } = halfIntegerDigamma(sphere);
  return { mean: (digamma[sphere] ?? 0) - portableMath.log(x), variance: trigamma[sphere] ?? 0 };
}

/**
 * E[ξ^q] for q = 0 … 4: Gaussian weights, a layer of `width` neurons. ξ = (2/n) Σ y_i with y = ReLU(z)² of moments 1/2,
 * 3/2, 15/2 and 105/2; E[ξ²] = 1 + 5/n.
 */
export function lengthFactorMoments(width: number): readonly [1, 1, number, number, number] {
  const n = width;
  const scale = 2 / n;
  const pairs = n * (n - 1);
  const triples = pairs * (n - 2);
  const quadruples = triples * (n - 3);
  const third = 7.5 * n + 3 * pairs * 0.75 + triples / 8;
  const fourth = 52.5 * n + 4 * pairs * 3.75 + 3 * pairs * 2.25 + 6 * triples * 0.375 + quadruples / 16;
  return [1, 1, 1 + 5 / n, scale * scale * scale * third, scale * scale * scale * scale * fourth];
}

/** The same for orthogonal weights: E[ξ^q] divided by E[(χ²_N / N)^q] = Π_{i<q} (N + 2i)/N. */
export function orthogonalLengthFactorMoments(
  width: number,
  sphere: number,
): readonly [1, 1, number, number, number] {
  const [, , second, third, fourth] = lengthFactorMoments(width);
  const two = sphere / (sphere + 2);
  const three = two * (sphere / (sphere + 4));
  const four = three * (sphere / (sphere + 6));
  return [1, 1, second * two, third * three, fourth * four];
}
