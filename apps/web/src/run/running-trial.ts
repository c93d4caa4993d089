/** The trainings that are under way, each with what its epochs have shown so far. For showing only. */
import { initializerTitle, isInitializerName } from '@kindling/initializers';
import { trialName, type TrialKey, type TrialProgress } from '@kindling/studies';

/** One training under way. */
export interface RunningTrial {
  /** Its name in the study, such as `training/he-normal/depth=10#2`. */
  readonly name: string;
  /** For people, such as `He normal, depth 10, training 3`. */
  readonly title: string;
  /** Completed share of its longest possible course, 0 … 1. */
  readonly fraction: number;
  readonly epoch: number;
  /** Test accuracy before the first step and after every epoch, 0 … 1. */
  readonly accuracies: readonly number[];
  /** Mean loss of the newest epoch; NaN before the first. */
  readonly meanLoss: number;
}

/** A trial's name for people. A cell named in another way is shown as it is. */
export function trialTitle({ cell, trial }: TrialKey): string {
  const [, initializer = '', depth = ''] = /^\w+\/([a-z0-9-]+)\/depth=(\d+)$/.exec(cell) ?? [];
  if (!isInitializerName(initializer)) return `${cell}, trial ${trial + 1}`;
  return `${initializerTitle(initializer)}, depth ${depth}, training ${trial + 1}`;
}

/** The trial after one more piece of news. */
export function advanceTrial(before: RunningTrial | undefined, progress: TrialProgress): RunningTrial {
  const { epoch = 0, testAccuracy = Number.NaN, meanLoss = Number.NaN } = progress.values;
  // A trial that was begun anew (its worker died) starts its curve anew.
  const past = before !== undefined && epoch > before.epoch ? before.accuracies : [];
  return {
    name: trialName(progress),
    title: trialTitle(progress),
    fraction: progress.fraction,
    epoch,
    accuracies: [...past, testAccuracy],
    meanLoss,
  };
}
