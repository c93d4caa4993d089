/**
 * Long work in this thread, in steps: between them the event loop turns, so that a progress display moves and Ctrl-C is
 * heard. Nothing is kept of work that was stopped.
 */
import { setImmediate } from 'node:timers/promises';
import { countOf, countText } from '@kindling/studies/text';
import type { ExitCode } from '../exit-codes.js';
import { listenForInterruption } from '../interruption.js';
import type { Surroundings } from '../surroundings.js';
import { openProgressDisplay } from './progress-display.js';

/** How far work is, in trials. */
export interface StepProgress {
  readonly done: number;
  readonly total: number;
}

/** What becomes of the work. */
export type StepsOutcome<Result> =
  | { readonly ended: 'finished'; readonly result: Result }
  | { readonly ended: 'interrupted'; readonly exitCode: ExitCode };

/** Work shorter than this is over before a display could be read. */
const quietMs = 1500;
/** The event loop turns this often: signals are heard and bars drawn, and the work is hardly slowed down. */
const turnMs = 30;

/**
 * Runs `steps` to its end, or until a signal comes, which is told on `stderr`.
 *
 * @param news what is being done, in a few words
 */
export async function runSteps<Result>(
  steps: Generator<StepProgress, Result>,
  { stderr, now }: Pick<Surroundings, 'stderr' | 'now'>,
  news: string,
): Promise<StepsOutcome<Result>> {
  const started = now();
  const interruption = listenForInterruption(() => stderr.write('Stopping. (Ctrl-C again ends at once.)\n'));
  const display = openProgressDisplay(stderr, now);
  interruption.beforeStop(() => display.close());
  try {
    // Whatever clock is told from, the event loop has to turn in this machine's time.
    let turned = performance.now();
    for (;;) {
      const { done: finished, value } = steps.next();
      if (finished === true) return { ended: 'finished', result: value };
      const at = performance.now();
      if (at - turned < turnMs) continue;
      turned = at;
      const elapsed = now() - started;
      if (elapsed >= quietMs) display.update(workState(value, elapsed), news);
      await setImmediate();
      if (!interruption.signal.aborted) continue;
      display.close();
      stderr.write(
        `Interrupted after ${countText(value.done)} of ${countOf(value.total, 'trial')}; ask for fewer with --trials.\n`,
      );
      return { ended: 'interrupted', exitCode: interruption.exitCode() };
    }
  } finally {
    display.close();
    interruption.dispose();
  }
}

/** Of the work done, before the time left is told: the first trials also make the engine ready. */
const leastShare = 0.05;

/** Trials cost alike, so the time left is the time so far in proportion. */
export function workState({ done, total }: StepProgress, elapsedMs: number) {
  return {
    doneTrials: done,
    totalTrials: total,
    resumedTrials: 0,
    fraction: total === 0 ? 1 : done / total,
    secondsLeft: done < total * leastShare ? null : ((elapsedMs / done) * (total - done)) / 1000,
  };
}
