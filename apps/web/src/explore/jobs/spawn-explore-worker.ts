/** Starts a worker of the explorable. Written out here because only the app's bundler can see the worker's file. */
import { type SpawnedWorker, webWorker } from '@kindling/studies';

/** A new worker, ready to be asked. */
export function spawnExploreWorker(): SpawnedWorker {
  return webWorker(new Worker(new URL('./explore-worker.ts', import.meta.url), { type: 'module' }));
}
