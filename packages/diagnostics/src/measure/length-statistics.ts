/**
 * Lengths over many random nets, with what the means are worth. Memory does not grow with the number of nets: sums are
 * updated in the order of the trials, in f64, so the same key gives the same bits. Dead nets are counted, never dropped: they
 * are zeros in the means, and only the mean of log M, which has no value for them, is over the nets that are alive.
 */
import { deriveKey, type Engine, InvalidArgumentError, keyPurpose, type RandomKey } from '@kindling/core';
import { checkWidths } from './check-sizes.js';
import { openLengthSampler } from './exact-law.js';
import { holdArena } from './held-arena.js';
import { addLength, emptyLayer, type LayerSums } from './length-means.js';
import { type LengthStatistics, summarizeLengths } from './length-summary.js';
import { empiricalLengthVariance } from './length-variance.js';
import { type LengthWalkOptions, openLengthWalk, type WalkedLengths } from './length-walk.js';
import { checkTrials, type MeasurementProgress } from './measurement-progress.js';
import { addToMoments, emptyMoments } from './running-moments.js';

/** The settings of `measureLengthStatistics`. */
export interface LengthStatisticsOptions extends LengthWalkOptions {
  /** Nets: an integer from 1 to 100,000,000. Net i is that of `measureLengths` under deriveKey(key, trial, i). */
  readonly trials: number;
  readonly key: RandomKey;
  /**
   * `matrices` (the default) draws every weight; `exact-law` draws lengths alone (`sampleLengths`), for normal weights and
   * zero or normal biases, and takes no input or data.
   */
  readonly method?: 'matrices' | 'exact-law';
}

/** Random numbers between two reports of progress: about a millisecond's worth. */
const numbersPerReport = 300_000;

/**
 * Measures `trials` random nets. A generator: it reports now and then how many are done, may be left at any report, and
 * returns the statistics. Means with a relative standard error above ½ (`largestRelativeError`) are refused: by theory's
 * standard error where there is one, else by the larger of the sample's and that of log-normal lengths with the sample's variance of log M; once
 * refused, so are all deeper layers. Between two reports the arena may be used, and must be left as it was.
 *
 * @throws InvalidArgumentError at the first step: for widths, an initializer, an input, data or trials that cannot be, and
 *   where the method `exact-law` does not hold; later, when the arena was changed between two reports
 */
export function* measureLengthStatistics(
  engine: Engine,
  options: LengthStatisticsOptions,
): Generator<MeasurementProgress, LengthStatistics> {
  const { widths, trials, key, method = 'matrices' } = options;
  checkTrials('measureLengthStatistics', trials);
  checkWidths('measureLengthStatistics', widths);
  return yield* holdArena(engine, 'measureLengthStatistics', function* () {
    const measure = openMethod(engine, options);
    const layers = widths.slice(1).map(emptyLayer);
    const variance = emptyMoments();
    const inputs = emptyMoments();
    const every = Math.max(1, Math.floor(numbersPerReport / numbersPerNet(widths, method)));
    for (let trial = 0; trial < trials; trial++) {
      if (trial % every === 0) yield { done: trial, total: trials };
      const net = measure(deriveKey(key, keyPurpose.trial, trial));
      addToMoments(inputs, net.inputLength);
      addToMoments(variance, addNet(layers, net));
    }
    yield { done: trials, total: trials };
    return summarizeLengths(options, { layers, variance, inputLength: inputs.mean });
  });
}

function openMethod(engine: Engine, options: LengthStatisticsOptions): (key: RandomKey) => WalkedLengths {
  const { method = 'matrices', input, data, inputLength = 1 } = options;
  if (method === 'matrices') return openLengthWalk(engine, 'measureLengthStatistics', options);
  if (method !== 'exact-law') {
    throw new InvalidArgumentError(
      `measureLengthStatistics: method is "${method}"; expected matrices or exact-law`,
    );
  }
  if (input !== undefined || data !== undefined) {
    throw new InvalidArgumentError(
      'measureLengthStatistics: the exact-law method passes no input; expected neither input nor data — give inputLength',
    );
  }
  const sample = openLengthSampler(engine, 'measureLengthStatistics', options);
  const logInputLength = engine.kernels.log_f64(inputLength);
  return (key) => ({ ...sample(key), inputLength, logInputLength });
}

function numbersPerNet(widths: readonly number[], method: string): number {
  return widths
    .slice(1)
    .reduce((sum, width, index) => sum + width * (method === 'exact-law' ? 1 : (widths[index] ?? 0)), 0);
}

/** Takes a net in and returns its V̂. */
function addNet(layers: readonly LayerSums[], net: WalkedLengths): number {
  const lengths = net.lengths.map((length) => length * net.inputLength);
  layers.forEach((sums, index) => {
    const log = (net.logLengths[index] ?? Number.NaN) + net.logInputLength;
    addLength(sums, lengths[index] ?? Number.NaN, log);
  });
  return empiricalLengthVariance(lengths);
}
