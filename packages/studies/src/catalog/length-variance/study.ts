/** Failure mode 2 itself: the variance of lengths across layers, which Hanin & Rolnick (2018) show through trainings only. */
import type { StudyDefinition } from '../../study.js';
import { lengthVarianceCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { type LengthVarianceSpec, parseLengthVarianceSpec } from './spec.js';
import { type LengthVarianceSummary, summarizeLengthVariance } from './summarize.js';
import { runLengthVarianceTrial } from './trial.js';

export const lengthVariance: StudyDefinition<LengthVarianceSpec, LengthVarianceSummary> = {
  name: 'length-variance',
  title: 'Do lengths scatter across the layers of residual nets as in fully connected ones?',
  question:
    'Mean empirical variance of lengths across layers against the sum of reciprocal widths, for fully connected nets of several widths and residual nets with summable scales.',
  parseSpec: parseLengthVarianceSpec,
  dataset: () => null,
  cells: lengthVarianceCells,
  runTrial: runLengthVarianceTrial,
  summarize: summarizeLengthVariance,
  findings,
  sections,
  figures,
  tables,
};
