/** When trainings reach the law of trained weights, as a study of the catalog. */
import type { DatasetIdentity, StudyDefinition } from '../../study.js';
import { lawArrivalCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { type LawArrivalSpec, parseLawArrivalSpec } from './spec.js';
import { type LawArrivalSummary, summarizeLawArrival } from './summarize.js';
import { runLawArrivalTrial } from './trial.js';

export const lawArrival: StudyDefinition<LawArrivalSpec, LawArrivalSummary> = {
  name: 'law-arrival',
  title: 'When does a training reach the law of trained weights?',
  question:
    'Nets from He and from Glorot (Xavier) weights: their distance to the law of independently trained nets against the step, beside their accuracy.',
  parseSpec: parseLawArrivalSpec,
  dataset: (spec: LawArrivalSpec): DatasetIdentity => spec.data,
  cells: lawArrivalCells,
  runTrial: runLawArrivalTrial,
  summarize: summarizeLawArrival,
  findings,
  sections,
  figures,
  tables,
};
