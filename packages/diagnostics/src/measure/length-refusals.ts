/**
 * When a mean over random nets means nothing. Lengths are heavy-tailed: where S = Σ 1/n_j is large, nets that make the
 * mean are too rare to be in the sample, the sample mean is then far too small almost always, and the sample's own standard
 * error is too small with it. So the decision rests on the standard error that theory predicts before a net is drawn, and where
 * theory has none on the variance of log M, which few nets tell. M_l/E[M_l] is a martingale of the layers, so what is untold in one layer
 * is untold in all that follow, up to a batch normalization.
 */
import { portableMath } from '@kindling/core';
import { predictMomentStandardErrors } from '../theory/length-standard-errors.js';
import { predictLengthVariance, predictLengthVarianceStandardError } from '../theory/length-variance.js';
import { type PredictLengthsOptions, predictLengths, sumReciprocalWidths } from '../theory/lengths.js';

/**
 * A mean whose relative standard error is above this is not shown. At ½, zero is two standard errors away from the mean: the
 * sample could not even tell the order of magnitude.
 */
export const largestRelativeError = 0.5;

/** A number that is not told, and why. */
export interface MeasurementRefusal {
  readonly quantity: 'meanLength' | 'secondMoment' | 'lengthVarianceAcrossLayers';
  /** The layers it is not told of; [0] stands for the net as a whole. */
  readonly layers: readonly number[];
  /** One line, such as "S = 5: a mean over 1,000 nets says nothing about E[M²]; showing log lengths". */
  readonly reason: string;
}

/** A standard error of a sample mean, from theory alone. */
export interface ExpectedError {
  readonly relative: number;
  /** Times the mean that theory expects. */
  readonly absolute: number;
  /** False for a stand-in, where the moments behind it have no closed form. */
  readonly exact: boolean;
}

/** Standard errors of sample means; null where theory has nothing to say. */
export interface ExpectedErrors {
  readonly layers: readonly { readonly mean: ExpectedError | null; readonly second: ExpectedError | null }[];
  /** Relative, of the mean of V̂. */
  readonly variance: number | null;
}

/**
 * What the sample's means are worth. Of M²: from E[M⁴] where the exact law holds; elsewhere as if M were log-normal with the
 * E[M²]/E[M]² = r of theory, which has E[M⁴]/E[M²]² = r⁴.
 *
 * @param options as `predictLengths`; one input for all nets, or random directions
 */
export function expectedErrors(options: PredictLengthsOptions, trials: number): ExpectedErrors {
  const predictions = predictLengths(options);
  const errors = predictMomentStandardErrors({ ...options, trials });
  const variance = predictLengthVariance(options);
  const varianceError = predictLengthVarianceStandardError({ ...options, trials });
  return {
    layers: errors.map(({ mean, secondMoment }, index) => {
      const prediction = predictions[index];
      const ratio = prediction?.relativeSecondMoment ?? null;
      const standIn =
        ratio === null ? null : Math.sqrt(Math.max(0, ratio * ratio * ratio * ratio - 1) / trials);
      return {
        mean: expectedError(mean, prediction?.mean, true),
        second: expectedError(secondMoment ?? standIn, prediction?.secondMoment, secondMoment !== null),
      };
    }),
    variance: variance === null || varianceError === null ? null : relativeError(variance, varianceError),
  };
}

function expectedError(
  relative: number | null,
  value: number | null | undefined,
  exact: boolean,
): ExpectedError | null {
  if (relative === null || value == null) return null;
  // A mean of 0 is certain: every net is dead.
  return value === 0 ? { relative: 0, absolute: 0, exact } : { relative, absolute: relative * value, exact };
}

/** error / |value|; 0 for 0/0, and Infinity where the sample has no standard error or the quotient no value. */
export function relativeError(value: number, error: number | null): number {
  if (error === null) return Number.POSITIVE_INFINITY;
  if (error === 0) return 0;
  const quotient = error / Math.abs(value);
  return Number.isNaN(quotient) ? Number.POSITIVE_INFINITY : quotient;
}

/**
 * The relative standard error of a mean over nets whose lengths are log-normal where they are alive: √((exp(k²σ²)/P(alive) − 1)/N) for the
 * mean of M^k. The sample knows σ² = Var log M long before it has met the nets that make the mean, so it stands in where theory has no
 * second moment.
 *
 * @param logs log M over the nets alive
 * @param trials N, nets in all
 * @param power k
 * @returns 0 where no net is alive, and null where a single one is: it says nothing about σ²
 */
export function logNormalError(
  { count, squares }: { readonly count: number; readonly squares: number },
  trials: number,
  power: 1 | 2,
): number | null {
  if (count === 0) return 0;
  if (count === 1) return null;
  const variance = (power * power * squares) / (count - 1);
  return Math.sqrt(Math.max(0, (portableMath.exp(variance) * trials) / count - 1) / trials);
}

/** What refusals call a quantity. */
export const quantitySymbols = {
  meanLength: 'E[M]',
  secondMoment: 'E[M²]',
  lengthVarianceAcrossLayers: 'the variance across layers',
} as const;

/** Too few nets for so heavy a tail. */
export function tooFewNets(
  quantity: MeasurementRefusal['quantity'],
  layers: readonly number[],
  { widths, trials }: { readonly widths: readonly number[]; readonly trials: number },
): MeasurementRefusal {
  const last = layers.at(-1) || widths.length - 1;
  const sum = sumReciprocalWidths(widths.slice(0, last + 1));
  const nets = trials === 1 ? 'over one net' : `over ${grouped(trials)} nets`;
  const reason = `S = ${rounded(sum)}: a mean ${nets} says nothing about ${quantitySymbols[quantity]}; showing log lengths`;
  return { quantity, layers, reason };
}

/** Numbers that f64, or f32 within one layer, cannot hold. */
export function beyondRange(
  quantity: MeasurementRefusal['quantity'],
  layers: readonly number[],
): MeasurementRefusal {
  const reason = `${quantitySymbols[quantity]} is beyond the range of floating point; showing log lengths`;
  return { quantity, layers, reason };
}

/** Three significant digits, without zeros at the end. */
export function rounded(x: number): string {
  return String(Number(x.toPrecision(3)));
}

/** 1000 as "1,000". */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
