/** The shapes of laws that weights are tested against, all symmetric about 0, each with one number for its scale. */
import { portableMath } from '@kindling/core';
import { truncatedNormalMoments } from '@kindling/initializers';
import { normalShareBelow } from '../verdict/normal-law.js';
import { normalQuantile } from './normal-quantile.js';
import { normalTwoSidedTail } from './normal-tail.js';

/** Every `LawShape`. */
export const lawShapes = ['normal', 'uniform', 'truncated-normal', 'laplace'] as const;

/** `truncated-normal` is cut at two deviations of its parent; whether that was made up for is a matter of the scale. */
export type LawShape = (typeof lawShapes)[number];

/** A law: a shape, and the standard deviation that it has. */
export interface TestedLaw {
  readonly shape: LawShape;
  /** Of the law itself, > 0: of a truncated one what is left of its parent's. */
  readonly deviation: number;
}

/** E[w⁴] / Var² − 3. */
export const shapeKurtosis: Readonly<Record<LawShape, number>> = {
  normal: 0,
  uniform: -1.2,
  'truncated-normal': truncatedNormalMoments.excessKurtosis,
  laplace: 3,
};

/** Largest size of a number, in deviations. f32 rounds the end by 2⁻²⁴ of itself, half precision by 2⁻⁹. */
export const shapeReach: Readonly<Record<LawShape, number>> = {
  normal: Number.POSITIVE_INFINITY,
  uniform: Math.sqrt(3),
  'truncated-normal': 2 / truncatedNormalMoments.deviation,
  laplace: Number.POSITIVE_INFINITY,
};

const tail = (1 - truncatedNormalMoments.mass) / 2;

/** P(w ≤ x·deviation). */
export function shapeShareBelow(shape: LawShape, x: number): number {
  switch (shape) {
    case 'normal':
      return normalShareBelow(x);
    case 'uniform':
      return clamp(0.5 + x / (2 * Math.sqrt(3)));
    case 'truncated-normal':
      return clamp(
        (normalShareBelow(x * truncatedNormalMoments.deviation) - tail) / truncatedNormalMoments.mass,
      );
    case 'laplace': {
      const half = portableMath.exp(-Math.SQRT2 * Math.abs(x)) / 2;
      return x < 0 ? half : 1 - half;
    }
  }
}

/** P(w > size·deviation), size ≥ 0: at most ½, and all its digits far out, which `shapeShareBelow` does not keep. */
export function shapeUpperTail(shape: LawShape, size: number): number {
  switch (shape) {
    case 'normal':
      return normalTwoSidedTail(size) / 2;
    case 'uniform':
      return Math.max(0, 0.5 - size / (2 * Math.sqrt(3)));
    case 'truncated-normal': {
      const parent = normalTwoSidedTail(size * truncatedNormalMoments.deviation) / 2;
      return Math.max(0, (parent - tail) / truncatedNormalMoments.mass);
    }
    case 'laplace':
      return portableMath.exp(-Math.SQRT2 * size) / 2;
  }
}

/** x in deviations with P(w ≤ x·deviation) = share: −∞ and ∞ at 0 and 1 where the law has no ends, NaN outside of 0 … 1. */
export function shapeQuantile(shape: LawShape, share: number): number {
  if (!(share >= 0 && share <= 1)) return Number.NaN;
  switch (shape) {
    case 'normal':
      return normalQuantile(share);
    case 'uniform':
      return Math.sqrt(3) * (2 * share - 1);
    case 'truncated-normal':
      return share === 0 || share === 1
        ? (2 * share - 1) * shapeReach[shape]
        : normalQuantile(tail + share * truncatedNormalMoments.mass) / truncatedNormalMoments.deviation;
    case 'laplace':
      return ((share < 0.5 ? 1 : -1) * portableMath.log(2 * Math.min(share, 1 - share))) / Math.SQRT2;
  }
}

/** log of the density at x·deviation, times the deviation; −∞ outside. Of sizes as sums tell them: Σ x², Σ |x|, max |x|, n. */
export function shapeLogLikelihood(
  shape: LawShape,
  { count, squares, sizes, largest }: LikelihoodSums,
  slack: number,
): number {
  if (largest > shapeReach[shape] * (1 + slack)) return Number.NEGATIVE_INFINITY;
  const { log } = portableMath;
  switch (shape) {
    case 'normal':
      return -count * 0.5 * log(2 * Math.PI) - squares / 2;
    case 'uniform':
      return -count * log(2 * Math.sqrt(3));
    case 'truncated-normal': {
      const { deviation, variance, mass } = truncatedNormalMoments;
      return -count * (0.5 * log(2 * Math.PI) + log(mass / deviation)) - (squares * variance) / 2;
    }
    case 'laplace':
      return -count * 0.5 * log(2) - Math.SQRT2 * sizes;
  }
}

/** The density at x·deviation, times the deviation. */
export function shapeDensity(shape: LawShape, x: number): number {
  const size = Math.abs(x);
  return portableMath.exp(
    shapeLogLikelihood(shape, { count: 1, squares: x * x, sizes: size, largest: size }, 0),
  );
}

/** Of numbers in units of a law's deviation. */
export interface LikelihoodSums {
  readonly count: number;
  readonly squares: number;
  readonly sizes: number;
  readonly largest: number;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
