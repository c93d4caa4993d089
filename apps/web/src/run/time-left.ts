/** How far a run is and how long it will take: arithmetic for the progress bar, kept out of the views. */
import type { StudyProgress } from '@kindling/studies';

/** What the progress bar shows. */
export interface RunProgress {
  readonly doneTrials: number;
  readonly totalTrials: number;
  /** 0 … 1, by estimated work, trials under way included. */
  readonly fraction: number;
  readonly secondsElapsed: number;
  /** Null while there is nothing to estimate from. */
  readonly secondsLeft: number | null;
}

/** Before this many seconds, and this share of the work, an estimate would be noise. */
const leastSeconds = 1.5;
const leastShare = 0.02;

/**
 * Reads a run's progress.
 *
 * @param progress as `runStudy` told it
 * @param costUnderWay estimated work already done in trials that have not ended, in units of `Cell.cost`
 * @param secondsElapsed since this run began
 */
export function readProgress(
  progress: StudyProgress,
  costUnderWay: number,
  secondsElapsed: number,
): RunProgress {
  const { doneTrials, totalTrials, totalCost, resumedCost } = progress;
  const done = Math.min(totalCost, progress.doneCost + costUnderWay);
  const fraction = doneTrials === totalTrials || totalCost === 0 ? 1 : done / totalCost;
  const fresh = done - resumedCost;
  const known =
    secondsElapsed >= leastSeconds && fresh >= leastShare * (totalCost - resumedCost) && fresh > 0;
  const secondsLeft = known ? (secondsElapsed * (totalCost - done)) / fresh : null;
  return { doneTrials, totalTrials, fraction, secondsElapsed, secondsLeft };
}

/** A duration for people: `8 s`, `1 min 5 s`, `2 h 3 min`. Never less than a second. */
export function durationText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
