/** Laws with a density that are fitted to weights: location, scale, and for two of them a shape. */
import { portableMath } from '@kindling/core';
import { normalQuantile } from '../normal-quantile.js';
import { normalTwoSidedTail } from '../normal-tail.js';
import { logGamma } from './gamma-function.js';
import { betaShareBelow } from './incomplete-beta.js';
import { gammaShares } from './incomplete-gamma.js';

/** Every `DensityLawName`. `uniform` is the bounded contrast: numbers that training moved leave any bound. */
export const densityLawNames = ['normal', 'laplace', 'student-t', 'generalized-normal', 'uniform'] as const;

/** Name of a law that is fitted. */
export type DensityLawName = (typeof densityLawNames)[number];

/**
 * A law of numbers x by z = (x − location)/scale. Densities times the scale: normal exp(−z²/2)/√(2π); Laplace exp(−|z|)/2; Student-t
 * ∝ (1 + z²/ν)^{−(ν+1)/2}; generalized normal (exponential power, Subbotin 1923) β exp(−|z|^β)/(2Γ(1/β)); uniform ½ on [−1, 1].
 */
export interface DensityLaw {
  readonly name: DensityLawName;
  /** The middle: all are symmetric about it. */
  readonly location: number;
  /** > 0: σ, the mean size, Student's scale, the generalized normal's α, half of the uniform's width. Not the standard deviation. */
  readonly scale: number;
  /** ν degrees of freedom of Student-t, β of the generalized normal (2 normal, 1 Laplace, ∞ uniform); `null` for others. */
  readonly shape: number | null;
}

/** The standard deviation: ∞ for Student-t with ν ≤ 2. */
export function densityLawDeviation({ name, scale, shape }: DensityLaw): number {
  switch (name) {
    case 'normal':
      return scale;
    case 'laplace':
      return Math.SQRT2 * scale;
    case 'uniform':
      return scale / Math.sqrt(3);
    case 'student-t': {
      const degrees = shapeOf(shape);
      return degrees > 2 ? scale * Math.sqrt(degrees / (degrees - 2)) : Number.POSITIVE_INFINITY;
    }
    case 'generalized-normal': {
      const power = shapeOf(shape);
      return scale * Math.sqrt(portableMath.exp(logGamma(3 / power) - logGamma(1 / power)));
    }
  }
}

/** The share of the law above `location + scale·z`, z ≥ 0: at most ½, all its digits kept. */
function upperShare(name: DensityLawName, shape: number | null, z: number): number {
  switch (name) {
    case 'normal':
      return normalTwoSidedTail(z) / 2;
    case 'laplace':
      return portableMath.exp(-z) / 2;
    case 'uniform':
      return Math.max(0, (1 - z) / 2);
    case 'student-t': {
      const degrees = shapeOf(shape);
      const square = z * z;
      if (square === Number.POSITIVE_INFINITY) return 0;
      const total = degrees + square;
      return betaShareBelow(degrees / total, degrees / 2, 0.5, square / total) / 2;
    }
    case 'generalized-normal': {
      const power = shapeOf(shape);
      const raised = z === 0 ? 0 : portableMath.exp(power * portableMath.log(z));
      return gammaShares(1 / power, raised).above / 2;
    }
  }
}

/** P(w ≤ x), in the lower half to 10⁻⁹ of itself or better. */
export function densityLawShareBelow({ name, location, scale, shape }: DensityLaw, x: number): number {
  const z = (x - location) / scale;
  const tail = upperShare(name, shape, Math.abs(z));
  return z < 0 ? tail : 1 - tail;
}

/** The density at x. */
export function densityLawDensity({ name, location, scale, shape }: DensityLaw, x: number): number {
  const { exp, log } = portableMath;
  const z = Math.abs(x - location) / scale;
  switch (name) {
    case 'normal':
      return exp(-(z * z) / 2) / (Math.sqrt(2 * Math.PI) * scale);
    case 'laplace':
      return exp(-z) / (2 * scale);
    case 'uniform':
      return z <= 1 ? 1 / (2 * scale) : 0;
    case 'student-t': {
      const degrees = shapeOf(shape);
      return exp(studentLogConstant(degrees) - ((degrees + 1) / 2) * log(1 + (z * z) / degrees)) / scale;
    }
    case 'generalized-normal': {
      const power = shapeOf(shape);
      const raised = z === 0 ? 0 : exp(power * log(z));
      return exp(generalizedLogConstant(power) - raised) / scale;
    }
  }
}

/** log of Student's density at 0 for scale 1: log Γ((ν + 1)/2) − log Γ(ν/2) − ½ log(νπ). */
export function studentLogConstant(degrees: number): number {
  return logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * portableMath.log(degrees * Math.PI);
}

/** The same of the generalized normal: log β − log 2 − log Γ(1/β). */
export function generalizedLogConstant(power: number): number {
  return portableMath.log(power / 2) - logGamma(1 / power);
}

/** Halvings of an interval that holds a quantile: to the last digits. */
const mostHalvings = 200;

/** x with P(w ≤ x) = share: −∞ and ∞ at 0 and 1 where the law has no ends, NaN outside of 0 … 1. To 10⁻¹² of scale or itself. */
export function densityLawQuantile(law: DensityLaw, share: number): number {
  if (!(share >= 0 && share <= 1)) return Number.NaN;
  const tail = Math.min(share, 1 - share);
  const size = quantileSize(law, tail);
  return share < 0.5 ? law.location - law.scale * size : law.location + law.scale * size;
}

/** z ≥ 0 with the share `tail` ≤ ½ above it. */
function quantileSize({ name, shape }: DensityLaw, tail: number): number {
  if (name === 'uniform') return 1 - 2 * tail;
  if (tail === 0) return Number.POSITIVE_INFINITY;
  if (name === 'normal') return -normalQuantile(tail);
  if (name === 'laplace') return -portableMath.log(2 * tail);
  let [low, high] = [0, 1];
  while (upperShare(name, shape, high) > tail && high < 1e300) [low, high] = [high, 4 * high];
  for (let step = 0; step < mostHalvings && high - low > 2 ** -48 * high; step++) {
    const middle = (low + high) / 2;
    if (upperShare(name, shape, middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Of laws that have one; others never come here. */
function shapeOf(shape: number | null): number {
  return shape ?? Number.NaN;
}
