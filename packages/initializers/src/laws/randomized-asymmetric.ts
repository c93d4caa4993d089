/** What RAI (Lu, Shin, Su & Karniadakis, 2020) draws: its constant and its moments. */
import { type EntryMoments, momentsFromRaw } from './entry-moments.js';
import type { Fans } from './layer-shape.js';

/** Deviation of RAI's normal numbers times √fan-in, as in the published code; √(1 + 8/(9π)) − 2√2/(3√π) = 0.60075. */
export const randomizedAsymmetricDeviation = 0.6007;

/**
 * Moments of one weight, and of one bias: Beta(2, 1), whose k-th moment is 2/(k + 2), with probability 1/(fan-in + 1), and
 * normal otherwise.
 */
export function randomizedAsymmetricMoments({ fanIn }: Fans): EntryMoments {
  const share = 1 / (fanIn + 1);
  const square = (randomizedAsymmetricDeviation * randomizedAsymmetricDeviation) / fanIn;
  return momentsFromRaw([
    (share * 2) / 3,
    share / 2 + (1 - share) * square,
    (share * 2) / 5,
    share / 3 + (1 - share) * 3 * square * square,
  ]);
}
