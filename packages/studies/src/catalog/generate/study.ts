/** Can trained parameters be drawn directly? A study of the catalog. */
import type { DatasetIdentity, StudyDefinition } from '../../study.js';
import { generateCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { type GenerateSpec, parseGenerateSpec } from './spec.js';
import { type GenerateSummary, summarizeGenerate } from './summarize.js';
import { runGenerateTrial } from './trial.js';

export const generate: StudyDefinition<GenerateSpec, GenerateSummary> = {
  name: 'generate',
  title: 'Can trained parameters be drawn directly?',
  question:
    'Normal laws fitted to checkpoints, of one training’s late epochs or of many seeds with and without matched hidden units: the test accuracy of what is drawn, and its distance from the nearest checkpoint, beside midpoints, noise as far away, blurred copies and fresh networks.',
  parseSpec: parseGenerateSpec,
  dataset: (spec: GenerateSpec): DatasetIdentity => spec.data,
  cells: generateCells,
  runTrial: runGenerateTrial,
  summarize: summarizeGenerate,
  findings,
  sections,
  figures,
  tables,
};
