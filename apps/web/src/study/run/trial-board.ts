/**
 * The trainings that are under way, one line a worker, each with what its epochs have shown so far. A line keeps its
 * place, and stays when its training has ended until the next one takes it over, so that the eye can follow. For
 * showing only; no number of a record comes from here.
 */
import { initializerTitle } from '@kindling/initializers';
import { isFigure1InitializerName, type TrialKey, type TrialProgress, trialName } from '@kindling/studies';

/** One training under way, or the last one of its line. */
export interface BoardLine {
  /** Its name in the study, such as `training/he-normal/depth=10#2`. */
  readonly name: string;
  readonly cell: string;
  /** For people, such as `Depth 10, no. 3: He normal`. */
  readonly title: string;
  /** Completed share of the course it is expected to take, 0 … 1; rests at 1 while it goes on. */
  readonly fraction: number;
  readonly epoch: number;
  /** Test accuracy before the first step and after every epoch, 0 … 1. */
  readonly accuracies: readonly number[];
  /** Mean loss of the newest epoch; NaN before the first. */
  readonly meanLoss: number;
  /** True when its record has been kept. */
  readonly ended: boolean;
}

/** The lines. */
export interface TrialBoard {
  /** A training has come further. */
  advance(progress: TrialProgress): void;
  /** The trial `name` has its record. Trials that were never on the board are passed over. */
  end(name: string): void;
  /** The lines in their places. */
  lines(): readonly BoardLine[];
}

/**
 * An empty board.
 *
 * @param places most lines at a time, 1 or more; when none is free, a training is not shown
 */
export function createTrialBoard(places: number): TrialBoard {
  const board: (BoardLine | undefined)[] = new Array<undefined>(places).fill(undefined);
  const placeOf = (name: string) => board.findIndex((line) => line?.name === name);

  return {
    advance(progress) {
      const name = trialName(progress);
      const { epoch = 0, testAccuracy = Number.NaN, meanLoss = Number.NaN } = progress.values;
      const known = placeOf(name);
      const place = known >= 0 ? known : board.findIndex((line) => line === undefined || line.ended);
      if (place < 0) return;
      const before = board[place];
      // A trial that was begun anew (its worker died) starts its curve anew.
      const past = before?.name === name && epoch > before.epoch ? before.accuracies : [];
      board[place] = {
        name,
        cell: progress.cell,
        title: trialTitle(progress),
        fraction: progress.fraction,
        epoch,
        accuracies: [...past, testAccuracy],
        meanLoss,
        ended: false,
      };
    },
    end(name) {
      const place = placeOf(name);
      const line = board[place];
      if (line !== undefined) board[place] = { ...line, ended: true };
    },
    lines: () => board.filter((line) => line !== undefined),
  };
}

/** A trial's name for people. A cell named in another way is shown as it is. */
function trialTitle({ cell, trial }: TrialKey): string {
  const [, initializer = '', depth = ''] = /^\w+\/([a-z0-9-]+)\/depth=(\d+)$/.exec(cell) ?? [];
  if (!isFigure1InitializerName(initializer)) return `${cell}, trial ${trial + 1}`;
  return `Depth ${depth}, no. ${trial + 1}: ${initializerTitle(initializer)}`;
}
