/** Workers as threads of Node. */
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { SpawnWorker } from '../threads/worker.js';
import { nodeEndpoint } from './node-endpoint.js';

/**
 * Starts threads that run the module at `url`, which must serve who started it: `serveTrainingThread` here, `serveWorkerThread` of studies. A module that cannot be loaded
 * shows as a worker that died.
 *
 * @param url a `file:` URL of plain JavaScript, such as `new URL('./worker.js', import.meta.url)`
 * @param options passed on to each thread: flags of the engine, environment, limits. Default: as this process
 */
export function workerThread(
  url: URL,
  options: Pick<WorkerOptions, 'execArgv' | 'env' | 'resourceLimits'> = {},
): SpawnWorker {
  return () => {
    const worker = new Worker(url, options);
    return {
      endpoint: nodeEndpoint(worker),
      onExit: (listener) => {
        worker.on('error', (error: unknown) =>
          listener(error instanceof Error ? error : new Error(String(error))),
        );
        worker.on('messageerror', (error) => listener(error));
        worker.on('exit', (code) => listener(new Error(`the thread ended with exit code ${code}`)));
      },
      terminate: () => worker.terminate(),
    };
  };
}
