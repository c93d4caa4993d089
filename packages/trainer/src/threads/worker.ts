/**
 * What is asked of a worker, whoever starts it: for a training over several threads, and for a pool of trials. Apps pass a
 * `SpawnWorker`; no library here writes `new Worker` for a page, because only the app's bundler knows where the worker's file lies.
 */

/** Where messages go: a page's `Worker`, its global scope, a `MessagePort`, or `nodeEndpoint` of one of Node's. As comlink takes it. */
export interface WorkerEndpoint {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: object): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: object): void;
  start?: () => void;
}

/** A running worker whose other end serves whoever started it. */
export interface SpawnedWorker {
  readonly endpoint: WorkerEndpoint;
  /** Calls `listener` when the worker ends or breaks, whatever the reason. Calls after the first are ignored. */
  onExit(listener: (reason: Error) => void): void;
  /** Ends the worker at once, whatever it is doing. Ending it twice is fine. A promise it gives is awaited. */
  terminate(): unknown;
}

/** Starts a worker. */
export type SpawnWorker = () => SpawnedWorker;
