/**
 * What figure 1 comes to: one row a grid point, theory beside measurement. Everything here is a pure function of the
 * spec and its records, reduced in a fixed order. A number may be NaN (a standard error of one trial) or infinite;
 * `summaryText` writes those as words.
 */
import type { JsonObject } from '../../spec/canonical-json.js';
import type { EpochsToAccuracy } from '../../training/epochs-to-accuracy.js';
import type { Figure1Spec } from './spec.js';

/** Part 1a: the length of the last hidden layer of nets of one initializer and depth, relative to the input's length. */
export interface LengthCell extends JsonObject {
  readonly initializer: string;
  /** Hidden layers; also the width of every layer, the input included. */
  readonly depth: number;
  readonly trials: number;
  /** Nets whose last length is exactly zero. They count in the mean, and have no logarithm. */
  readonly deadTrials: number;
  /** Mean of M_d / M_0 over the trials. */
  readonly meanLength: number;
  /** Sample standard error of that mean. Too small where the law is heavy-tailed: prefer `predictedStandardError`. */
  readonly standardError: number;
  /** E[M_d / M_0] from theory. */
  readonly predictedLength: number;
  /** Standard error of the mean over this many trials, from the exact second moment. */
  readonly predictedStandardError: number;
  /** (meanLength − predictedLength) / predictedStandardError. */
  readonly deviation: number;
  /** Mean of log(M_d / M_0) over the living trials (natural log), or null when all are dead. */
  readonly meanLogLength: number | null;
  /** Median of M_d / M_0. */
  readonly medianLength: number;
  /** 16 % and 84 % points of M_d / M_0: where two thirds of single nets lie. */
  readonly lowerLength: number;
  readonly upperLength: number;
  /** Mean over the trials of the empirical variance of the lengths across layers (failure mode 2). */
  readonly meanLengthVariance: number;
}

/** Part 1b: trainings of one initializer and depth. */
export interface TrainingCell extends EpochsToAccuracy {
  readonly initializer: string;
  readonly depth: number;
}

/** The whole of `summary.json`. */
export interface Figure1Summary extends JsonObject {
  readonly study: 'figure-1';
  readonly spec: Figure1Spec & JsonObject;
  /** Full hash of the spec, hex. */
  readonly specHash: string;
  /** Which kernels made the records, as in `TrialRecord.kernels`. */
  readonly kernels: string;
  readonly version: string;
  readonly lengths: readonly LengthCell[];
  readonly training: readonly TrainingCell[];
}
