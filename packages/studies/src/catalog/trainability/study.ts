/** The bound on the success rate of Shin & Karniadakis (2020), "Trainability of ReLU networks", as a study of the catalog. */
import type { StudyDefinition } from '../../study.js';
import { trainabilityCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { parseTrainabilitySpec, type TrainabilitySpec } from './spec.js';
import { summarizeTrainability, type TrainabilitySummary } from './summarize.js';
import { runTrainabilityTrial } from './trial.js';

export const trainability: StudyDefinition<TrainabilitySpec, TrainabilitySummary> = {
  name: 'trainability',
  title: 'How often can training succeed when neurons are born dead?',
  question:
    'Success rate of gradient descent on two functions that need 2 and 4 neurons, against the width of one hidden layer, under the probability T(n, m) that enough neurons are active at the start.',
  parseSpec: parseTrainabilitySpec,
  dataset: () => null,
  cells: trainabilityCells,
  runTrial: runTrainabilityTrial,
  summarize: summarizeTrainability,
  findings,
  sections,
  figures,
  tables,
};
