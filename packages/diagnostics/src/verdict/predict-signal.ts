/** What theory says of the signal from the input to the last hidden layer; null where it has no formula. */
import { portableMath } from '@kindling/core';
import { effectiveVariance, type Initializer, needsData } from '@kindling/initializers';
import { approximateLogLengths } from '../theory/approximate-log-lengths.js';
import { lengthTheory, meanLengthFactor } from '../theory/length-law.js';
import { predictLengths } from '../theory/lengths.js';
import { normalShareBelow } from './normal-law.js';
import { biasedDecades, biasedVanishingDecades, explodingDecades, vanishingDecades } from './thresholds.js';

/**
 * The squared gain from the input to the last hidden layer, E‖∂y/∂x‖² with y one of its activations: with zero biases it
 * is the length M_d/M₀ itself. Decades are log₁₀.
 */
export interface Signal {
  readonly source: 'theory' | 'simulation';
  /** What each hidden layer multiplies the mean by; null where it was simulated. */
  readonly factors: readonly number[] | null;
  /** Of the mean over nets. */
  readonly meanDecades: number;
  /** The mean of log₁₀ minus `meanDecades`, ≤ 0: what the spread takes from a typical net. About −5S/(2 ln 10). */
  readonly spreadDecades: number;
  /** Standard deviation of log₁₀ over nets. About √(5S)/ln 10. */
  readonly deviationDecades: number;
  /** log₁₀ of E[M_d]/M₀, biases included. */
  readonly lengthDecades: number;
  /** True when biases, not the input, make most of that length. */
  readonly biased: boolean;
  /** Share of the living nets whose signal is too small to start, and too large. */
  readonly below: number;
  readonly above: number;
}

/** A net as the parts of a diagnosis see it. */
export interface SignalOptions {
  readonly widths: readonly number[];
  readonly initializer: Initializer;
  /** What the weights of each hidden layer are multiplied by after drawing. */
  readonly weightScales: readonly number[] | null;
  /** M₀: matters only beside biases. */
  readonly inputLength: number;
}

/** The decade below which a net does not start. */
export function vanishingLine(biased: boolean): number {
  return biased ? biasedVanishingDecades : vanishingDecades;
}

/** g_j = s_j² Var(w) n_{j−1} / 2 of every hidden layer; null where the mean has no formula, or a factor is 0. */
export function predictFactors({
  widths,
  initializer,
  weightScales,
}: Pick<SignalOptions, 'widths' | 'initializer' | 'weightScales'>): readonly number[] | null {
  if (needsData(initializer) || lengthTheory(initializer, widths).mean !== true) return null;
  const factors = widths.slice(1).map((width, index) => {
    const scale = weightScales?.[index] ?? 1;
    return scale * scale * meanLengthFactor(initializer, { fanIn: widths[index] ?? 0, fanOut: width });
  });
  return factors.includes(0) ? null : factors;
}

/**
 * Predicts the signal: with g_j = s_j² Var(w) n_{j−1}/2 the mean is Π g_j whatever the symmetric biases (Hanin & Rolnick,
 * Theorem 1, and `predictGradientNorms`); its logarithm is exact for Gaussian and orthogonal weights and nearly log-normal
 * for other symmetric ones (`approximateLogLengths`).
 *
 * @returns null for laws that are not symmetric, have no fourth moment, look at data, or have zero weights
 */
export function predictSignal(options: SignalOptions): Signal | null {
  const { widths, initializer, inputLength } = options;
  const factors = predictFactors(options);
  if (factors === null || needsData(initializer) || initializer.kind !== 'layerwise') return null;
  if (lengthTheory(initializer, widths).secondMoment !== true) return null;
  const { log } = portableMath;
  let mean = 0;
  let length = log(inputLength);
  for (const [index, factor] of factors.entries()) {
    const shape = { fanIn: widths[index] ?? 0, fanOut: widths[index + 1] ?? 0 };
    const shift = effectiveVariance(initializer, shape).biasVariance / 2;
    mean += log(factor);
    // log(g M + h) without leaving the range of f64.
    length += log(factor);
    if (shift > 0) {
      const larger = Math.max(length, log(shift));
      length = larger + log(portableMath.exp(length - larger) + portableMath.exp(log(shift) - larger));
    }
  }
  const { deficit, variance } = logSpread(initializer.weights, widths);
  const decades = { mean: mean / Math.LN10, length: (length - log(inputLength)) / Math.LN10 };
  const spread = deficit / Math.LN10;
  const deviation = Math.sqrt(variance) / Math.LN10;
  const biased = decades.length - decades.mean > biasedDecades;
  const typical = decades.mean + spread;
  const shareBelow = (line: number) =>
    deviation > 0 ? normalShareBelow((line - typical) / deviation) : typical < line ? 1 : 0;
  return {
    source: 'theory',
    factors,
    meanDecades: decades.mean,
    spreadDecades: spread,
    deviationDecades: deviation,
    lengthDecades: decades.length,
    biased,
    below: shareBelow(vanishingLine(biased)),
    above: 1 - shareBelow(explodingDecades),
  };
}

/** E log − log E and Var log of the bias-free length, natural: scaling weights or adding biases does not change them. */
function logSpread(
  weights: Parameters<typeof predictLengths>[0]['initializer'],
  widths: readonly number[],
): { readonly deficit: number; readonly variance: number } {
  const last = predictLengths({ widths, initializer: weights }).at(-1);
  const found =
    last?.meanLog == null || last.varianceLog === null
      ? approximateLogLengths({ widths, initializer: weights })?.at(-1)
      : last;
  if (found?.meanLog == null || found.varianceLog === null) return { deficit: 0, variance: 0 };
  // Not from `last.mean`, which may have left the range of f64.
  let logMean = 0;
  for (const [index, width] of widths.slice(1).entries()) {
    const fanIn = widths[index] ?? 0;
    logMean += portableMath.log((effectiveVariance(weights, { fanIn, fanOut: width }).variance * fanIn) / 2);
  }
  return { deficit: found.meanLog - logMean, variance: found.varianceLog };
}
