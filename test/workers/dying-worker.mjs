// A worker that prepares, takes its first chunk and is gone without a word.
import { parentPort } from 'node:worker_threads';
import { serveWorkerThread } from '@kindling/studies/node';

let messages = 0;
parentPort?.prependListener('message', () => {
  messages += 1;
  if (messages === 2) process.exit(3);
});
serveWorkerThread();
