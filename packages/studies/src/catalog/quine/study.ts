/** Nets that output their own parameters (Chang & Lipson, 2018), as a study. */
import type { StudyDefinition } from '../../study.js';
import { quineCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { parseQuineSpec, type QuineSpec } from './spec.js';
import { type QuineSummary, summarizeQuine } from './summarize.js';
import { runQuineTrial } from './trial.js';

export const quine: StudyDefinition<QuineSpec, QuineSummary> = {
  name: 'quine',
  title: 'Can a net output its own parameters?',
  question:
    'The loss L of a net that is asked for its own 20,100 parameters, under several optimizers, with regeneration, at a fixed norm and in pairs, always with L over the sum of the squared parameters, which is 1 for a net that outputs zero.',
  parseSpec: parseQuineSpec,
  dataset: () => null,
  cells: quineCells,
  runTrial: runQuineTrial,
  summarize: summarizeQuine,
  findings,
  sections,
  figures,
  tables,
};
