/**
 * One worker as the pool sees it: calls that end when the worker does. comlink alone would wait for ever for the
 * answer of a dead worker.
 */
import type { SpawnWorker } from '@kindling/trainer';
import { type Remote, releaseProxy, wrap } from 'comlink';
import { WorkerDiedError } from '../errors/worker-died-error.js';
import type { TrialServer } from './serve-trials.js';

/** A started worker. It answers calls in the order in which they were sent. */
export interface PoolWorker {
  /**
   * Sends one call and gives its answer. The next may be sent before that: the worker then goes on without waiting.
   *
   * @throws WorkerDiedError when the worker ends before it answers (or had ended already); the reason given to
   *   `stop` when it was stopped.
   */
  call<Answer>(send: (server: Remote<TrialServer>) => Promise<Answer>): Promise<Answer>;
  /** Ends the worker at once; a call under way is rejected with `reason`. Resolves when the worker is gone. */
  stop(reason: unknown): Promise<void>;
}

/** Starts a worker. Throws what `spawn` throws. */
export function startWorker(spawn: SpawnWorker): PoolWorker {
  const spawned = spawn();
  const server = wrap<TrialServer>(spawned.endpoint);
  let end: { readonly reason: unknown } | null = null;
  let gone: Promise<void> | null = null;
  const waiting = new Set<(reason: unknown) => void>();

  function finish(reason: unknown): void {
    end ??= { reason };
    for (const reject of waiting) reject(end.reason);
  }

  spawned.onExit((cause) => {
    finish(new WorkerDiedError(`worker: it ended before it answered: ${cause.message}`, { cause }));
  });

  return {
    call: (send) =>
      new Promise((resolve, reject) => {
        if (end !== null) return reject(end.reason);
        waiting.add(reject);
        send(server)
          .then(resolve, reject)
          .finally(() => waiting.delete(reject));
      }),
    stop: (reason) => {
      finish(reason);
      gone ??= (async () => {
        server[releaseProxy](); // else comlink would write to the dead worker when the proxy is collected
        await spawned.terminate();
      })();
      return gone;
    },
  };
}
