/** The verdict on every configuration, as the study's trials find it: closed forms where they suffice, else random nets. */
import type { ExploreSpec, ExploreVerdictResult } from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import type { PlannedCell } from './explore-server.js';
import { numbersKey, type VerdictFound } from './findings.js';
import type { JobWorker } from './job-worker.js';
import type { Keeper } from './keeper.js';
import { unsent } from './trial-pool.js';

/** What is wanted, and where it goes. */
export interface JudgeOptions {
  readonly spec: ExploreSpec;
  readonly cells: readonly PlannedCell[];
  readonly order: readonly number[];
  readonly worker: JobWorker;
  readonly keeper: Keeper<VerdictFound>;
  readonly dataset: Dataset | null | undefined;
  readonly stop: AbortSignal;
}

/** Judges what is not judged yet. A configuration that cannot be judged is told so and does not stop the others. */
export async function judge(options: JudgeOptions): Promise<void> {
  const { spec, cells, order, worker, keeper, dataset, stop } = options;
  for (const index of order) {
    const key = numbersKey(spec, index);
    const cell = cells.find((each) => each.part === 'verdict' && each.index === index);
    if (cell === undefined || keeper.peek(key)?.state === 'judged') continue;
    try {
      const keys = [{ cell: cell.id, trial: 0 }];
      const [record] = await worker.call(
        (server, sent) => server.trials({ spec, keys, ...unsent(dataset, sent) }),
        stop,
      );
      if (record === undefined) continue;
      keeper.keep(key, { state: 'judged', verdict: record.result as ExploreVerdictResult });
    } catch (error) {
      if (stop.aborted) throw error;
      keeper.keep(key, { state: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }
}
