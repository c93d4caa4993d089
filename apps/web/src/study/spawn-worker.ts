/** Starts a worker of the page. Written out here because only the app's bundler can see the worker's file. */
import { type SpawnedWorker, webWorker } from '@kindling/studies';

/** A new worker, ready to be prepared by the pool. */
export function spawnWorker(): SpawnedWorker {
  return webWorker(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }));
}
