/** When a mean of squared gradients over random nets means nothing: as for lengths, by `largestRelativeError`. */
import { sumReciprocalWidths } from '../theory/lengths.js';
import { grouped, largestRelativeError, relativeError, rounded } from './length-refusals.js';
import { type RunningMoments, standardErrorOf } from './running-moments.js';

/** A number that is not told, and why. */
export interface GradientRefusal {
  readonly quantity: 'meanNorm' | 'relativeSecondMoment' | 'jacobianEntrySpread';
  /** The layers it is not told of, 0 the input. */
  readonly layers: readonly number[];
  /** One line, such as "S = 5: a mean over 1,000 nets says nothing about E‖gradient‖²; showing log norms". */
  readonly reason: string;
}

/** A standard error from theory. */
export interface TheoryError {
  readonly relative: number;
  /** False for a stand-in, which may be too small, as the sample's may be. */
  readonly exact: boolean;
}

/** True where a sample of this size cannot tell the mean. */
export function isUntold(sample: RunningMoments, theory: TheoryError | null): boolean {
  const own = relativeError(sample.mean, standardErrorOf(sample));
  const relative = theory === null ? own : theory.exact ? theory.relative : Math.max(theory.relative, own);
  return !(Number.isFinite(sample.mean) && relative <= largestRelativeError);
}

const symbols = {
  meanNorm: 'E‖gradient‖²',
  relativeSecondMoment: 'E‖gradient‖⁴',
  jacobianEntrySpread: 'the fourth moment of Jacobian entries',
} as const;

/** The refusal of a quantity; none for no layers. */
export function gradientRefusals(
  quantity: GradientRefusal['quantity'],
  layers: readonly number[],
  { widths, trials }: { readonly widths: readonly number[]; readonly trials: number },
): readonly GradientRefusal[] {
  if (layers.length === 0) return [];
  const nets = trials === 1 ? 'one net' : `${grouped(trials)} nets`;
  const reason = `S = ${rounded(sumReciprocalWidths(widths))}: a mean over ${nets} says nothing about ${symbols[quantity]}; showing log norms`;
  return [{ quantity, layers, reason }];
}
