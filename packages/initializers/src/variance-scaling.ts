/**
 * The one engine behind every initializer here: independent symmetric weights of variance scale / fan. A name such as
 * "He normal" is a value of `VarianceScaling` and nothing more.
 *
 * "He normal" means three things in the wild: untruncated (PyTorch), truncated at 2σ with the variance restored (Keras,
 * JAX) and truncated without restoring it (TensorFlow.js 4.22, Keras before 2018). So truncation and restoring are part
 * of the distribution's name here, and `effectiveVariance` says what is really delivered.
 */
import { InvalidArgumentError } from '@kindling/core';

/** Which fan divides the variance: fan-in, fan-out or their mean. */
export type FanMode = 'fan-in' | 'fan-out' | 'fan-average';

/**
 * The shape of the law. `truncated-normal` is cut at two standard deviations of its parent and widened so that the
 * variance is the nominal one; `truncated-normal-uncorrected` is cut and left so, and delivers 0.7737 of it.
 */
export type WeightDistribution = 'normal' | 'uniform' | 'truncated-normal' | 'truncated-normal-uncorrected';

/** Weights of mean 0 and nominal variance scale / fan. Plain JSON. */
export interface VarianceScaling {
  readonly distribution: WeightDistribution;
  /** Multiplies the variance (a *gain* would multiply the standard deviation). > 0. */
  readonly scale: number;
  readonly mode: FanMode;
}

/** How many inputs a unit has and how many units one input feeds. Integers ≥ 1. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** What a law really delivers, whatever its name. */
export interface EffectiveVariance {
  /** Exact variance of one weight. */
  readonly variance: number;
  /** E[w⁴] / Var² − 3: normal 0, uniform −1.2. */
  readonly excessKurtosis: number;
}

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

/**
 * scale / fan: the variance the name of a law promises.
 *
 * @throws InvalidArgumentError for fans that are not integers ≥ 1, a scale that is not a positive finite number, or a
 *   mode or distribution there is not
 */
export function nominalVariance(law: VarianceScaling, fans: Fans): number {
  for (const name of ['fanIn', 'fanOut'] as const) {
    const fan = fans[name];
    if (!Number.isSafeInteger(fan) || fan < 1) {
      throw new InvalidArgumentError(`nominalVariance: ${name} is ${fan}; expected an integer ≥ 1`);
    }
  }
  if (!distributions.includes(law.distribution)) {
    throw new InvalidArgumentError(
      `nominalVariance: unknown distribution "${law.distribution}"; expected one of ${distributions.join(', ')}`,
    );
  }
  if (!(law.scale > 0 && Number.isFinite(law.scale))) {
    throw new InvalidArgumentError(
      `nominalVariance: scale is ${law.scale}; expected a positive finite number`,
    );
  }
  return law.scale / fanOf(law.mode, fans);
}

function fanOf(mode: FanMode, { fanIn, fanOut }: Fans): number {
  switch (mode) {
    case 'fan-in':
      return fanIn;
    case 'fan-out':
      return fanOut;
    case 'fan-average':
      return (fanIn + fanOut) / 2;
    default:
      throw new InvalidArgumentError(
        `nominalVariance: unknown mode "${mode satisfies never}"; expected fan-in, fan-out or fan-average`,
      );
  }
}

/** Every `WeightDistribution`, for checking laws that come from JSON. */
const distributions: readonly string[] = [
  'normal',
  'uniform',
  'truncated-normal',
  'truncated-normal-uncorrected',
] satisfies readonly WeightDistribution[];

/**
 * The exact variance and excess kurtosis of the weights that `drawWeights` delivers.
 *
 * @throws InvalidArgumentError as `nominalVariance`
 */
export function effectiveVariance(law: VarianceScaling, fans: Fans): EffectiveVariance {
  const variance = nominalVariance(law, fans);
  switch (law.distribution) {
    case 'normal':
      return { variance, excessKurtosis: 0 };
    case 'uniform':
      return { variance, excessKurtosis: -1.2 };
    case 'truncated-normal':
      return { variance, excessKurtosis: truncatedNormalMoments.excessKurtosis };
    case 'truncated-normal-uncorrected':
      return {
        variance: variance * truncatedNormalMoments.variance,
        excessKurtosis: truncatedNormalMoments.excessKurtosis,
      };
  }
}
