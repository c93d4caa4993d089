/** Intervals of statistics of several grid points' runs, by drawing the runs of each point again. */
import { deriveKey, mean, philox4x32, quantile, type RandomKey } from '@kindling/core';

/** Purpose of the keys: "boot" in ASCII; none of the tree's own. */
const resampling = 0x62_6f_6f_74;

/** A number and its interval. A type, not an interface: summaries hold it as JSON. */
export type Estimate = {
  readonly value: number;
  /** Ends of the 95 % interval; null where some point has a single run, which says nothing of its scatter. */
  readonly low: number | null;
  readonly high: number | null;
};

/** Which resamples. */
export interface BootstrapOptions {
  /** The same key, the same resamples. */
  readonly key: RandomKey;
  /** How many. */
  readonly resamples: number;
}

/**
 * Percentile intervals of 95 % for statistics of groups of observations: each group is drawn again from itself, with
 * replacement. A resample of n observations scatters by (n − 1)/n of their variance, so deviations from the group's mean are
 * stretched by √(n/(n − 1)) (Davison & Hinkley, Bootstrap Methods, 1997, §2.3).
 *
 * @param statistics finite numbers of the groups; one that is NaN for the groups or for a resample gets no interval
 */
export function bootstrapEstimates(
  groups: readonly (readonly number[])[],
  statistics: (groups: readonly (readonly number[])[]) => readonly number[],
  { key, resamples }: BootstrapOptions,
): readonly Estimate[] {
  const values = statistics(groups);
  if (groups.some(({ length }) => length < 2))
    return values.map((value) => ({ value, low: null, high: null }));
  const drawn: (readonly number[])[] = [];
  for (let i = 0; i < resamples; i++) drawn.push(statistics(resample(groups, deriveKey(key, resampling, i))));
  return values.map((value, index) => {
    const found = drawn.map((statistic) => statistic[index] ?? Number.NaN);
    if (found.some(Number.isNaN) || Number.isNaN(value)) return { value, low: null, high: null };
    return { value, low: quantile(found, 0.025), high: quantile(found, 0.975) };
  });
}

function resample(groups: readonly (readonly number[])[], key: RandomKey): readonly (readonly number[])[] {
  return groups.map((group, index) => {
    const center = mean(group);
    const stretch = Math.sqrt(group.length / (group.length - 1));
    return group.map((_, observation) => {
      const [word] = philox4x32([observation, index, key[2], key[3]], [key[0], key[1]]);
      const chosen = group[Math.floor((word / 2 ** 32) * group.length)] ?? Number.NaN;
      return center + stretch * (chosen - center);
    });
  });
}
