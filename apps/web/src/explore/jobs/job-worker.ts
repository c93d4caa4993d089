/**
 * One worker of the page, which does one job at a time and whose job may be abandoned: who abandons is free at once, and
 * the worker is used again if it comes back soon, else ended and replaced. Ending is what stops arithmetic that is
 * under way; a message would only be read after it.
 */
import { fromErrorData } from '@kindling/core';
import type { SpawnWorker } from '@kindling/studies';
import { type Remote, releaseProxy, wrap } from 'comlink';
import type { ExploreServer, Reply } from './explore-server.js';

/**
 * What is asked of a worker.
 *
 * @param sent what this very worker has been sent and keeps, for the asker to add to
 */
export type Ask<Value> = (server: Remote<ExploreServer>, sent: Set<unknown>) => Promise<Reply<Value>>;

/** A worker and the right to call it. */
export interface JobWorker {
  /**
   * Sends one call when the one before it is over, and gives its answer.
   *
   * @param signal abandons the call: the promise rejects with the signal's reason at once
   * @throws what the worker threw, rebuilt; an Error when the worker ended by itself
   */
  call<Value>(ask: Ask<Value>, signal?: AbortSignal): Promise<Value>;
  /** Sends a call beside the one under way, such as one that changes its pace. Nothing where no worker runs. */
  tell(message: (server: Remote<ExploreServer>) => Promise<unknown>): Promise<void>;
  /** Ends the worker now; a call under way rejects. The next call starts another one. */
  end(): void;
}

/** Milliseconds an abandoned job may take to come back before its worker is ended: about what starting another one costs. */
const defaultGrace = 80;

interface Running {
  readonly server: Remote<ExploreServer>;
  readonly sent: Set<unknown>;
  /** Rejects when the worker is gone. */
  readonly gone: Promise<never>;
  stop(reason: unknown): void;
}

/** A worker that is started at its first call. */
export function openJobWorker(spawn: SpawnWorker, grace = defaultGrace): JobWorker {
  let running: Running | null = null;
  let turn: Promise<void> = Promise.resolve();

  function start(): Running {
    const spawned = spawn();
    const server = wrap<ExploreServer>(spawned.endpoint);
    let reject: (reason: unknown) => void = () => {};
    const gone = new Promise<never>((_, refuse) => {
      reject = refuse;
    });
    gone.catch(() => {}); // a worker may be ended while nobody waits for it
    let over = false;
    const started: Running = {
      server,
      sent: new Set(),
      gone,
      stop(reason) {
        if (over) return;
        over = true;
        if (running === started) running = null;
        reject(reason);
        server[releaseProxy]();
        spawned.terminate();
      },
    };
    spawned.onExit((cause) => {
      started.stop(new Error(`a worker of the page ended: ${cause.message}`, { cause }));
    });
    return started;
  }

  return {
    async call(ask, signal) {
      const before = turn;
      let release: () => void = () => {};
      turn = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      let worker: Running;
      try {
        signal?.throwIfAborted();
        running ??= start();
        worker = running;
      } catch (error) {
        release();
        throw error;
      }
      const answer = Promise.race([ask(worker.server, worker.sent), worker.gone]);
      answer.then(release, release);
      const reply = await untilAborted(answer, signal, () => {
        const timer = setTimeout(() => worker.stop(signal?.reason), grace);
        const spare = () => clearTimeout(timer);
        answer.then(spare, spare);
      });
      if (reply.ok) return reply.value;
      throw fromErrorData(reply.error, []);
    },
    async tell(message) {
      if (running !== null) await Promise.race([message(running.server), running.gone]).catch(() => {});
    },
    end() {
      running?.stop(new DOMException('the worker was ended', 'AbortError'));
    },
  };
}

/** `answer`, or the signal's reason as soon as it is aborted. */
async function untilAborted<Value>(
  answer: Promise<Value>,
  signal: AbortSignal | undefined,
  onAbandon: () => void,
): Promise<Value> {
  if (signal === undefined) return await answer;
  let onAbort = () => {};
  const abandoned = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(signal.reason);
      onAbandon();
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([answer, abandoned]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
