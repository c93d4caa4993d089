/** The other side of a training over several threads, in a thread of Node: what an app's worker file calls, and nothing else. */
import { parentPort } from 'node:worker_threads';
import { InvalidArgumentError } from '@kindling/core';
import { type ServeTrainingOptions, serveTraining } from '../threads/serve-training.js';
import { nodeEndpoint } from './node-endpoint.js';

/**
 * Serves slices of batches to the thread that started this one.
 *
 * @throws InvalidArgumentError when it is called in the main thread
 */
export function serveTrainingThread(options?: ServeTrainingOptions): void {
  if (parentPort === null) {
    throw new InvalidArgumentError(
      'serveTrainingThread: this is the main thread; expected a thread started by workerThread — pass this file to it',
    );
  }
  serveTraining(nodeEndpoint(parentPort), options);
}
