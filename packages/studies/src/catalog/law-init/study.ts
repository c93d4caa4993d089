/** Whether nets that are drawn from the law of trained ones start sooner, as a study of the catalog. */
import type { DatasetIdentity, StudyDefinition } from '../../study.js';
import { lawInitCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { type LawInitSpec, parseLawInitSpec } from './spec.js';
import { type LawInitSummary, summarizeLawInit } from './summarize.js';
import { runLawInitTrial } from './trial.js';

export const lawInit: StudyDefinition<LawInitSpec, LawInitSummary> = {
  name: 'law-init',
  title: 'Do nets drawn from the law of trained ones start sooner?',
  question:
    'Weights drawn from what trained nets have in common (marginals, matrix normal laws, covariances of filters), as they are and rescaled to 2/fan-in, against He: steps to 20 % and to nine tenths of He’s best, over depths, with laws of the same data and of others.',
  parseSpec: parseLawInitSpec,
  dataset: (spec: LawInitSpec): DatasetIdentity => spec.data,
  cells: lawInitCells,
  runTrial: runLawInitTrial,
  summarize: summarizeLawInit,
  findings,
  sections,
  figures,
  tables,
};
