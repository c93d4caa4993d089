/** From sums over random nets to what is told of them, and what is not. */
import { sumReciprocalWidths } from '../theory/lengths.js';
import {
  beyondRange,
  type ExpectedErrors,
  expectedErrors,
  largestRelativeError,
  type MeasurementRefusal,
  relativeError,
  tooFewNets,
} from './length-refusals.js';
import type { LengthStatisticsOptions } from './length-statistics.js';
import { emptyMoments, type RunningMoments, standardErrorOf } from './running-moments.js';

/** One layer over all nets. A number that a sample of this size cannot tell is null, and a refusal says why. */
export interface LayerStatistics {
  readonly layer: number;
  readonly width: number;
  /** Mean of M_j, dead nets as 0. */
  readonly meanLength: number | null;
  /** Of that mean, from the sample. Too small where tails are heavy: compare with the predicted one. */
  readonly standardError: number | null;
  /** Of that mean, from theory: √((E[M²]/E[M]² − 1)/trials) · mean; null without a formula, or with data. */
  readonly predictedStandardError: number | null;
  /** Mean of M_j², dead nets as 0. */
  readonly secondMoment: number | null;
  readonly secondMomentStandardError: number | null;
  /** Of the mean of M_j², from E[M⁴]; null without a formula. */
  readonly predictedSecondMomentStandardError: number | null;
  /** Mean of log M_j, natural, over the nets alive at this layer; null if none is. */
  readonly meanLogLength: number | null;
  readonly meanLogLengthStandardError: number | null;
  /** Nets in which every activation of this layer is 0. */
  readonly deadTrials: number;
  /** Nets in which this layer, or one before it, left the range of f32 within one step: in no mean of logarithms. */
  readonly overflowedTrials: number;
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

/** Sums over the nets seen so far, of one layer. */
export interface LayerSums {
  readonly lengths: RunningMoments;
  readonly squares: RunningMoments;
  readonly logs: RunningMoments;
  dead: number;
  overflowed: number;
}

/** No nets yet. */
export function emptyLayer(): LayerSums {
  return { lengths: emptyMoments(), squares: emptyMoments(), logs: emptyMoments(), dead: 0, overflowed: 0 };
}

/** Sums over all nets. */
export interface LengthSums {
  readonly layers: readonly LayerSums[];
  /** Of V̂. */
  readonly variance: RunningMoments;
  /** M₀, the mean over the nets. */
  readonly inputLength: number;
}

/** Below it a mean has lost digits to nets that underflowed. */
const smallestMean = 1e-300;

/** The statistics of finished sums. */
export function summarizeLengths(options: LengthStatisticsOptions, sums: LengthSums): LengthStatistics {
  const { widths, trials, method = 'matrices' } = options;
  const expected = expectationOf(options, sums.inputLength);
  const means = new Judge('meanLength', options);
  const seconds = new Judge('secondMoment', options);
  const layers = sums.layers.map((layer, index): LayerStatistics => {
    const theory = expected?.layers[index];
    const meanError =
      theory?.mean?.relative ?? relativeError(layer.lengths.mean, standardErrorOf(layer.lengths));
    const secondError = relativeError(layer.squares.mean, standardErrorOf(layer.squares));
    const meanLength = means.judge(index + 1, layer, layer.lengths.mean, meanError);
    const secondMoment = seconds.judge(
      index + 1,
      layer,
      layer.squares.mean,
      // A stand-in may be too small, and so may the sample's.
      theory?.second?.exact === true
        ? theory.second.relative
        : Math.max(theory?.second?.relative ?? 0, secondError),
    );
    return {
      layer: index + 1,
      width: widths[index + 1] ?? 0,
      meanLength,
      standardError: meanLength === null ? null : standardErrorOf(layer.lengths),
      predictedStandardError: theory?.mean?.absolute ?? null,
      secondMoment,
      secondMomentStandardError: secondMoment === null ? null : standardErrorOf(layer.squares),
      predictedSecondMomentStandardError: theory?.second?.exact === true ? theory.second.absolute : null,
      meanLogLength: layer.logs.count === 0 ? null : layer.logs.mean,
      meanLogLengthStandardError: standardErrorOf(layer.logs),
      deadTrials: layer.dead,
      overflowedTrials: layer.overflowed,
    };
  });
  const variances = new Judge('lengthVarianceAcrossLayers', options);
  const acrossError = relativeError(sums.variance.mean, standardErrorOf(sums.variance));
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
    refusals: [...means.refusals(), ...seconds.refusals(), ...variances.refusals()],
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

/** Decides layer by layer whether a number is told, and collects the reasons. */
class Judge {
  readonly #quantity: MeasurementRefusal['quantity'];
  readonly #options: LengthStatisticsOptions;
  readonly #few: number[] = [];
  readonly #far: number[] = [];

  constructor(quantity: MeasurementRefusal['quantity'], options: LengthStatisticsOptions) {
    this.#quantity = quantity;
    this.#options = options;
  }

  judge(layer: number, { logs }: LayerSums, value: number, relative: number): number | null {
    if (!Number.isFinite(value) || (logs.count > 0 && value < smallestMean)) this.#far.push(layer);
    else if (!(relative <= largestRelativeError)) this.#few.push(layer);
    else return value;
    return null;
  }

  refusals(): MeasurementRefusal[] {
    return [
      ...(this.#far.length > 0 ? [beyondRange(this.#quantity, this.#far)] : []),
      ...(this.#few.length > 0 ? [tooFewNets(this.#quantity, this.#few, this.#options)] : []),
    ];
  }
}
