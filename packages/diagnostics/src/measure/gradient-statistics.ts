/** Gradients over many random nets: mean square and how far it scatters, layer by layer. */
import { deriveKey, type Engine, keyPurpose, type RandomKey } from '@kindling/core';
import { gradientStandardErrors } from '../theory/gradient-standard-errors.js';
import { type GradientNetOptions, openGradientWalk } from './gradient-norms.js';
import { type GradientRefusal, gradientRefusals, isUntold, type TheoryError } from './gradient-refusals.js';
import { holdArena } from './held-arena.js';
import { checkTrials, type MeasurementProgress } from './measurement-progress.js';
import { addToMoments, emptyMoments, type RunningMoments, standardErrorOf } from './running-moments.js';

/** The settings of `measureGradientStatistics`. */
export interface GradientStatisticsOptions extends GradientNetOptions {
  /** Nets: an integer from 1 to 100,000,000. */
  readonly trials: number;
  /** Net i is that of `measureGradientNorms` under deriveKey(key, trial, i). */
  readonly key: RandomKey;
}

/** One layer over all nets. */
export interface LayerGradients {
  /** 0 is the input. */
  readonly layer: number;
  readonly width: number;
  /** Mean of ‖∂y/∂act_j‖², nets with a zero gradient as 0; null where a sample of this size cannot tell it. */
  readonly meanNorm: number | null;
  /** Of that mean, from the sample. */
  readonly standardError: number | null;
  /**
   * Mean of ‖∂y/∂act_j‖⁴ over the squared mean: at least 1, and exponential in S. Null where a sample of this size cannot
   * tell it, or all gradients are zero.
   */
  readonly relativeSecondMoment: number | null;
  /** Mean of the natural logarithm over the nets whose gradient is not zero; null if none is. */
  readonly meanLogNorm: number | null;
  /** Nets whose gradient is zero here. */
  readonly zeroTrials: number;
}

/** What `measureGradientStatistics` finds. */
export interface GradientStatistics {
  readonly trials: number;
  readonly layers: readonly LayerGradients[];
  /**
   * E[g⁴] / E[g²]² of one entry g = ∂y/∂x_i of the input–output Jacobian, the mean over entries and nets: exponential in
   * S = Σ 1/n_j (Hanin, NeurIPS 2018, arXiv 1801.03744). Null where a sample of this size cannot tell it, or all are zero.
   */
  readonly jacobianEntrySpread: number | null;
  readonly refusals: readonly GradientRefusal[];
}

/**
 * Measures `trials` random nets. A generator: it reports after every net how many are done, may be left at any report, and
 * returns the statistics. Memory does not grow with the trials. Means with a relative standard error above ½ are refused: by
 * theory's for Gaussian weights; for other symmetric ones by the larger of the sample's and that of the lengths' spread.
 *
 * @throws InvalidArgumentError at the first step, as `measureGradientNorms`, and for trials out of range; between two reports when
 *   the arena was changed
 */
export function* measureGradientStatistics(
  engine: Engine,
  options: GradientStatisticsOptions,
): Generator<MeasurementProgress, GradientStatistics> {
  checkTrials('measureGradientStatistics', options.trials);
  return yield* holdArena(engine, 'measureGradientStatistics', () => walkNets(engine, options));
}

function* walkNets(
  engine: Engine,
  options: GradientStatisticsOptions,
): Generator<MeasurementProgress, GradientStatistics> {
  const { widths, trials, key } = options;
  const measure = openGradientWalk(engine, 'measureGradientStatistics', options);
  const sums = widths.map(() => ({
    norms: emptyMoments(),
    squares: emptyMoments(),
    logs: emptyMoments(),
    zero: 0,
  }));
  const entries = { squares: emptyMoments(), fourths: emptyMoments() };
  for (let trial = 0; trial < trials; trial++) {
    yield { done: trial, total: trials };
    const net = measure(deriveKey(key, keyPurpose.trial, trial));
    sums.forEach((layer, j) => {
      const norm = net.norms[j] ?? Number.NaN;
      const log = net.logNorms[j] ?? Number.NaN;
      addToMoments(layer.norms, norm);
      addToMoments(layer.squares, norm * norm);
      if (log === Number.NEGATIVE_INFINITY) layer.zero += 1;
      else addToMoments(layer.logs, log);
    });
    for (const entry of net.inputGradient) {
      addToMoments(entries.squares, entry * entry);
      addToMoments(entries.fourths, entry * entry * entry * entry);
    }
  }
  yield { done: trials, total: trials };
  return summarize(options, sums, entries);
}

/** Sums over the nets of one layer. */
interface LayerSums {
  readonly norms: RunningMoments;
  readonly squares: RunningMoments;
  readonly logs: RunningMoments;
  zero: number;
}

function summarize(
  options: GradientStatisticsOptions,
  sums: readonly LayerSums[],
  entries: { readonly squares: RunningMoments; readonly fourths: RunningMoments },
): GradientStatistics {
  const { widths, trials, initializer, outputs } = options;
  const theory = gradientStandardErrors({ widths, initializer, outputs, trials });
  const errorOf = (relative: number | undefined): TheoryError | null =>
    theory === null || relative === undefined ? null : { relative, exact: theory.exact };
  const untold = { meanNorm: [] as number[], relativeSecondMoment: [] as number[] };
  const layers = sums.map(({ norms, squares, logs, zero }, layer): LayerGradients => {
    const expected = theory?.layers[layer];
    const noMean = isUntold(norms, errorOf(expected?.mean));
    const noSquare = noMean || isUntold(squares, errorOf(expected?.square));
    if (noMean) untold.meanNorm.push(layer);
    if (noSquare) untold.relativeSecondMoment.push(layer);
    return {
      layer,
      width: widths[layer] ?? 0,
      meanNorm: noMean ? null : norms.mean,
      standardError: noMean ? null : standardErrorOf(norms),
      relativeSecondMoment: noSquare || zero === trials ? null : squares.mean / (norms.mean * norms.mean),
      meanLogNorm: logs.count === 0 ? null : logs.mean,
      zeroTrials: zero,
    };
  });
  const noSpread = isUntold(entries.fourths, errorOf(theory?.entries));
  return {
    trials,
    layers,
    jacobianEntrySpread:
      noSpread || entries.squares.mean === 0
        ? null
        : entries.fourths.mean / (entries.squares.mean * entries.squares.mean),
    refusals: [
      ...gradientRefusals('meanNorm', untold.meanNorm, options),
      ...gradientRefusals('relativeSecondMoment', untold.relativeSecondMoment, options),
      ...gradientRefusals('jacobianEntrySpread', noSpread ? [0] : [], options),
    ],
  };
}
