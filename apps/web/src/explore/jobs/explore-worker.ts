/** The explorable's worker file: it serves whoever started it. */
import { serveExplore } from './explore-server.js';

serveExplore(self);
