// The worker of the tests, as an app would write it: two lines over the built packages.
import { serveWorkerThread } from '@kindling/studies/node';

serveWorkerThread();
