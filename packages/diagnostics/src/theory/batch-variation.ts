/**
 * Whether every channel certainly varies over a batch of random inputs, far beyond the ε of a batch normalization: then what comes out of
 * one has the mean square 1, whatever came in. A mean square does not tell: numbers of a large mean square may be nearly alike, as they are
 * behind many ReLU layers, and a product of few and narrow matrices may have a large mean that hardly any net comes near.
 */
import { type EnergyMap, meanOfEnergy } from './energy-map.js';

/** What is known of the variances of the channels over the batch. */
export interface BatchVariation {
  /** Σ 1/fan-in of the matrices since the input, or since the last normalization: the variances scatter like exp(±√(2Σ)) over nets. */
  readonly sumReciprocalFanIns: number;
  /** About this share of the mean square is variance over the batch. */
  readonly share: number;
  /** The mean of a channel over the batch: 0, at least 0, or anything. Without the first two ReLU may make a channel constant. */
  readonly mean: 'zero' | 'positive' | 'unknown';
}

/** Of random inputs, and behind a normalization that works. */
export const wholeVariation: BatchVariation = { sumReciprocalFanIns: 0, share: 1, mean: 'zero' };

/** Up to it less than 1 % of E[σ²/(σ² + ε)] is lost to nets with small variances: 0.2 % for one channel, 0.01 % for two layers of four. */
const mostReciprocalFanIns = 0.5;

/** The least mean variance that is far above ε = 1e-5. */
const smallestNormalized = 1e-2;

/** Behind weights with zero mean; `kept` is the share of the mean square that biases do not make. */
export function variationBehindWeights(
  variation: BatchVariation | null,
  { fanIn, kept, biased }: { readonly fanIn: number; readonly kept: number; readonly biased: boolean },
): BatchVariation | null {
  if (variation === null || !(kept > 0)) return null;
  return {
    sumReciprocalFanIns: variation.sumReciprocalFanIns + 1 / fanIn,
    share: variation.share * kept,
    // A linear map keeps a mean of 0, and nothing else.
    mean: variation.mean === 'zero' && !biased ? 'zero' : 'unknown',
  };
}

/**
 * Behind x → x for x > 0, slope · x else. Numbers that vary around a mean ≥ 0 are not all below 0, and so they vary behind ReLU, too. Of
 * normal numbers with mean 0 the share 1 − (1 − a)²/(π(1 + a²)) of the mean square is variance.
 */
export function variationBehindActivation(
  variation: BatchVariation | null,
  slope: number,
): BatchVariation | null {
  if (variation === null || slope === 1) return variation;
  if (variation.mean === 'unknown' || slope > 1 || slope < 0) return null;
  const moved = ((1 - slope) * (1 - slope)) / (Math.PI * (1 + slope * slope));
  const share = variation.mean === 'zero' ? variation.share * (1 - moved) : variation.share;
  return { ...variation, share, mean: 'positive' };
}

/** Behind a pool: averages of `area` pixels vary at least as averages of independent ones. */
export function variationBehindPool(
  variation: BatchVariation | null,
  { max, area }: { readonly max: boolean; readonly area: number },
): BatchVariation | null {
  if (variation === null || area === 1) return variation;
  if (max) return { ...variation, mean: variation.mean === 'unknown' ? 'unknown' : 'positive' };
  return { ...variation, share: variation.share / area };
}

/** Of shortcut + scale · branch, whose channels vary when both do: that one takes the other back has probability 0. */
export function variationOfSum(
  shortcut: BatchVariation | null,
  branch: BatchVariation | null,
  scale: number,
): BatchVariation | null {
  if (shortcut === null || branch === null) return null;
  const means = [shortcut.mean, branch.mean];
  const positive = !means.includes('unknown') && (scale >= 0 || branch.mean === 'zero');
  return {
    sumReciprocalFanIns: Math.max(shortcut.sumReciprocalFanIns, branch.sumReciprocalFanIns),
    share: Math.min(shortcut.share, branch.share),
    mean: means.every((mean) => mean === 'zero') ? 'zero' : positive ? 'positive' : 'unknown',
  };
}

const unknownVariation =
  'a channel may be nearly constant over the batch, and stays so behind the batch normalization';
const tooSmall = 'what the batch normalization reads is so small that its epsilon counts';

/** Why a batch normalization may give less than 1; null where it does not. `upper` bounds the mean square of what it reads. */
export function whyNotNormalized(variation: BatchVariation | null, upper: EnergyMap | null): string | null {
  const square = upper === null ? Number.POSITIVE_INFINITY : meanOfEnergy(upper);
  if (!(square >= smallestNormalized)) return tooSmall;
  if (variation === null || upper === null) return unknownVariation;
  if (variation.sumReciprocalFanIns > mostReciprocalFanIns) return unknownVariation;
  return square * variation.share >= smallestNormalized ? null : tooSmall;
}
