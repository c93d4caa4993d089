/** The worker of a whole study: it serves whoever started it. */
import { serveWholeStudy } from './whole-study-server.js';

serveWholeStudy(self);
