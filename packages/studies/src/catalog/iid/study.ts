/** Are parameters in random order, down to their bits? A study of the catalog. */
import type { DatasetIdentity, StudyDefinition } from '../../study.js';
import { iidCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { type IidSpec, parseIidSpec } from './spec.js';
import { type IidSummary, summarizeIid } from './summarize.js';
import { runIidTrial } from './trial.js';

export const iid: StudyDefinition<IidSpec, IidSummary> = {
  name: 'iid',
  title: 'Are parameters independent and alike in law?',
  question:
    'The runs test on signs, exponents, groups of fraction bits and the numbers themselves: of dense, convolutional and residual nets before and after training, in two orders of their axes and shuffled; of model files; and of the bytes of images.',
  parseSpec: parseIidSpec,
  dataset: (spec: IidSpec): DatasetIdentity => spec.data,
  cells: iidCells,
  runTrial: runIidTrial,
  summarize: summarizeIid,
  findings,
  sections,
  figures,
  tables,
};
