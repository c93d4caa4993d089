/**
 * The test of Kolmogorov and Smirnov for a shape whose scale is taken from the numbers themselves. Such a fit is closer than one to a law
 * known beforehand, so the usual p-values would be too large (Lilliefors, JASA 62, 1967). The law of D under the null is simulated: a
 * parametric bootstrap.
 */
import { type Engine, portableMath } from '@kindling/core';
import { kolmogorovDistance, kolmogorovPValue, scaledDistance } from './kolmogorov-smirnov.js';
import type { LawShape } from './law-shape.js';
import { nullSamples, scaleAndKurtosis } from './null-samples.js';

/** A fit and how likely a worse one is. */
export interface FreeScaleFit {
  readonly shape: LawShape;
  /** The standard deviation of the fitted law. */
  readonly deviation: number;
  readonly pValue: number;
}

/** The share of the null's upper end whose decay is carried on: beyond it p falls like exp(−rate t²), the form of Kolmogorov's tail. */
const tailShare = 0.1;

/**
 * Fits a shape by its scale and tests it. Uniform: the bound is the largest size, and given that, the others are uniform within it, so the
 * plain test of those is exact. Others: the deviation is √(Σ w²/n), their mean being 0 by hypothesis; samples larger than those that are
 * simulated are compared by Stephens' t, whose law hardly depends on n.
 *
 * @param sorted ascending, at least 20, not all zero
 */
export function testFreeScale(engine: Engine, sorted: Float64Array, shape: LawShape): FreeScaleFit {
  const count = sorted.length;
  if (shape === 'uniform') {
    const [low, high] = [sorted[0] as number, sorted[count - 1] as number];
    const others = -low > high ? sorted.subarray(1) : sorted.subarray(0, count - 1);
    const deviation = Math.max(-low, high) / Math.sqrt(3);
    const distance = kolmogorovDistance(others, shape, deviation);
    return { shape, deviation, pValue: kolmogorovPValue(distance, count - 1) };
  }
  const { deviation } = scaleAndKurtosis(sorted);
  const t = scaledDistance(kolmogorovDistance(sorted, shape, deviation), count);
  return { shape, deviation, pValue: shareAbove(nullSamples(engine, shape, count).distances, t) };
}

/** @param distances ascending */
function shareAbove(distances: Float64Array, t: number): number {
  const { length } = distances;
  const first = Math.round(length * (1 - tailShare));
  const start = distances[first - 1] as number;
  if (t <= start) {
    let above = 0;
    for (let i = length - 1; i >= 0 && (distances[i] as number) >= t; i--) above++;
    return (above + 1) / (length + 1);
  }
  let sum = 0;
  for (let i = first; i < length; i++) {
    const exceeding = distances[i] as number;
    sum += exceeding * exceeding - start * start;
  }
  const rate = (length - first) / sum;
  return tailShare * portableMath.exp(-rate * (t * t - start * start));
}
