/** Opens the page: gives the state its browser, and tells the reader of anything that fails unexpectedly. */
import { render } from 'preact';
import { loadEmbeddedDataset } from '../embedded-dataset.js';
import { createPageState } from './page-state.js';
import { createStudyRun } from './run/study-run.js';
import { defaultDraft } from './settings/draft.js';
import { mostWorkers } from './settings/read-settings.js';
import { spawnWorker } from './spawn-worker.js';
import './styles/page.css';
import './styles/settings.css';
import './styles/run.css';
import './styles/figures.css';
import './styles/result.css';
import { Page } from './views/page.js';

const state = createPageState({
  run: createStudyRun({ spawn: spawnWorker, loadDataset: loadEmbeddedDataset }),
  search: location.search,
  defaults: defaultDraft(Math.min(mostWorkers, navigator.hardwareConcurrency || 2)),
  isolated: globalThis.crossOriginIsolated === true,
  onAddress: (query) => history.replaceState(null, '', `${location.pathname}${query}${location.hash}`),
});

addEventListener('error', (event) => state.report(`Something failed unexpectedly: ${event.message}`));
addEventListener('unhandledrejection', (event) => {
  const reason: unknown = event.reason;
  state.report(`Something failed unexpectedly: ${reason instanceof Error ? reason.message : String(reason)}`);
});

const root = document.getElementById('page');
if (root !== null) render(<Page state={state} />, root);
