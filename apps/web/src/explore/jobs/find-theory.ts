/** Theory of every configuration, from a worker: milliseconds, but some of them at a depth of a thousand. */
import type { ExploreSpec, ExploreTheory } from '@kindling/studies';
import { theoryKey } from './findings.js';
import type { JobWorker } from './job-worker.js';
import type { Keeper } from './keeper.js';

/** What is wanted, and where it goes. */
export interface FindTheoryOptions {
  readonly spec: ExploreSpec;
  /** Configurations in the order in which they are worth seeing. */
  readonly order: readonly number[];
  readonly worker: JobWorker;
  readonly keeper: Keeper<ExploreTheory>;
  readonly stop: AbortSignal;
}

/** Finds what is not kept yet. Rejects with the signal's reason when it is aborted. */
export async function findTheory({ spec, order, worker, keeper, stop }: FindTheoryOptions): Promise<void> {
  for (const index of order) {
    const key = theoryKey(spec, index);
    if (keeper.peek(key) !== null) continue;
    keeper.keep(key, await worker.call((server) => server.theory(spec, index), stop));
  }
}
