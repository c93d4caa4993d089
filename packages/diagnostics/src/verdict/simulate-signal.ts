/** The signal of nets that theory has no formula for, from a sample of them. */
import { portableMath } from '@kindling/core';

import type { Signal } from './predict-signal.js';
import type { SimulatedNet } from './simulate-nets.js';
import { biasedDecades, eventualLine, explodingDecades, vanishingLine } from './thresholds.js';

/** Where the mean over nets lies for certain, in decades. */
export interface MeanBounds {
  readonly lower: number;
  readonly upper: number;
  /** Theory's approximation, between them; null where there is none. */
  readonly estimate: number | null;
}

/** What is known of nets beside the sample, and where lines lie for them. */
export interface SampledLines {
  readonly factors?: readonly number[] | null;
  readonly mean?: number | null;
  /** What theory has proved of the signal's mean where that is not exact. Default nothing. */
  readonly bounds?: MeanBounds | null;
  /** The same of the mean length, biases included. */
  readonly lengthBounds?: MeanBounds | null;
  /** The harmonic mean of the hidden widths. */
  readonly width: number;
  /** Default `explodingDecades`. */
  readonly explodingLine?: number;
}

/**
 * Reduces simulated nets to a signal; dead ones are left out, as they are counted elsewhere. A sample mean of a heavy-tailed
 * length says little, so the mean is that of a log-normal law with the sample's logarithms: E log + Var log / 2. That says too much of few
 * nets that scatter widely, so theory's estimate goes before it, and no mean leaves the bounds that are proved.
 *
 * @param lines.factors the exact factor of every layer, where there is a formula for the mean alone
 * @param lines.mean its exact decades, where there is a formula for the mean alone
 * @returns null when no net is alive, or none lets a gradient through
 */
export function signalOfNets(
  nets: readonly SimulatedNet[],
  {
    factors = null,
    mean: known = null,
    bounds = null,
    lengthBounds = null,
    width,
    explodingLine = explodingDecades,
  }: SampledLines,
): Signal | null {
  const living = nets.filter(({ dead }) => !dead);
  const passing = living.filter(({ signalDecades }) => Number.isFinite(signalDecades));
  if (passing.length === 0) return null;
  const signal = momentsOf(passing.map(({ signalDecades }) => signalDecades));
  const length = momentsOf(passing.map(({ lengthDecades }) => lengthDecades));
  const estimate = bounds?.estimate ?? null;
  const sampled = estimate ?? within(bounds, logNormalMean(signal));
  const mean =
    factors === null
      ? (known ?? sampled)
      : factors.reduce((sum, factor) => sum + portableMath.log(factor), 0) / Math.LN10;
  // Nets without biases: the signal is the length.
  const same = passing.every(({ signalDecades, lengthDecades }) => signalDecades === lengthDecades);
  const biased = length.mean - signal.mean > biasedDecades;
  const line = vanishingLine(biased);
  const never = eventualLine(biased, width);
  const share = (test: (net: SimulatedNet) => boolean) => living.filter(test).length / living.length;
  return {
    source: 'simulation',
    meanIsExact: factors !== null || known !== null,
    meanIsEstimated: factors === null && known === null && estimate !== null,
    factors,
    meanDecades: mean,
    // A sample may lie above its mean; the spread takes nothing then.
    spreadDecades: Math.min(0, signal.mean - mean),
    deviationDecades: Math.sqrt(signal.variance),
    lengthDecades: same ? mean : within(lengthBounds, logNormalMean(length)),
    biased,
    below: share(({ signalDecades }) => signalDecades < line),
    lost: share(({ signalDecades }) => signalDecades < never),
    eventualLine: never,
    explodingLine,
    above: share(
      ({ signalDecades, lengthDecades }) => Math.max(signalDecades, lengthDecades) > explodingLine,
    ),
  };
}

/** log₁₀ of the mean of a log-normal law, from mean and variance of log₁₀. */
function logNormalMean({ mean, variance }: { readonly mean: number; readonly variance: number }): number {
  return mean + (variance * Math.LN10) / 2;
}

function within(bounds: MeanBounds | null, decades: number): number {
  return bounds === null ? decades : Math.min(bounds.upper, Math.max(bounds.lower, decades));
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, variance: values.length > 1 ? squares / (values.length - 1) : 0 };
}
