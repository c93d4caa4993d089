/** Laws of a layer's weights, as plain JSON. What each delivers is the business of `effectiveVariance`. */
import type { Distribution } from './distribution.js';
import type { FanMode } from './layer-shape.js';

/** Independent weights of mean 0 and nominal variance scale / fan. */
export interface VarianceScaling {
  readonly kind: 'variance-scaling';
  readonly distribution: Distribution;
  /** Multiplies the variance (a *gain* would multiply the standard deviation). > 0. */
  readonly scale: number;
  readonly mode: FanMode;
  /** Of a Student-t law, > 2; default 5. */
  readonly degreesOfFreedom?: number;
}

/** Independent weights of mean 0 and a nominal variance that does not depend on the fans. */
export interface StatedVariance {
  readonly kind: 'stated-variance';
  readonly distribution: Distribution;
  /** > 0. */
  readonly variance: number;
  /** Of a Student-t law, > 2; default 5. */
  readonly degreesOfFreedom?: number;
}

/** Independent weights uniform on (low, high), whatever the fans unless told; the range need not be symmetric. */
export interface UniformRange {
  readonly kind: 'uniform-range';
  readonly low: number;
  /** > low. */
  readonly high: number;
  /** Divides both ends by √fan-in. Default: nothing does. */
  readonly dividedBy?: 'root-fan-in';
}

/** Every weight the same: zeros and ones among them. */
export interface ConstantValue {
  readonly kind: 'constant';
  readonly value: number;
}

/** `gain` where row = column, 0 elsewhere. */
export interface Identity {
  readonly kind: 'identity';
  readonly gain: number;
}

/**
 * A random matrix whose rows or columns, whichever are fewer, are orthonormal, times `gain`; Haar-distributed. Source:
 * Saxe, McClelland & Ganguli, ICLR 2014. A convolution's kernel is flattened to fan-in × channels first.
 */
export interface Orthogonal {
  readonly kind: 'orthogonal';
  /** Multiplies the matrix. > 0. */
  readonly gain: number;
}

/**
 * A convolution whose kernel is zero but for its center, an orthogonal map of the channels times `gain`; needs a kernel of
 * odd sides and at least as many output as input channels. Source: Xiao et al., ICML 2018, algorithm 1.
 */
export interface DeltaOrthogonal {
  readonly kind: 'delta-orthogonal';
  /** Multiplies the matrix. > 0. */
  readonly gain: number;
}

/**
 * Every unit reads only some of its inputs, with normal weights. Of its fan-in weights ⌈sparsity · fan-in⌉ are zero, at
 * random places, but one is always left. Source: Martens, ICML 2010.
 */
export interface Sparse {
  readonly kind: 'sparse';
  /** Share of zeros among each unit's inputs, 0 ≤ sparsity < 1. */
  readonly sparsity: number;
  /** Standard deviation of the weights that are not zero. > 0. */
  readonly deviation: number;
}

/** The law of a layer's weights. Plain JSON. */
export type WeightLaw =
  | VarianceScaling
  | StatedVariance
  | UniformRange
  | ConstantValue
  | Identity
  | Orthogonal
  | DeltaOrthogonal
  | Sparse;

/** Both ends of a range on a layer of this fan-in. */
export function rangeOf(
  { low, high, dividedBy }: UniformRange,
  fanIn: number,
): { readonly low: number; readonly high: number } {
  const divisor = dividedBy === undefined ? 1 : Math.sqrt(fanIn);
  return { low: low / divisor, high: high / divisor };
}

/** The zeros among each unit's inputs: ⌈sparsity · fan-in⌉, at most fan-in − 1. */
export function sparseZeros({ sparsity }: Sparse, fanIn: number): number {
  // 0.07 · 100 is 7.000000000000001 in f64: a product that is whole but for rounding counts as whole.
  return Math.min(fanIn - 1, Math.ceil(sparsity * fanIn - 1e-9));
}
