/** Epochs to a test accuracy in words: cells of tables, counts of outcomes, and how a training is set. */
import { countOf, countText, listText, numberText, percentText } from '../report/number-text.js';
import {
  type EpochsToAccuracy,
  type Failure,
  failureCount,
  failures,
  mainFailure,
} from './epochs-to-accuracy.js';
import type { TrainingSettings } from './training-settings.js';

const failureNames: Readonly<Record<Failure, string>> = {
  censored: 'at the cap',
  diverged: 'diverged',
  'never-moves': 'never moves',
};

/** What became of runs that did not start, as predicates of a count: `3 diverged`. */
export const failureWords: Readonly<Record<Failure, string>> = {
  censored: 'had not when the epochs ran out',
  diverged: 'diverged',
  'never-moves': 'can provably never move again',
};

/**
 * One cell of a table of epochs: `4`, `>100`, `diverged`; in brackets the runs that ended otherwise than the word says.
 *
 * @param cap most epochs a run may take, if known
 */
export function epochsText(cell: EpochsToAccuracy, cap: number | undefined): string {
  if (cell.runs === 0) return '–';
  const main = mainFailure(cell);
  if (cell.medianEpochs !== null) {
    const missing = failures.filter((failure) => failureCount(cell, failure) > 0);
    const counts = missing.map(
      (failure) => `${countText(failureCount(cell, failure))} ${failureNames[failure]}`,
    );
    return counts.length === 0
      ? numberText(cell.medianEpochs)
      : `${numberText(cell.medianEpochs)} (${counts.join(', ')})`;
  }
  if (main === null) return '–';
  const word =
    main === 'censored' ? (cap === undefined ? 'over the cap' : `>${countText(cap)}`) : failureNames[main];
  const others = failures.filter((failure) => failure !== main && failureCount(cell, failure) > 0);
  const counts = [
    ...(cell.reached > 0 ? [`${countText(cell.reached)} reached`] : []),
    ...others.map((failure) => `${countText(failureCount(cell, failure))} ${failureNames[failure]}`),
  ];
  return counts.length === 0 ? word : `${word} (${counts.join(', ')})`;
}

/** `1 epoch`, `4.5 epochs`. */
export function countEpochs(epochs: number): string {
  return `${numberText(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'}`;
}

/** How the trainings ended, as one sentence; none for no runs. @param cap most epochs a run may take, if known */
export function outcomesSentence(
  cells: readonly EpochsToAccuracy[],
  cap: number | undefined,
): readonly string[] {
  const sum = (count: (cell: EpochsToAccuracy) => number) =>
    cells.reduce((total, cell) => total + count(cell), 0);
  const runs = sum((cell) => cell.runs);
  if (runs === 0) return [];
  const within = cap === undefined ? '' : ` within ${countOf(cap, 'epoch')}`;
  const parts = [
    { count: sum((cell) => cell.reached), words: `reached the target${within}` },
    { count: sum((cell) => cell.censored), words: 'had not when the epochs ran out' },
    { count: sum((cell) => cell.diverged), words: 'diverged' },
    { count: sum((cell) => cell.neverMoves), words: 'stopped because they could provably never move again' },
  ]
    .filter(({ count }, i) => i === 0 || count > 0)
    .map(({ count, words }) => `${count === 0 ? 'none' : countText(count)} ${words}`);
  return [`Of ${countOf(runs, 'training')}, ${listText(parts)}.`];
}

/** `20 % test accuracy`. @param target null or undefined where it is not known */
export function accuracyText(target: number | null | undefined): string {
  return target == null ? 'the target test accuracy' : `${percentText(target)} test accuracy`;
}

/** The data of a training: `mnist (60,000 training, 10,000 test images)`. */
export function trainingDataText({ data }: TrainingSettings): string {
  return `${data.name} (${countText(data.trainCount)} training, ${countText(data.testCount)} test images)`;
}

/** The rest of its settings: `SGD, learning rate 0.01, batches of 1,024, at most 100 epochs`. */
export function trainingSettingsText({ learningRate, batchSize, maxEpochs }: TrainingSettings): string {
  return `SGD, learning rate ${learningRate}, batches of ${countText(batchSize)}, at most ${countOf(maxEpochs, 'epoch')}`;
}
