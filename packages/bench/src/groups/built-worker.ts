/** Threads of this package's own. */
import type { SpawnWorker } from '@kindling/trainer';
import { workerThread } from '@kindling/trainer/node';

/**
 * Starts `src/<name>.ts` as built, also when this runs from its source: a thread cannot run TypeScript, so it does not get the
 * flags by which a test runner finds sources either.
 */
export function builtWorker(name: 'worker' | 'slice-worker'): SpawnWorker {
  if (!import.meta.url.endsWith('.ts')) return workerThread(new URL(`../${name}.js`, import.meta.url));
  return workerThread(new URL(`../../dist/${name}.js`, import.meta.url), { execArgv: [] });
}
