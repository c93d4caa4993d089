/**
 * The worker's side of the pool: prepare once, then run chunks of trials. Every answer is data, also a failure,
 * because comlink would drop most of a thrown error. A worker is ended from outside; it takes no abort signal.
 */
import {
  createEngine,
  type Engine,
  type EngineOptions,
  type ErrorData,
  InvalidArgumentError,
  type KernelModule,
  toErrorData,
} from '@kindling/core';
import type { Dataset } from '@kindling/trainer';
import { type Endpoint, expose } from 'comlink';
import { findTrialStudy, type TrialStudy } from '../catalog/trial-catalog.js';
import { type Provenance, provenanceOf } from '../provenance.js';
import type { StudySpec, TrialKey, TrialProgress, TrialRecord } from '../study.js';
import { openTrials } from './open-trials.js';

/** What a worker must know before its first trial. */
export interface PrepareRequest {
  /** Name in the catalog. */
  readonly study: string;
  readonly spec: StudySpec;
  /** The data the spec names, or null. */
  readonly dataset: Dataset | null;
  /** The kernels to run on; null for the worker's own strict build. */
  readonly kernels: KernelModule | null;
}

/** Called in the pool's thread, through a comlink proxy. */
export type ProgressListener = (progress: TrialProgress) => unknown;

/** A worker's answer: what was asked for, or the error as data and, if it was one trial's, which. */
export type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ErrorData; readonly trial: TrialKey | null };

/** What the pool may call. */
export interface TrialServer {
  /** Builds the engine and checks the spec; answers which code will make the records. */
  prepare(request: PrepareRequest, onProgress: ProgressListener | null): Promise<Reply<Provenance>>;
  /** Runs the trials in order, after those of earlier calls; the first that throws ends the chunk. */
  run(keys: readonly TrialKey[]): Promise<Reply<readonly TrialRecord[]>>;
}

/** Replaceable parts of a worker. */
export interface ServeTrialsOptions {
  /** Finds what runs a study's trials by its name. Default: `findTrialStudy`, of the catalog. */
  readonly find?: (name: string) => TrialStudy;
  /** Builds the kernels. Default: `createEngine`. Called once. */
  readonly makeEngine?: (options: EngineOptions) => Engine;
}

/**
 * Serves trials to whoever holds the other end of `endpoint`. An app's worker file calls it with its global scope
 * (`serveTrials(self)`); for worker_threads see `serveWorkerThread`. It must be called, not merely imported: this
 * package has no side effects, so a bundler would drop an import for its effect.
 */
export function serveTrials(endpoint: Endpoint, options: ServeTrialsOptions = {}): void {
  const { find = findTrialStudy, makeEngine = createEngine } = options;
  let runTrial: ((key: TrialKey) => Promise<TrialRecord>) | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** Runs trials in order; never rejects. */
  async function runAll(keys: readonly TrialKey[]): Promise<Reply<readonly TrialRecord[]>> {
    const records: TrialRecord[] = [];
    for (const key of keys) {
      try {
        if (runTrial === null) {
          throw new InvalidArgumentError('serveTrials: run before prepare; expected prepare first');
        }
        records.push(await runTrial(key));
      } catch (error) {
        return { ok: false, error: toErrorData(error), trial: key };
      }
    }
    return { ok: true, value: records };
  }

  const server: TrialServer = {
    async prepare(request, onProgress) {
      try {
        const study = find(request.study);
        const engine = makeEngine(request.kernels === null ? {} : { kernels: request.kernels });
        const report = onProgress === null ? {} : { onProgress: forward(onProgress) };
        const context = { engine, dataset: request.dataset, ...report };
        runTrial = openTrials(study, request.spec, context);
        return { ok: true, value: provenanceOf(engine) };
      } catch (error) {
        return { ok: false, error: toErrorData(error), trial: null };
      }
    },
    run(keys) {
      // A chunk may come before the last one is done; its trials must wait for those that have the engine.
      const answer = last.then(() => runAll(keys));
      last = answer;
      return answer;
    },
  };
  expose(server, endpoint);
}

/** Progress is a courtesy: that the pool has gone away meanwhile is no reason to fail. */
function forward(onProgress: ProgressListener): (progress: TrialProgress) => void {
  return (progress) => {
    Promise.resolve(onProgress(progress)).catch(() => {});
  };
}
