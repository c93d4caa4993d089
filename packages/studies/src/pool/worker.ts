/**
 * What the pool asks of a worker, whoever starts it. Apps pass a `SpawnWorker`; this package never writes
 * `new Worker` for a page, because only the app's bundler knows where the worker's file lies.
 */
import type { Endpoint } from 'comlink';

/** A running worker whose other end calls `serveTrials`. */
export interface SpawnedWorker {
  /** Where messages go, as comlink takes it. */
  readonly endpoint: Endpoint;
  /** Calls `listener` when the worker ends or breaks, whatever the reason. Calls after the first are ignored. */
  onExit(listener: (reason: Error) => void): void;
  /** Ends the worker at once, whatever it is doing. Ending it twice is fine. A promise it gives is awaited. */
  terminate(): unknown;
}

/** Starts a worker. */
export type SpawnWorker = () => SpawnedWorker;
