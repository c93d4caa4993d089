import { serveWorkerThread } from '@kindling/studies/node';

serveWorkerThread();
