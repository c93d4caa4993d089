/**
 * A small pool: as many workers as asked for, each taking the next chunk when it is idle, or a short one a little before
 * that, so that it need not wait for it. A dead worker is replaced and its chunks run again; an error of a trial stops
 * everything. The order in which chunks end is not promised, and nothing that is summed up may depend on it.
 */
import type { SpawnWorker } from '@kindling/trainer';
import { proxy } from 'comlink';
import { StudyMismatchError } from '../errors/study-mismatch-error.js';
import { TrialFailedError } from '../errors/trial-failed-error.js';
import { WorkerDiedError } from '../errors/worker-died-error.js';
import { type TrialChunk, trialName } from '../plan.js';
import type { Provenance } from '../provenance.js';
import { jsonDifferences } from '../store/json-differences.js';
import type { TrialProgress, TrialRecord } from '../study.js';
import { type PoolWorker, startWorker } from './pool-worker.js';
import { rebuildError } from './rebuild-error.js';
import type { PrepareRequest, Reply } from './serve-trials.js';
import { shareDataset } from './share-dataset.js';

/** A chunk that has cost this many workers their life is given up: it would cost the next one too. */
const mostDeaths = 3;

/** What a pool is given. */
export interface PoolOptions extends PrepareRequest {
  readonly spawn: SpawnWorker;
  /** Workers at a time, 1 or more; never more than there are chunks. */
  readonly workers: number;
  /** Work in the order in which it is handed out. */
  readonly chunks: readonly TrialChunk[];
  /** What the workers' code must be. */
  readonly provenance: Provenance;
  /** Stops the pool at once; the pool rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Called for each finished chunk. Must not throw. */
  readonly onRecords: (records: readonly TrialRecord[], chunk: TrialChunk) => void;
  /** Called for trials on their way, never for one whose chunk has ended. */
  readonly onTrialProgress?: ((progress: TrialProgress) => void) | undefined;
}

/**
 * Runs all chunks. When it settles, every worker is gone and no callback follows.
 *
 * @throws TrialFailedError when a trial throws.
 * @throws WorkerDiedError when the workers of one chunk died three times.
 * @throws StudyMismatchError when a worker runs other code than `provenance` says.
 */
export async function runPool(options: PoolOptions): Promise<void> {
  const { spawn, chunks, signal, onRecords } = options;
  const slots = Math.min(options.workers, chunks.length);
  const queue = chunkQueue(chunks, slots);
  const dataset = options.dataset === null ? null : shareDataset(options.dataset);
  const request = { study: options.study, spec: options.spec, dataset, kernels: options.kernels };
  const alive = new Set<PoolWorker>();
  let stopped: { readonly reason: unknown } | null = null;

  function stop(reason: unknown): void {
    if (stopped !== null) return;
    stopped = { reason };
    // Errors of ending a worker come back when the slot retires it.
    for (const worker of alive) worker.stop(reason).catch(() => {});
  }

  async function retire(worker: PoolWorker): Promise<void> {
    await worker.stop(null);
    alive.delete(worker);
  }

  /** One place for a worker: keeps it while there is work, replaces it when it dies. */
  async function runSlot(): Promise<void> {
    let worker: PoolWorker | null = null;
    /** What the worker has, or its successor is to get again: what it works on, and what comes next. */
    const mine: Assignment[] = [];
    const underWay = new Set<string>();
    const report = reporter(options.onTrialProgress, underWay, stop);

    function send(to: PoolWorker, { keys }: TrialChunk): Promise<readonly TrialRecord[]> {
      for (const key of keys) underWay.add(trialName(key));
      const answer = to.call(async (server) => open(await server.run(keys)));
      answer.catch(() => {}); // it is looked at when its turn comes, which may be never
      return answer;
    }

    try {
      for (;;) {
        const chunk = mine.length === 0 ? queue.take() : null;
        if (chunk !== null) mine.push({ chunk, deaths: 0, answer: null });
        const [current] = mine;
        if (current === undefined || stopped !== null) return;
        try {
          if (worker === null) {
            worker = startWorker(spawn);
            alive.add(worker);
            const made = await worker.call(async (server) =>
              open(await server.prepare(request, report && proxy(report))),
            );
            checkProvenance(options.provenance, made);
          }
          current.answer ??= send(worker, current.chunk);
          const ahead = mine.length === 1 ? queue.takeAhead() : null;
          if (ahead !== null) mine.push({ chunk: ahead, deaths: 0, answer: send(worker, ahead) });
          const records = await current.answer;
          mine.shift();
          for (const key of current.chunk.keys) underWay.delete(trialName(key));
          onRecords(records, current.chunk);
        } catch (error) {
          if (stopped !== null || !(error instanceof WorkerDiedError)) throw error;
          if (worker !== null) await retire(worker);
          worker = null;
          for (const assignment of mine) assignment.answer = null;
          current.deaths += 1;
          if (current.deaths === mostDeaths) throw givenUp(current.chunk, error.cause);
        }
      }
    } finally {
      underWay.clear();
      if (worker !== null) await retire(worker);
    }
  }

  const onAbort = () => stop(signal.reason);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  await Promise.all(Array.from({ length: slots }, () => runSlot().catch(stop)));
  signal.removeEventListener('abort', onAbort);
  const outcome = stopped as { readonly reason: unknown } | null; // set in a callback, which the compiler cannot see
  if (outcome !== null) throw outcome.reason;
}

