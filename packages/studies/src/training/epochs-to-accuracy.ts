/**
 * Epochs to a test accuracy over the runs of a grid point: counts of outcomes, the median with what did not make it counted as
 * longer than the cap, and which way of failing stands for the point.
 */
import { mean, median } from '@kindling/core';
import type { TrainingOutcome } from '@kindling/trainer';
import { decodeNumber, type JsonObject } from '../spec/canonical-json.js';
import type { TrialRecord } from '../study.js';
import type { TrainingTrialResult } from './training-trial.js';

/** The runs of one grid point. */
export interface EpochsToAccuracy extends JsonObject {
  readonly runs: number;
  readonly reached: number;
  readonly censored: number;
  readonly diverged: number;
  readonly neverMoves: number;
  /** Median of the epochs to the target over all runs, those that did not make it counted as "more than the cap"; null when that is the median. */
  readonly medianEpochs: number | null;
  /** Mean epochs of the runs that reached the target, or null. */
  readonly meanEpochsReached: number | null;
  /** Epochs of each run in trial order; null where it did not reach the target. */
  readonly epochs: readonly (number | null)[];
  /** Outcome of each run in trial order. */
  readonly outcomes: readonly TrainingOutcome[];
  /** Mean over the runs of the last test accuracy. */
  readonly meanFinalAccuracy: number;
}

/** Reduces the records of one grid point, sorted by trial, whose results are `TrainingTrialResult`s. */
export function summarizeEpochs(records: readonly TrialRecord[]): EpochsToAccuracy {
  const results = records.map((record) => record.result as TrainingTrialResult);
  const outcomes = results.map((result) => result.outcome);
  const count = (outcome: string) => outcomes.filter((other) => other === outcome).length;
  const reached = results.filter((result) => result.outcome === 'reached').map((result) => result.epochs);
  // A run that did not make it took longer than any that did, however it failed.
  const middle = median(
    results.map(({ outcome, epochs }) => (outcome === 'reached' ? epochs : Number.POSITIVE_INFINITY)),
  );
  return {
    runs: results.length,
    reached: reached.length,
    censored: count('censored'),
    diverged: count('diverged'),
    neverMoves: count('never-moves'),
    medianEpochs: Number.isFinite(middle) ? middle : null,
    meanEpochsReached: reached.length === 0 ? null : mean(reached),
    epochs: results.map(({ outcome, epochs }) => (outcome === 'reached' ? epochs : null)),
    outcomes,
    meanFinalAccuracy: mean(results.map(({ testAccuracy }) => decodeNumber(testAccuracy.at(-1) ?? 'NaN'))),
  };
}

/** Ways a training does not start, in the order figures stack them from the epochs upward. */
export const failures = ['censored', 'diverged', 'never-moves'] as const satisfies readonly TrainingOutcome[];

/** One of the ways a training does not start. */
export type Failure = (typeof failures)[number];

/** How many runs of a cell ended in this failure. */
export function failureCount(cell: EpochsToAccuracy, failure: Failure): number {
  if (failure === 'censored') return cell.censored;
  return failure === 'diverged' ? cell.diverged : cell.neverMoves;
}

/** The most frequent failure of a cell (the earlier in `failures` on a tie), or null when every run reached the target. */
export function mainFailure(cell: EpochsToAccuracy): Failure | null {
  let main: Failure | null = null;
  let most = 0;
  for (const failure of failures) {
    const count = failureCount(cell, failure);
    if (count > most) {
      main = failure;
      most = count;
    }
  }
  return main;
}
