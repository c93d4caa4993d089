/**
 * The way of a study from spec to summary: load what is known, run what is missing, keep it, sum it up. Which worker
 * ran a trial, when, and after how many interruptions leaves no trace in the summary.
 */
import { createEngine, InvalidArgumentError, type KernelModule } from '@kindling/core';
import type { Dataset, SpawnWorker } from '@kindling/trainer';
import { InterruptedError } from './errors/interrupted-error.js';
import { StudyMismatchError } from './errors/study-mismatch-error.js';
import { chunkTrials, plan, trialName } from './plan.js';
import { runPool } from './pool/worker-pool.js';
import { type Provenance, provenanceOf } from './provenance.js';
import type { JsonObject } from './spec/canonical-json.js';
import { shortSpecHash } from './spec/hash-spec.js';
import { appendQueue } from './store/append-queue.js';
import { indexRecords } from './store/index-records.js';
import type { RecordStore } from './store/record-store.js';
import type { DatasetIdentity, StudyDefinition, StudySpec, TrialProgress, TrialRecord } from './study.js';

/** How far a study is. Counts only what is in the store. */
export interface StudyProgress {
  readonly doneTrials: number;
  readonly totalTrials: number;
  /** Work done and to do, as the sum of `Cell.cost`; estimate the time left from these, resumed work taken off. */
  readonly doneCost: number;
  readonly totalCost: number;
  /** Trials that were in the store before this run, and their cost. Part of `doneTrials` and `doneCost`. */
  readonly resumedTrials: number;
  readonly resumedCost: number;
}

/** What a run is given. */
export interface RunStudyOptions<Spec extends StudySpec, Summary extends JsonObject> {
  readonly study: StudyDefinition<Spec, Summary>;
  /** As `study.parseSpec` gave it. */
  readonly spec: Spec;
  /** Gives the known records, takes the new ones. Left open. */
  readonly store: RecordStore;
  /** Starts a worker. Not called when no trial is missing. */
  readonly spawn: SpawnWorker;
  /** Workers at a time, an integer of 1 or more. */
  readonly workers: number;
  /** The data the spec names; null when it names none or when no trial is missing. */
  readonly dataset: Dataset | null;
  /** Stops the run at once. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /** Which kernels the trials run on. Default: the strict build, whose bits are the same everywhere. */
  readonly kernels?: KernelModule | undefined;
  /** What code the records must come from. Default: `kernels` and this package; the strict build is loaded once to ask it. */
  readonly provenance?: Provenance | undefined;
  /** Called once with the known records and then with those of each write, after the store has them. */
  readonly onRecords?: ((records: readonly TrialRecord[]) => void) | undefined;
  /** Called once at the start and after each write. */
  readonly onProgress?: ((progress: StudyProgress) => void) | undefined;
  /** Called for long trials on their way. */
  readonly onTrialProgress?: ((progress: TrialProgress) => void) | undefined;
}

/**
 * Runs the trials of a study that the store does not have, and sums all of them up. The summary depends on nothing
 * but the spec and the code: not on the number of workers, their order, or interruptions. An error thrown by a
 * callback stops the run and is thrown on.
 *
 * @throws InterruptedError when `signal` is aborted; what was finished is in the store, and the same call resumes.
 * @throws StudyMismatchError when the store's records, the data or the workers' code belong to something else.
 * @throws RecordConflictError when the store holds two different records of one trial.
 * @throws TrialFailedError when a trial throws; `cause` is its error.
 * @throws WorkerDiedError when a chunk of trials cost three workers their life.
 * @throws InvalidArgumentError when `workers` is not a positive integer or the data is missing.
 */
export async function runStudy<Spec extends StudySpec, Summary extends JsonObject>(
  options: RunStudyOptions<Spec, Summary>,
): Promise<Summary> {
  const { study, spec, store, workers, signal, kernels } = options;
  if (!Number.isSafeInteger(workers) || workers < 1) {
    throw new InvalidArgumentError(`runStudy: workers is ${workers}; expected an integer of 1 or more`);
  }
  const provenance = options.provenance ?? provenanceOf(kernels ?? createEngine());
  const cells = study.cells(spec);
  const keys = plan(study, spec);
  const expected = { ...provenance, spec: shortSpecHash(spec), keys };
  const records = indexRecords(await store.load(), expected);
  const missing = keys.filter((key) => !records.has(trialName(key)));

  const costs = new Map(cells.map((cell) => [cell.id, cell.cost]));
  const costOf = (trials: Iterable<{ readonly cell: string }>) => {
    let sum = 0;
    for (const { cell } of trials) sum += costs.get(cell) ?? 0;
    return sum;
  };
  const totalCost = costOf(keys);
  const resumedTrials = records.size;
  const resumedCost = costOf(records.values());
  let doneCost = resumedCost;

  function announce(written: readonly TrialRecord[]): void {
    if (written.length > 0) options.onRecords?.(written);
    options.onProgress?.({
      doneTrials: records.size,
      totalTrials: keys.length,
      doneCost,
      totalCost,
      resumedTrials,
      resumedCost,
    });
  }
  announce([...records.values()]);

  const interrupted = () =>
    new InterruptedError(
      `runStudy: interrupted after ${records.size} of ${keys.length} trials — run the same study on the same ` +
        'store to go on',
      { details: { doneTrials: records.size, totalTrials: keys.length } },
    );
  if (signal?.aborted) throw interrupted();

  if (missing.length > 0) {
    const dataset = checkDataset(study.dataset(spec), options.dataset);
    const halt = new AbortController();
    const onAbort = () => halt.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    const queue = appendQueue(store, {
      onWritten: (written) => {
        for (const record of written) records.set(trialName(record), record);
        doneCost += costOf(written);
        announce(written);
      },
      onFailed: (error) => halt.abort(error),
    });
    try {
      await runPool({
        study: study.name,
        spec,
        dataset,
        kernels: kernels ?? null,
        spawn: options.spawn,
        workers,
        chunks: chunkTrials(cells, missing, workers),
        provenance,
        signal: halt.signal,
        onRecords: (finished) => queue.put(finished),
        onTrialProgress: options.onTrialProgress,
      });
    } catch (error) {
      // What was finished is kept first. Should keeping it fail as well, the reason for stopping is the one to tell.
      await queue.drain().catch(() => {});
      throw signal?.aborted && error === signal.reason ? interrupted() : error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
    await queue.drain();
  }

  // In the order of the plan, though `summarize` must not depend on it.
  return study.summarize(
    spec,
    keys.flatMap((key) => records.get(trialName(key)) ?? []),
  );
}

function checkDataset(identity: DatasetIdentity | null, dataset: Dataset | null): Dataset | null {
  if (identity === null) return null;
  if (dataset === null) {
    throw new InvalidArgumentError(
      `runStudy: the spec names the data "${identity.name}"; expected a data set, got null — load it first`,
    );
  }
  if (dataset.digest === identity.digest) return dataset;
  const difference = `dataset.digest: expected ${identity.digest}, got ${dataset.digest}`;
  throw new StudyMismatchError(
    `runStudy: the data set "${dataset.name}" is not the one the spec was made for; ${difference} — ` +
      'make a new spec for this data',
    { details: { differences: [difference] } },
  );
}
