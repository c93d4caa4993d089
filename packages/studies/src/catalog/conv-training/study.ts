/** Which convolutional nets start, plain or residual, under which initializer and scale, as a study of the catalog. */
import type { DatasetIdentity, StudyDefinition } from '../../study.js';
import { convTrainingCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { type ConvTrainingSpec, parseConvTrainingSpec } from './spec.js';
import { type ConvTrainingSummary, summarizeConvTraining } from './summarize.js';
import { runConvTrainingTrial } from './trial.js';

export const convTraining: StudyDefinition<ConvTrainingSpec, ConvTrainingSummary> = {
  name: 'conv-training',
  title: 'Which deep convolutional nets start training?',
  question:
    'Plain convolutions under He, Glorot and LeCun weights, residual blocks with η = 1 and η = 1/L, and batch normalization beside them: epochs to 20 % and to 60 % test accuracy against depth, and the length that theory predicts.',
  parseSpec: parseConvTrainingSpec,
  dataset: (spec: ConvTrainingSpec): DatasetIdentity => spec.data,
  cells: convTrainingCells,
  runTrial: runConvTrainingTrial,
  summarize: summarizeConvTraining,
  findings,
  sections,
  figures,
  tables,
};
