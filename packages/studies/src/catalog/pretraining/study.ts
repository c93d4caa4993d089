/** Can a law of weights replace pre-training? A study of the catalog. */
import type { DatasetIdentity, StudyDefinition } from '../../study.js';
import { pretrainingCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { type PretrainingSpec, parsePretrainingSpec } from './spec.js';
import { type PretrainingSummary, summarizePretraining } from './summarize.js';
import { runPretrainingTrial } from './trial.js';

export const pretraining: StudyDefinition<PretrainingSpec, PretrainingSummary> = {
  name: 'pretraining',
  title: 'Can a law of weights replace pre-training?',
  question:
    'Few labels, hidden layers from seven starts beside He normal: a masked-pixel pretext model, laws of its weights, laws of nets trained on all labels, and such a net itself. Accuracy against the number of labels, with paired differences.',
  parseSpec: parsePretrainingSpec,
  dataset: (spec: PretrainingSpec): DatasetIdentity => spec.data,
  cells: pretrainingCells,
  runTrial: runPretrainingTrial,
  summarize: summarizePretraining,
  findings,
  sections,
  figures,
  tables,
};
