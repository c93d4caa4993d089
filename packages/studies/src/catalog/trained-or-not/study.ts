/** Can parameters tell whether they were trained? As a study of the catalog. */
import type { DatasetIdentity, StudyDefinition } from '../../study.js';
import { trainedOrNotCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { parseTrainedOrNotSpec, type TrainedOrNotSpec } from './spec.js';
import { summarizeTrainedOrNot, type TrainedOrNotSummary } from './summarize.js';
import { runTrainedOrNotTrial } from './trial.js';

export const trainedOrNot: StudyDefinition<TrainedOrNotSpec, TrainedOrNotSummary> = {
  name: 'trained-or-not',
  title: 'Can parameters alone tell whether a net was trained?',
  question:
    'A zoo of small nets, dense, convolutional and residual, under many initializers: can parameters alone tell whether a net was trained, on an architecture that was never seen, after 1, 5 and more epochs?',
  parseSpec: parseTrainedOrNotSpec,
  dataset: (spec: TrainedOrNotSpec): DatasetIdentity => spec.data,
  cells: trainedOrNotCells,
  runTrial: runTrainedOrNotTrial,
  summarize: summarizeTrainedOrNot,
  findings,
  sections,
  figures,
  tables,
};
