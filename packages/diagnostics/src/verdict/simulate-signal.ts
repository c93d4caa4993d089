/** The signal of nets that theory has no formula for, from a sample of them. */
import { portableMath } from '@kindling/core';

import type { Signal } from './predict-signal.js';
import type { SimulatedNet } from './simulate-nets.js';
import { biasedDecades, eventualLine, explodingDecades, vanishingLine } from './thresholds.js';

/**
 * Reduces simulated nets to a signal; dead ones are left out, as they are counted elsewhere. A sample mean of a heavy-tailed
 * length says little, so the mean is that of a log-normal law with the sample's logarithms: E log + Var log / 2.
 *
 * @param factors the exact factor of every layer, where there is a formula for the mean alone
 * @param width the harmonic mean of the hidden widths
 * @returns null when no net is alive, or none lets a gradient through
 */
export function signalOfNets(
  nets: readonly SimulatedNet[],
  factors: readonly number[] | null,
  width: number,
): Signal | null {
  const living = nets.filter(({ dead }) => !dead);
  const passing = living.filter(({ signalDecades }) => Number.isFinite(signalDecades));
  if (passing.length === 0) return null;
  const signal = momentsOf(passing.map(({ signalDecades }) => signalDecades));
  const length = momentsOf(passing.map(({ lengthDecades }) => lengthDecades));
  const mean =
    factors === null
      ? signal.mean + (signal.variance * Math.LN10) / 2
      : factors.reduce((sum, factor) => sum + portableMath.log(factor), 0) / Math.LN10;
  const biased = length.mean - signal.mean > biasedDecades;
  const line = vanishingLine(biased);
  const never = eventualLine(biased, width);
  const share = (test: (net: SimulatedNet) => boolean) => living.filter(test).length / living.length;
  return {
    source: 'simulation',
    factors,
    meanDecades: mean,
    // A sample may lie above its mean; the spread takes nothing then.
    spreadDecades: Math.min(0, signal.mean - mean),
    deviationDecades: Math.sqrt(signal.variance),
    lengthDecades: length.mean + (length.variance * Math.LN10) / 2,
    biased,
    below: share(({ signalDecades }) => signalDecades < line),
    lost: share(({ signalDecades }) => signalDecades < never),
    eventualLine: never,
    above: share(
      ({ signalDecades, lengthDecades }) => Math.max(signalDecades, lengthDecades) > explodingDecades,
    ),
  };
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, variance: values.length > 1 ? squares / (values.length - 1) : 0 };
}
