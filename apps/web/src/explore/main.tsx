/** Opens the explorable: gives the state its browser, and tells the reader of anything that fails unexpectedly. */
import { render } from 'preact';
import { loadEmbeddedDataset } from '../embedded-dataset.js';
import { addressWriter } from './address.js';
import { createDatasets } from './data/datasets.js';
import { createExploreState } from './explore-state.js';
import { isolateNextVisit } from './isolate-next-visit.js';
import { createExploreJobs } from './jobs/explore-jobs.js';
import { spawnExploreWorker } from './jobs/spawn-explore-worker.js';
import { ExplorePage } from './page.js';
import { createTrainingSession } from './panels/training/training-session.js';
import './styles/tokens.css';
import './styles/elements.css';
import './styles/page.css';
import './styles/file.css';
import './styles/guide.css';
import './styles/controls.css';
import './styles/lengths.css';
import './styles/neurons.css';
import './styles/take-away.css';
import './styles/training.css';
import './styles/verdict.css';

const state = createExploreState({
  search: location.search,
  datasets: createDatasets(loadEmbeddedDataset),
  isolated: globalThis.crossOriginIsolated === true,
  onAddress: addressWriter(),
});
// One core is left to the page itself; more than a few would only cost memory.
const workers = Math.min(4, Math.max(1, (navigator.hardwareConcurrency || 2) - 1));
const jobs = createExploreJobs({ state, spawn: spawnExploreWorker, workers });
const trainings = createTrainingSession(state, jobs);

addEventListener('error', (event) => state.report(`Something failed unexpectedly: ${event.message}`));
addEventListener('unhandledrejection', (event) => {
  const reason: unknown = event.reason;
  state.report(`Something failed unexpectedly: ${reason instanceof Error ? reason.message : String(reason)}`);
});

const root = document.getElementById('page');
if (root !== null) render(<ExplorePage state={state} jobs={jobs} trainings={trainings} />, root);
isolateNextVisit();
