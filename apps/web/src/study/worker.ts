/** The worker's whole file: the trials are served by the library, which has to be called, not merely imported. */
import { serveTrials } from '@kindling/studies';

serveTrials(self);
