/** From sums over random nets to what is told of them, and what is not. */
import { sumReciprocalWidths } from '../theory/lengths.js';
import {
  emptyLayer,
  type LayerSums,
  type LengthMeans,
  lengthJudges,
  MeanJudge,
  type RefuseTooFew,
  restsOnUntold,
  summarizeLayer,
} from './length-means.js';
import {
  type ExpectedErrors,
  expectedErrors,
  type MeasurementRefusal,
  relativeError,
  tooFewNets,
} from './length-refusals.js';
import type { LengthStatisticsOptions } from './length-statistics.js';
import { type RunningMoments, standardErrorOf } from './running-moments.js';

/** One layer over all nets. */
export interface LayerStatistics extends LengthMeans {
  readonly layer: number;
  readonly width: number;
}

/** What `measureLengthStatistics` finds. */
export interface LengthStatistics {
  readonly method: 'matrices' | 'exact-law';
  readonly trials: number;
  /** Nets whose last layer is dead. */
  readonly deadTrials: number;
  /** S = Σ 1/n_j. */
  readonly sumReciprocalWidths: number;
  /** M₀: that of every input, or its mean over the nets where they are data points. Lengths are absolute, for this M₀. */
  readonly inputLength: number;
  readonly layers: readonly LayerStatistics[];
  /** Mean of V̂, the variance of the lengths across the layers of one net. */
  readonly lengthVarianceAcrossLayers: number | null;
  readonly lengthVarianceStandardError: number | null;
  readonly refusals: readonly MeasurementRefusal[];
}

/** Sums over all nets. */
export interface LengthSums {
  readonly layers: readonly LayerSums[];
  /** Of V̂. */
  readonly variance: RunningMoments;
  /** M₀, the mean over the nets. */
  readonly inputLength: number;
}

/** The statistics of finished sums. */
export function summarizeLengths(options: LengthStatisticsOptions, sums: LengthSums): LengthStatistics {
  const { widths, trials, method = 'matrices' } = options;
  const expected = expectationOf(options, sums.inputLength);
  const tooFew: RefuseTooFew = (quantity, layers) => tooFewNets(quantity, layers, options);
  const judges = lengthJudges(tooFew);
  const layers = sums.layers.map(
    (layer, index): LayerStatistics => ({
      layer: index + 1,
      width: widths[index + 1] ?? 0,
      ...summarizeLayer(index + 1, layer, expected?.layers[index], judges),
    }),
  );
  const variances = new MeanJudge('lengthVarianceAcrossLayers', tooFew);
  const acrossError = restsOnUntold(sums.layers, layers)
    ? Number.POSITIVE_INFINITY
    : relativeError(sums.variance.mean, standardErrorOf(sums.variance));
  const lengthVariance =
    widths.length === 2 // One layer does not vary.
      ? 0
      : variances.judge(
          0,
          sums.layers[0] ?? emptyLayer(),
          sums.variance.mean,
          expected?.variance ?? acrossError,
        );
  return {
    method,
    trials,
    deadTrials: layers.at(-1)?.deadTrials ?? 0,
    sumReciprocalWidths: sumReciprocalWidths(widths),
    inputLength: sums.inputLength,
    layers,
    lengthVarianceAcrossLayers: lengthVariance,
    lengthVarianceStandardError: lengthVariance === null ? null : standardErrorOf(sums.variance),
    refusals: [...judges.means.refusals(), ...judges.seconds.refusals(), ...variances.refusals()],
  };
}

/** What theory expects of nets with one input, or random directions. Data points have lengths that scatter themselves. */
function expectationOf(options: LengthStatisticsOptions, inputLength: number): ExpectedErrors | null {
  const { widths, initializer, input, data, trials } = options;
  if (input === undefined && data !== undefined) return null;
  // An input whose square f64 cannot hold has logarithms only.
  if (!(inputLength > 0 && Number.isFinite(inputLength))) return null;
  if (input === undefined) return expectedErrors({ widths, initializer, inputLength }, trials);
  let fourth = 0;
  for (let i = 0; i < input.length; i++) {
    const square = (input[i] ?? 0) * (input[i] ?? 0);
    fourth += square * square;
  }
  const inputFourthMoment = fourth / input.length;
  const far = !(inputFourthMoment > 0 && Number.isFinite(inputFourthMoment));
  return expectedErrors({ widths, initializer, inputLength, ...(far ? {} : { inputFourthMoment }) }, trials);
}
