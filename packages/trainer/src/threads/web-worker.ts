/**
 * A page's `Worker` as a `SpawnedWorker`. A browser tells of a script that cannot be loaded and of an uncaught error,
 * but not of a worker that goes away silently.
 */
import type { SpawnedWorker } from './worker.js';

/** Wraps a Web Worker the app has started, as in `() => webWorker(new Worker(new URL('./worker.ts', import.meta.url)))`. */
export function webWorker(worker: Worker): SpawnedWorker {
  return {
    endpoint: worker,
    onExit: (listener) => {
      worker.addEventListener('error', (event) => {
        event.preventDefault(); // whoever listens reports it
        listener(new Error(event.message || 'the worker could not be loaded'));
      });
      worker.addEventListener('messageerror', () => listener(new Error('a message could not be read')));
    },
    terminate: () => worker.terminate(),
  };
}
