/** Decides which means over random nets are told, with what they are worth. */
import { portableMath } from '@kindling/core';
import {
  beyondRange,
  type ExpectedError,
  largestRelativeError,
  logNormalError,
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
  const meanLength = means.judge(layer, sums, sums.lengths.mean, errorOf(sums, theory?.mean ?? null, 1));
  const secondMoment = seconds.judge(
    layer,
    sums,
    sums.squares.mean,
    errorOf(sums, theory?.second ?? null, 2),
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

/**
 * Relative, of the mean of M^power: theory's where it is exact, else the larger of the sample's, which may be too small, and of theory's
 * stand-in or, where there is none, that of log-normal lengths.
 */
function errorOf(sums: LayerSums, theory: ExpectedError | null, power: 1 | 2): number {
  if (theory?.exact === true) return theory.relative;
  const moments = power === 1 ? sums.lengths : sums.squares;
  const own = relativeError(moments.mean, standardErrorOf(moments));
  return Math.max(own, theory?.relative ?? logNormalError(sums.logs, moments.count, power) ?? own);
}

/**
 * Whether layers whose E[M²] is not told make most of Σ E[M_l²], of which V̂ is made: each as log-normal as its logarithms say, E[M²] =
 * P(alive) exp(2μ + 2σ²). The sample's own error does not see it, since nets that are typical end far below.
 */
export function restsOnUntold(
  layers: readonly LayerSums[],
  told: readonly Pick<LengthMeans, 'secondMoment'>[],
): boolean {
  const shares = layers.map(({ logs, lengths }) =>
    logs.count < 2
      ? Number.NEGATIVE_INFINITY
      : portableMath.log(logs.count / lengths.count) + 2 * (logs.mean + logs.squares / (logs.count - 1)),
  );
  const most = shares.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (most === Number.NEGATIVE_INFINITY) return false;
  let [all, lost] = [0, 0];
  shares.forEach((share, index) => {
    const part = portableMath.exp(share - most);
    all += part;
    if (told[index]?.secondMoment === null) lost += part;
  });
  return lost > all / 2;
}

/** Below it a mean has lost digits to nets that underflowed. */
const smallestMean = 1e-300;

/** Words for means whose standard error is too large. */
export type RefuseTooFew = (
  quantity: MeasurementRefusal['quantity'],
  layers: readonly number[],
) => MeasurementRefusal;

/**
 * Decides layer by layer, from the first on, whether a number is told, and collects the reasons. Once a mean has a standard error that is too
 * large, so has that of every deeper layer, whatever the sample says.
 */
export class MeanJudge {
  readonly #quantity: MeasurementRefusal['quantity'];
  readonly #tooFew: RefuseTooFew;
  readonly #few: number[] = [];
  readonly #far: number[] = [];
  #lost = false;

  constructor(quantity: MeasurementRefusal['quantity'], tooFew: RefuseTooFew) {
    this.#quantity = quantity;
    this.#tooFew = tooFew;
  }

  /** A batch normalization, behind which lengths no longer depend on those before it. */
  restart(): void {
    this.#lost = false;
  }

  judge(layer: number, { logs }: LayerSums, value: number, relative: number): number | null {
    this.#lost ||= !(relative <= largestRelativeError);
    // All nets are dead, which is certain.
    if (value === 0 && logs.count === 0 && relative === 0) return value;
    if (!Number.isFinite(value) || (logs.count > 0 && value < smallestMean)) this.#far.push(layer);
    else if (this.#lost) this.#few.push(layer);
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
