/** Whether an architecture has a law of trained weights, and whether the data change it, as a study of the catalog. */
import type { DatasetIdentity, StudyDefinition } from '../../study.js';
import { weightLawCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { parseWeightLawSpec, type WeightLawSpec } from './spec.js';
import { summarizeWeightLaw, type WeightLawSummary } from './summarize.js';
import { runWeightLawTrial } from './trial.js';

export const weightLaw: StudyDefinition<WeightLawSpec, WeightLawSummary> = {
  name: 'weight-law',
  title: 'Does an architecture have a law of trained weights?',
  question:
    'Weights of nets of several architectures, trained from several seeds on several data sets, on labels that mean nothing and on synthetic images: how far are their laws apart within and between, and are the differences more than chance?',
  parseSpec: parseWeightLawSpec,
  dataset: (spec: WeightLawSpec): DatasetIdentity => spec.data,
  cells: weightLawCells,
  runTrial: runWeightLawTrial,
  summarize: summarizeWeightLaw,
  findings,
  sections,
  figures,
  tables,
};
