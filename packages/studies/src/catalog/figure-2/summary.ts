/**
 * What figure 2 comes to: one row a grid point, theory beside measurement. Lengths are ‖f_L‖² for an input of norm 1, as natural
 * logarithms: for b = 1 and many modules they are beyond f64. A number may be NaN (the error of one trial) or infinite (the logarithm
 * of a dead net's length); `summaryText` writes those as words.
 */
import type { JsonObject } from '../../spec/canonical-json.js';
import type { EpochsToAccuracy } from '../../training/epochs-to-accuracy.js';
import type { Figure2Spec } from './spec.js';

/** Part 2a: the length behind the last of L modules. */
export interface ResidualLengthCell extends JsonObject {
  /** b of η_l = b^l. */
  readonly base: number;
  /** L. */
  readonly modules: number;
  readonly trials: number;
  /** Nets with M_L = 0. They count in the mean, and have no logarithm. */
  readonly deadTrials: number;
  /** Logarithm of the mean of M_L over the trials. */
  readonly logMean: number;
  /**
   * Standard error of the mean over the mean: exact from theory for linear-ending modules; for ReLU modules, whose second moment has no
   * closed form, the larger of the sample's own (too small where the law is heavy-tailed) and that of a lognormal law whose logarithm
   * scatters as the sample's: M_L is a product of many factors.
   */
  readonly relativeError: number;
  /** `relativeError` is above a third: the mean over so many nets says little about E[M_L]. */
  readonly heavyTailed: boolean;
  /** log E[M_L]; null where there are bounds only. */
  readonly predictedLogMean: number | null;
  readonly logLower: number;
  readonly logUpper: number;
  /** log E[M_L], or an approximation within the bounds. */
  readonly logEstimate: number;
  /** How far the mean lies beyond the bounds (0 between them) or from the exact value, in standard errors. */
  readonly deviation: number;
  /** Mean and standard error of log M_L over the living trials; null when all are dead. */
  readonly meanLog: number | null;
  readonly meanLogError: number | null;
  /** log of the median, the 16 % and the 84 % points of M_L. */
  readonly logMedian: number;
  readonly logLow: number;
  readonly logHigh: number;
}

/** How fast the mean length of one base grows with L, over the deepest stretch where means can be trusted. */
export interface ResidualGrowthRow extends JsonObject {
  readonly base: number;
  /** The stretch, in modules; from 0 it begins at the input. */
  readonly from: number;
  readonly to: number;
  /** (log mean at `to` − log mean at `from`) / (to − from), and its standard error. */
  readonly slope: number;
  readonly slopeError: number;
  /** The same of theory's estimate and, as the mean at `from` may be anywhere between its bounds, its least and most. */
  readonly predictedSlope: number;
  readonly leastSlope: number;
  readonly mostSlope: number;
  /** The same of the mean of log M: of a typical net. */
  readonly typicalSlope: number | null;
  /** Σ η_l and Σ η_l² over the most modules measured. */
  readonly sumOfScales: number;
  readonly sumOfSquares: number;
  /** log of theory's estimate, lower and upper bound for L → ∞; null where they do not converge. */
  readonly limit: { readonly estimate: number; readonly lower: number; readonly upper: number } | null;
}

/** Part 2b: trainings of one base and number of modules. */
export interface ResidualTrainingCell extends EpochsToAccuracy {
  readonly base: number;
  readonly modules: number;
}

/** The whole of `summary.json`. */
export interface Figure2Summary extends JsonObject {
  readonly study: 'figure-2';
  readonly spec: Figure2Spec & JsonObject;
  /** Full hash of the spec, hex. */
  readonly specHash: string;
  /** Which kernels made the records, as in `TrialRecord.kernels`. */
  readonly kernels: string;
  readonly version: string;
  readonly lengths: readonly ResidualLengthCell[];
  readonly growth: readonly ResidualGrowthRow[];
  readonly training: readonly ResidualTrainingCell[];
}
