/**
 * The probability that one ReLU neuron is dead: its pre-activation w·x + b is ≤ 0 on the whole ball of radius r around
 * the origin, (w, b) independent standard normal in R^{d+1} (Shin & Karniadakis, 2020, arXiv 1907.09696; Lu, Shin, Su &
 * Karniadakis, 2020). It is the share of directions within arctan(1/r) of the axis −b:
 *
 *     p_d(r) = Γ((d+1)/2) / (√π Γ(d/2)) · ∫₀^{arctan(1/r)} sin^{d−1} u du
 *
 * which is ½ I_x(d/2, ½), the regularized incomplete beta function at x = 1/(1 + r²).
 */
import { portableMath } from '@kindling/core';
import { checkCount, checkNonNegative } from './check-numbers.js';

/** A ball: where the neuron's inputs lie. */
export interface BallDomain {
  /** d, the dimension of the inputs: 1 to 1,000,000. */
  readonly inputDimension: number;
  /** r ≥ 0. Weights and biases share one deviation; if they do not, r · deviation(w) / deviation(b): Infinity without biases. */
  readonly radius: number;
}

/**
 * p_d(r), the probability that a neuron of the first layer with Gaussian weights and biases of one variance is dead on
 * the ball. p₁(r) = arctan(1/r)/π, p₂(r) = (1 − r/√(1 + r²))/2, p_d(0) = ½, p_d(∞) = 0. Right to 10⁻¹² relative for
 * d ≤ 1000; below the range of f64 it is 0.
 *
 * @throws InvalidArgumentError for a dimension or radius out of range
 */
export function predictDeadProbability(domain: BallDomain): number {
  checkBall('predictDeadProbability', domain);
  const { inputDimension, radius } = domain;
  if (radius === 0) return 0.5;
  if (radius === Number.POSITIVE_INFINITY) return 0;
  const d = inputDimension;
  // sin² and cos² of the angle arctan(1/r), each without cancellation, whichever of r and 1/r is in range squared.
  const inverse = 1 / radius;
  const large = radius > 1;
  const sine = large ? (inverse * inverse) / (1 + inverse * inverse) : 1 / (1 + radius * radius);
  const cosine = large ? 1 / (1 + inverse * inverse) : (radius * radius) / (1 + radius * radius);
  // Not the logarithm of `sine`, which underflows where the probability of few inputs does not.
  const logSine = large
    ? -2 * portableMath.log(radius) - portableMath.log(1 + inverse * inverse)
    : -portableMath.log(1 + radius * radius);
  // sin^d · cos · Γ((d+1)/2) / (√π Γ(d/2)): both series start from it.
  const factor = portableMath.exp((d / 2) * logSine) * Math.sqrt(cosine) * gammaRatio(d);
  // The series in sin² converges like a geometric one; near sin² = 1 the one in cos² is the shorter, and p is not small.
  if (sine < (d / 2 + 1) / (d / 2 + 2.5)) {
    return (factor / d) * hypergeometricSum((d + 1) / 2, d / 2 + 1, sine);
  }
  return 0.5 - factor * hypergeometricSum((d + 1) / 2, 1.5, cosine);
}

/**
 * @throws InvalidArgumentError for a dimension that is no integer from 1 to 1,000,000, or a radius that is NaN or negative
 */
export function checkBall(caller: string, { inputDimension, radius }: BallDomain): void {
  checkCount(caller, 'inputDimension', inputDimension, { most: 1_000_000 });
  if (radius !== Number.POSITIVE_INFINITY) checkNonNegative(caller, 'radius', radius);
}

/** Σ_{k≥0} (a)_k / (b)_k · z^k, positive terms, 0 ≤ z < 1. */
function hypergeometricSum(a: number, b: number, z: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 0; term > sum * 1e-17; k++) {
    term *= ((a + k) / (b + k)) * z;
    sum += term;
  }
  return sum;
}

/** Γ((d+1)/2) / (√π Γ(d/2)) by its step of two: 1/π for d = 1, ½ for d = 2, then × (d + 1)/d. */
function gammaRatio(dimension: number): number {
  let ratio = dimension % 2 === 1 ? 1 / Math.PI : 0.5;
  for (let d = dimension % 2 === 1 ? 1 : 2; d < dimension; d += 2) ratio *= (d + 1) / d;
  return ratio;
}
