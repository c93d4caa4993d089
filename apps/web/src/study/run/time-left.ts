/**
 * How far a run is and how long it will take: arithmetic for the progress bar, kept out of the views. A cost is that of
 * the course a trial is expected to take, so all of it may be done while a trial runs on; how long that one still takes
 * nobody knows.
 */
import type { StudyProgress } from '@kindling/studies';

/** What the progress bar shows. */
export interface RunProgress {
  readonly doneTrials: number;
  readonly totalTrials: number;
  /** 0 … 1, by estimated work, trials under way included. */
  readonly fraction: number;
  readonly secondsElapsed: number;
  /** Null while there is nothing to estimate from, or nothing left but trials that outlast the expectation. */
  readonly secondsLeft: number | null;
}

/** Before this many seconds, and this share of the work, an estimate would be noise. */
const leastSeconds = 1.5;
const leastShare = 0.02;

/**
 * Reads a run's progress.
 *
 * @param progress as `runStudy` told it
 * @param costUnderWay work done in trials that have not ended: for each its `Cell.cost`, as far as it has come
 * @param secondsElapsed since this run began
 */
export function readProgress(
  progress: StudyProgress,
  costUnderWay: number,
  secondsElapsed: number,
): RunProgress {
  const { doneTrials, totalTrials, totalCost, resumedCost } = progress;
  const done = Math.min(totalCost, progress.doneCost + costUnderWay);
  const ended = doneTrials === totalTrials;
  const fraction = ended || totalCost === 0 ? 1 : done / totalCost;
  const fresh = done - resumedCost;
  const known =
    secondsElapsed >= leastSeconds &&
    fresh > 0 &&
    fresh >= leastShare * (totalCost - resumedCost) &&
    (ended || done < totalCost);
  const secondsLeft = known ? (secondsElapsed * (totalCost - done)) / fresh : null;
  return { doneTrials, totalTrials, fraction, secondsElapsed, secondsLeft };
}
