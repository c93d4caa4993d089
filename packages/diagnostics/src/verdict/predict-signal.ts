/** What theory says of the signal from the input to the last hidden layer; null where it has no formula. */
import { portableMath } from '@kindling/core';
import {
  effectiveVariance,
  type Initializer,
  type LayerwiseInitializer,
  needsData,
  type WeightLaw,
} from '@kindling/initializers';
import { approximateLogLengths, logLengthsOfLaw } from '../theory/approximate-log-lengths.js';
import { lengthTheory, meanLengthFactor, readLengthLaw } from '../theory/length-law.js';
import { walkMoments } from '../theory/length-moments.js';
import { inputMoments, predictLengths, sumReciprocalWidths } from '../theory/lengths.js';
import { normalShareBelow } from './normal-law.js';
import { biasedDecades, eventualLine, explodingDecades, vanishingLine } from './thresholds.js';

/**
 * The squared gain from the input to the last hidden layer, E‖∂y/∂x‖² with y one of its activations: with zero biases it
 * is the length M_d/M₀ itself. Decades are log₁₀.
 */
export interface Signal {
  readonly source: 'theory' | 'simulation';
  /** Whether `meanDecades` is a formula's, and not a sample's. */
  readonly meanIsExact: boolean;
  /** Whether it is theory's estimate, between proved bounds, of a mean without a formula. Default false. */
  readonly meanIsEstimated?: boolean;
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
  /** Share of the living nets whose signal is too small to start in time, and too large. */
  readonly below: number;
  readonly above: number;
  /** Share of the living nets whose signal is too small ever to start, ≤ `below`, and the line in decades. */
  readonly lost: number;
  readonly eventualLine: number;
  /** The decade above which a net is too large. */
  readonly explodingLine: number;
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

/** A logarithm that is taken as normal over nets; natural. */
export interface LogNormal {
  readonly mean: number;
  readonly variance: number;
}

/**
 * Predicts the signal: with g_j = s_j² Var(w) n_{j−1}/2 the mean is Π g_j whatever the symmetric biases (Hanin & Rolnick,
 * Theorem 1, and `predictGradientNorms`); its logarithm is exact for Gaussian and orthogonal weights and nearly log-normal
 * for other symmetric ones (`approximateLogLengths`). A net is too large if its signal is, or the length that its biases
 * make.
 *
 * @returns null for laws that are not symmetric, have no fourth moment or a large one, look at data, or have zero weights
 */
export function predictSignal(options: SignalOptions): Signal | null {
  const { widths, initializer } = options;
  const factors = predictFactors(options);
  if (factors === null || needsData(initializer) || initializer.kind !== 'layerwise') return null;
  const spread = logSpread(initializer.weights, widths);
  const length = spread === null ? null : predictLength(options, initializer, factors);
  if (spread === null || length === null) return null;
  const mean = factors.reduce((sum, factor) => sum + portableMath.log(factor), 0);
  const typical = mean + spread.mean;
  const lengths = length.typical ?? { mean: typical, variance: spread.variance };
  const biased = length.logMean - mean > biasedDecades * Math.LN10;
  const line = eventualLine(biased, harmonicWidth(widths));
  return {
    source: 'theory',
    meanIsExact: true,
    factors,
    meanDecades: mean / Math.LN10,
    spreadDecades: spread.mean / Math.LN10,
    deviationDecades: Math.sqrt(spread.variance) / Math.LN10,
    lengthDecades: length.logMean / Math.LN10,
    biased,
    below: shareBelow({ mean: typical, variance: spread.variance }, vanishingLine(biased)),
    lost: shareBelow({ mean: typical, variance: spread.variance }, line),
    eventualLine: line,
    explodingLine: explodingDecades,
    above: Math.max(
      1 - shareBelow({ mean: typical, variance: spread.variance }, explodingDecades),
      1 - shareBelow(lengths, explodingDecades),
    ),
  };
}

/** The width of a net whose layers differ: depth/S. */
export function harmonicWidth(widths: readonly number[]): number {
  return (widths.length - 1) / sumReciprocalWidths(widths);
}

/** The share of nets whose logarithm lies below a decade. */
export function shareBelow({ mean, variance }: LogNormal, decades: number): number {
  const distance = decades * Math.LN10 - mean;
  if (variance > 0) return normalShareBelow(distance / Math.sqrt(variance));
  return distance > 0 ? 1 : 0;
}

/**
 * log(M_d/M₀), biases included: of the mean, and of a typical net, null where that is the signal's; null where there is no
 * formula.
 */
function predictLength(
  { widths, inputLength }: SignalOptions,
  initializer: LayerwiseInitializer,
  factors: readonly number[],
): { readonly logMean: number; readonly typical: LogNormal | null } | null {
  const law = readLengthLaw('diagnose', initializer, widths);
  const layers = law.layers.map((layer, index) => ({ ...layer, factor: factors[index] ?? 0 }));
  const input = inputMoments('diagnose', { widths, initializer, inputLength });
  const logInput = portableMath.log(inputLength);
  const logMean =
    (walkMoments({ ...law, layers }, input.length, input.fourth).at(-1)?.logMean ?? 0) - logInput;
  if (layers.every(({ shift }) => shift === 0)) return { logMean, typical: null };
  const last = logLengthsOfLaw({ ...law, layers }, input)?.at(-1);
  return last === undefined
    ? null
    : { logMean, typical: { mean: last.meanLog - logInput, variance: last.varianceLog } };
}

/**
 * E log − log E and Var log of the bias-free length: scaling weights or adding biases does not change them. Null where
 * there is no formula.
 */
function logSpread(weights: WeightLaw, widths: readonly number[]): LogNormal | null {
  const last = predictLengths({ widths, initializer: weights }).at(-1);
  const found =
    last?.meanLog == null || last.varianceLog === null
      ? approximateLogLengths({ widths, initializer: weights })?.at(-1)
      : last;
  if (found?.meanLog == null || found.varianceLog === null) return null;
  // Not from `last.mean`, which may have left the range of f64.
  let logMean = 0;
  for (const [index, width] of widths.slice(1).entries()) {
    const fanIn = widths[index] ?? 0;
    logMean += portableMath.log((effectiveVariance(weights, { fanIn, fanOut: width }).variance * fanIn) / 2);
  }
  return { mean: found.meanLog - logMean, variance: found.varianceLog };
}
