/** Means with their intervals and p-values, for people. */
import type { MeanInterval } from '../statistics/mean-interval.js';
import type { PermutationTest } from '../statistics/permutation-test.js';
import { numberText } from './number-text.js';

const hundredths = (share: number) => (100 * share).toFixed(1).replace('-', '−').replace('−0.0', '0.0');

/** `91.2 % (90.1 to 92.3)`: a mean of shares with its interval. */
export function meanShareText({ mean, low, high }: MeanInterval): string {
  return low === null || high === null
    ? `${hundredths(mean)} %`
    : `${hundredths(mean)} % (${hundredths(low)} to ${hundredths(high)})`;
}

/** `+2.8 (+0.3 to +5.3)`: a difference of shares in percentage points, which a heading must say. */
export function meanPointsText({ mean, low, high }: MeanInterval): string {
  const text = (share: number) => {
    const size = Math.abs(100 * share).toFixed(1);
    return `${size === '0.0' ? '' : share > 0 ? '+' : '−'}${size}`;
  };
  return low === null || high === null ? text(mean) : `${text(mean)} (${text(low)} to ${text(high)})`;
}

/** `p = 0.02`, or `p ≤ 0.0002` where it is the least there could be. */
export function permutationText({ p, resolution }: PermutationTest): string {
  return p <= resolution ? `p ≤ ${numberText(resolution, 1)}` : `p = ${numberText(p, 2)}`;
}
