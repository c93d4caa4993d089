/** The worker that reads files: it serves whoever started it. */
import { serveFiles } from './file-server.js';

serveFiles(self);
