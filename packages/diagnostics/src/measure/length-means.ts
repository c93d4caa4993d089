/** Decides which means over random nets are told, with what they are worth. */
import {
  beyondRange,
  type ExpectedError,
  largestRelativeError,
  type MeasurementRefusal,
  relativeError,
} from './length-refusals.js';
import { addToMoments, emptyMoments, type RunningMoments, standardErrorOf } from './running-moments.js';

/** Lengths of one layer over all nets. A number that a sample of this size cannot tell is null, and a refusal says why. */
export interface LengthMeans {
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

/** Takes the length of one net's layer in. */
export function addLength(sums: LayerSums, length: number, logLength: number): void {
  addToMoments(sums.lengths, length);
  addToMoments(sums.squares, length * length);
  if (logLength === Number.NEGATIVE_INFINITY) sums.dead += 1;
  else if (Number.isFinite(logLength)) addToMoments(sums.logs, logLength);
  else sums.overflowed += 1;
}

/** Who judges means and second moments. */
export interface LengthJudges {
  readonly means: MeanJudge;
  readonly seconds: MeanJudge;
}

/** Judges whose refusals come from `tooFew`. */
export function lengthJudges(tooFew: RefuseTooFew): LengthJudges {
  return { means: new MeanJudge('meanLength', tooFew), seconds: new MeanJudge('secondMoment', tooFew) };
}

/**
 * What is told of a layer.
 *
 * @param layer its number, for the refusals
 * @param theory standard errors that theory expects of the means
 */
export function summarizeLayer(
  layer: number,
  sums: LayerSums,
  theory: { readonly mean: ExpectedError | null; readonly second: ExpectedError | null } | undefined,
  { means, seconds }: LengthJudges,
): LengthMeans {
  const meanError = theory?.mean?.relative ?? relativeError(sums.lengths.mean, standardErrorOf(sums.lengths));
  const secondError = relativeError(sums.squares.mean, standardErrorOf(sums.squares));
  const meanLength = means.judge(layer, sums, sums.lengths.mean, meanError);
  const secondMoment = seconds.judge(
    layer,
    sums,
    sums.squares.mean,
    // A stand-in may be too small, and so may the sample's.
    theory?.second?.exact === true
      ? theory.second.relative
      : Math.max(theory?.second?.relative ?? 0, secondError),
  );
  return {
    meanLength,
    standardError: meanLength === null ? null : standardErrorOf(sums.lengths),
    predictedStandardError: theory?.mean?.absolute ?? null,
    secondMoment,
    secondMomentStandardError: secondMoment === null ? null : standardErrorOf(sums.squares),
    predictedSecondMomentStandardError: theory?.second?.exact === true ? theory.second.absolute : null,
    meanLogLength: sums.logs.count === 0 ? null : sums.logs.mean,
    meanLogLengthStandardError: standardErrorOf(sums.logs),
    deadTrials: sums.dead,
    overflowedTrials: sums.overflowed,
  };
}

/** Below it a mean has lost digits to nets that underflowed. */
const smallestMean = 1e-300;

/** Words for means whose standard error is too large. */
export type RefuseTooFew = (
  quantity: MeasurementRefusal['quantity'],
  layers: readonly number[],
) => MeasurementRefusal;

/** Decides layer by layer whether a number is told, and collects the reasons. */
export class MeanJudge {
  readonly #quantity: MeasurementRefusal['quantity'];
  readonly #tooFew: RefuseTooFew;
  readonly #few: number[] = [];
  readonly #far: number[] = [];

  constructor(quantity: MeasurementRefusal['quantity'], tooFew: RefuseTooFew) {
    this.#quantity = quantity;
    this.#tooFew = tooFew;
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
      ...(this.#few.length > 0 ? [this.#tooFew(this.#quantity, this.#few)] : []),
    ];
  }
}