/** A chunk that a worker has. */
interface Assignment {
  readonly chunk: TrialChunk;
  /** Workers that died of it. */
  deaths: number;
  /** Null while no worker has been asked. */
  answer: Promise<readonly TrialRecord[]> | null;
}

/** The chunks in their order, shared by all slots: each takes the next; null when there is none. */
function chunkQueue(chunks: readonly TrialChunk[], slots: number) {
  let taken = 0;
  const take = () => chunks[taken++] ?? null;
  return {
    take,
    /**
     * A chunk for a worker that is not idle yet. Not towards the end, nor a single trial, which may be long (several in one chunk
     * take 0.2 s at most by their costs): these must go to whoever is idle first.
     */
    takeAhead: () => {
      const next = chunks[taken];
      return next !== undefined && next.keys.length > 1 && chunks.length - taken > slots ? take() : null;
    },
  };
}

/** Progress comes through a port of its own and may arrive after its chunk's records: late news are dropped. */
function reporter(
  listener: ((progress: TrialProgress) => void) | undefined,
  underWay: ReadonlySet<string>,
  onFailed: (error: unknown) => void,
): ((progress: TrialProgress) => void) | null {
  if (listener === undefined) return null;
  return (progress) => {
    if (!underWay.has(trialName(progress))) return;
    try {
      listener(progress);
    } catch (error) {
      onFailed(error); // comlink would send it to the worker, where nobody waits for it
    }
  };
}

function open<Value>(reply: Reply<Value>): Value {
  if (reply.ok) return reply.value;
  const cause = rebuildError(reply.error);
  if (reply.trial === null) throw cause;
  const { cell, trial } = reply.trial;
  throw new TrialFailedError(`runStudy: trial ${trialName(reply.trial)} failed: ${cause.message}`, {
    details: { cell, trial },
    cause,
  });
}

function checkProvenance(expected: Provenance, got: Provenance): void {
  const differences = jsonDifferences(expected, got);
  if (differences.length === 0) return;
  throw new StudyMismatchError(
    `runStudy: the workers run other code; ${differences.join('; ')} — rebuild the worker's file`,
    { details: { differences } },
  );
}

function givenUp(chunk: TrialChunk, cause: unknown): WorkerDiedError {
  const trials = chunk.keys.map(trialName);
  const named = trials.length > 3 ? `${trials[0]} … ${trials.at(-1)}` : trials.join(', ');
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WorkerDiedError(
    `runStudy: ${mostDeaths} workers died one after the other; expected an answer for ${named}, got: ${reason} — ` +
      'with too little memory, use fewer workers',
    { details: { trials }, cause },
  );
}
