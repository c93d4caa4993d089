/** The signal of a network of any architecture by theory alone, where it tells mean and spread. */
import type { Architecture } from '@kindling/core';
import type { Initializer } from '@kindling/initializers';
import { predictNetworkLengths } from '../theory/network-lengths.js';
import { type Signal, shareBelow } from './predict-signal.js';
import type { SampledLines } from './simulate-signal.js';
import { eventualLine, explodingDecades, vanishingLine } from './thresholds.js';

/** Up to this log(E[M²]/E[M]²) a length is taken as log-normal: its factors then stay near 1 and there are many of them. */
const mostLogSpread = 1;

/**
 * Log-normal with the exact mean and second moment: E log M = log E[M] − v/2, Var log M = v = log(E[M²]/E[M]²).
 *
 * @param architecture layers up to the last hidden one
 * @param initializer without biases
 * @returns null where the mean is not exact, the second moment unknown or large
 */
export function predictedSignal(
  architecture: Architecture,
  initializer: Initializer,
  { width, explodingLine = explodingDecades }: SampledLines,
): Signal | null {
  const last = predictNetworkLengths({ architecture, initializer }).at(-1);
  const mean = last?.logMean ?? null;
  const variance = last?.logRelativeSecondMoment ?? null;
  if (mean === null || !Number.isFinite(mean) || variance === null || variance > mostLogSpread) return null;
  const law = { mean: mean - variance / 2, variance };
  const line = eventualLine(false, width);
  return {
    source: 'theory',
    meanIsExact: true,
    factors: null,
    meanDecades: mean / Math.LN10,
    spreadDecades: -variance / 2 / Math.LN10,
    deviationDecades: Math.sqrt(variance) / Math.LN10,
    lengthDecades: mean / Math.LN10,
    biased: false,
    below: shareBelow(law, vanishingLine(false)),
    lost: shareBelow(law, line),
    eventualLine: line,
    above: 1 - shareBelow(law, explodingLine),
    explodingLine,
  };
}
