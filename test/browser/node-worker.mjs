/** The thread that runs the trials of `node-study.mjs`. */
import { serveWorkerThread } from '@kindling/studies/node';

serveWorkerThread();
