/** Gradients over many random nets: mean square and how far it scatters, layer by layer. */
import { deriveKey, type Engine, keyPurpose, type RandomKey } from '@kindling/core';
import { type GradientNetOptions, openGradientWalk } from './gradient-norms.js';
import { checkTrials, type MeasurementProgress } from './measurement-progress.js';
import { addToMoments, emptyMoments, standardErrorOf } from './running-moments.js';

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
  /** Mean of ‖∂y/∂act_j‖², nets with a zero gradient as 0. */
  readonly meanNorm: number;
  readonly standardError: number | null;
  /** Mean of ‖∂y/∂act_j‖⁴ over the squared mean: at least 1, and exponential in S. */
  readonly relativeSecondMoment: number;
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
   * S = Σ 1/n_j (Hanin, NeurIPS 2018, arXiv 1801.03744).
   */
  readonly jacobianEntrySpread: number;
}

/**
 * Measures `trials` random nets. A generator: it reports after every net how many are done, may be left at any report, and
 * returns the statistics. Memory does not grow with the trials.
 *
 * @throws InvalidArgumentError at the first step, as `measureGradientNorms`, and for trials out of range
 */
export function* measureGradientStatistics(
  engine: Engine,
  options: GradientStatisticsOptions,
): Generator<MeasurementProgress, GradientStatistics> {
  const { widths, trials, key } = options;
  checkTrials('measureGradientStatistics', trials);
  const mark = engine.arena.mark();
  try {
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
    return {
      trials,
      layers: sums.map(({ norms, squares, logs, zero }, layer) => ({
        layer,
        width: widths[layer] ?? 0,
        meanNorm: norms.mean,
        standardError: standardErrorOf(norms),
        relativeSecondMoment: squares.mean / (norms.mean * norms.mean),
        meanLogNorm: logs.count === 0 ? null : logs.mean,
        zeroTrials: zero,
      })),
      jacobianEntrySpread: entries.fourths.mean / (entries.squares.mean * entries.squares.mean),
    };
  } finally {
    engine.arena.release(mark);
  }
}
