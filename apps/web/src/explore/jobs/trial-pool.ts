/**
 * Trials of the study on a few workers, in portions that come back often enough to be watched and to be stopped. What they
 * find does not depend on who runs them or in which portions.
 */
import type { ExploreCell, ExploreSpec, TrialKey, TrialRecord } from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import type { JobWorker } from './job-worker.js';

/** Which trials to run. */
export interface TrialsWanted {
  readonly spec: ExploreSpec;
  /** Cells in the order in which they are worth seeing; all their trials are run. */
  readonly cells: readonly Pick<ExploreCell, 'id' | 'trials'>[];
  /** The images, where these cells look at them. */
  readonly dataset?: Dataset | null;
  readonly signal: AbortSignal;
  readonly onRecords: (records: readonly TrialRecord[]) => void;
}

/** A few workers. */
export interface TrialPool {
  /**
   * Runs all trials. Resolves when they are done; rejects with the signal's reason as soon as it is aborted, and no
   * callback follows.
   */
  run(wanted: TrialsWanted): Promise<void>;
}

/** Milliseconds a portion should take: the first ones less, so that something is seen at once. */
const [firstPortion, portion] = [12, 45];

/** A pool of these workers. Several runs may be under way; each worker does one portion at a time. */
export function openTrialPool(workers: readonly JobWorker[]): TrialPool {
  return {
    async run({ spec, cells, dataset, signal, onRecords }) {
      const queues = cells.map(({ id, trials }) => ({ id, trials, next: 0, milliseconds: 0, done: 0 }));

      /** The next portion: of the first cell that is not used up, as many trials as its time per trial allows. */
      function take(): {
        readonly queue: (typeof queues)[number];
        readonly keys: readonly TrialKey[];
      } | null {
        const queue = queues.find(({ next, trials }) => next < trials);
        if (queue === undefined) return null;
        const { id, trials, next, milliseconds, done } = queue;
        const wanted = done < 8 ? firstPortion : portion;
        const count =
          done === 0 ? 1 : Math.max(1, Math.round((wanted * done) / Math.max(0.05, milliseconds)));
        // The rest is shared out, lest one worker have all of it.
        const most = Math.max(1, Math.ceil((trials - next) / workers.length));
        const keys = Array.from({ length: Math.min(count, most) }, (_, i) => ({ cell: id, trial: next + i }));
        queue.next += keys.length;
        return { queue, keys };
      }

      async function work(worker: JobWorker): Promise<void> {
        for (let taken = take(); taken !== null; taken = take()) {
          const { queue, keys } = taken;
          let began = 0;
          const records = await worker.call((server, sent) => {
            began = performance.now();
            return server.trials({ spec, keys, ...unsent(dataset, sent) });
          }, signal);
          queue.milliseconds += performance.now() - began;
          queue.done += keys.length;
          signal.throwIfAborted();
          onRecords(records);
        }
      }

      await Promise.all(workers.map(work));
    },
  };
}

/** The data set, unless this worker has it: it keeps the last one it was sent. */
export function unsent(
  dataset: Dataset | null | undefined,
  sent: Set<unknown>,
): { readonly dataset?: Dataset | null } {
  if (dataset === undefined || sent.has(dataset)) return {};
  sent.clear();
  sent.add(dataset);
  return { dataset };
}
