/** The worker's side in a thread of Node: what an app's worker file calls, and nothing else. */
import { parentPort } from 'node:worker_threads';
import { InvalidArgumentError } from '@kindling/core';
import { nodeEndpoint } from '@kindling/trainer/node';
import { type ServeTrialsOptions, serveTrials } from '../pool/serve-trials.js';

/**
 * Serves trials to the thread that started this one.
 *
 * @throws InvalidArgumentError when it is called in the main thread.
 */
export function serveWorkerThread(options?: ServeTrialsOptions): void {
  if (parentPort === null) {
    throw new InvalidArgumentError(
      'serveWorkerThread: this is the main thread; expected a thread started by workerThread — pass this file to it',
    );
  }
  serveTrials(nodeEndpoint(parentPort), options);
}
