/** The explorable as a study of the catalog: what the page shows with numbers, and the command reproduces. */
import type { StudyDefinition } from '../../study.js';
import { exploreCells, parseExploreSpec } from './cells.js';
import { figures } from './figures.js';
import { findings, sections, tables } from './report.js';
import { type ExploreSpec, exploreDataset } from './spec.js';
import { type ExploreSummary, summarizeExplore } from './summarize.js';
import { runExploreTrial } from './trial.js';

export const explore: StudyDefinition<ExploreSpec, ExploreSummary> = {
  name: 'explore',
  title: 'Will these nets start training, why not, and what would mend them?',
  question:
    'One to four networks of your own, side by side: lengths by layer beside theory, dead neurons on the data, the verdict with remedies, and trainings. What the page shows.',
  parseSpec: parseExploreSpec,
  dataset: exploreDataset,
  cells: exploreCells,
  runTrial: runExploreTrial,
  summarize: summarizeExplore,
  findings,
  sections,
  figures,
  tables,
};
