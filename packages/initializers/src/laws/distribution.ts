/**
 * Shapes of the laws of single weights, all symmetric about 0. "He normal" means three things in the wild: untruncated
 * (PyTorch), truncated at 2σ with the variance restored (Keras, JAX) and truncated without restoring it (TensorFlow.js
 * 4.22, Keras before 2018). So truncation and restoring are part of a distribution's name here.
 */

/** Every `Distribution`, in the order in which messages list them. */
export const distributions = [
  'normal',
  'uniform',
  'truncated-normal',
  'truncated-normal-uncorrected',
  'laplace',
  'rademacher',
  'student-t',
] as const;

/**
 * The shape of a law. `truncated-normal` is cut at two standard deviations of its parent and widened so that the
 * variance is the nominal one; `truncated-normal-uncorrected` is cut and left so, and delivers 0.7737 of it. `rademacher`
 * is ±σ, each with probability ½. `student-t` has fat tails and is scaled to the nominal variance.
 */
export type Distribution = (typeof distributions)[number];

/** Degrees of freedom of a Student-t law that states none: the fewest whole ones at which the kurtosis is finite. */
export const defaultDegreesOfFreedom = 5;

/**
 * Moments of a standard normal cut at ±2. With a = 2, mass Z = Φ(a) − Φ(−a) and density φ(a):
 * variance 1 − 2aφ(a)/Z and fourth moment 3·variance − 2a³φ(a)/Z.
 */
export const truncatedNormalMoments = {
  /** P(|z| ≤ 2) = erf √2. */
  mass: 0.9544997361036416,
  /** Variance of what is left. */
  variance: 0.7737413035499232,
  /** Its square root: a parent of deviation σ / this delivers σ. */
  deviation: 0.8796256610342398,
  /** E[z⁴] / variance² − 3. */
  excessKurtosis: -0.6344632828703509,
} as const;

/** What of the nominal variance a distribution delivers: 1, but 0.7737 for the uncorrected truncated normal. */
export function deliveredShare(distribution: Distribution): number {
  return distribution === 'truncated-normal-uncorrected' ? truncatedNormalMoments.variance : 1;
}

/**
 * E[w⁴] / Var² − 3: normal 0, uniform −6/5, Laplace 3, Rademacher −2, Student-t 6/(ν − 4), which is Infinity for ν ≤ 4.
 *
 * @param degreesOfFreedom ν of a Student-t law; the others have none
 */
export function excessKurtosisOf(
  distribution: Distribution,
  degreesOfFreedom: number = defaultDegreesOfFreedom,
): number {
  switch (distribution) {
    case 'normal':
      return 0;
    case 'uniform':
      return -1.2;
    case 'truncated-normal':
    case 'truncated-normal-uncorrected':
      return truncatedNormalMoments.excessKurtosis;
    case 'laplace':
      return 3;
    case 'rademacher':
      return -2;
    case 'student-t':
      return degreesOfFreedom > 4 ? 6 / (degreesOfFreedom - 4) : Number.POSITIVE_INFINITY;
  }
}
