/** The collapse of deep narrow nets of Lu, Shin, Su & Karniadakis (2020), "Dying ReLU and initialization", as a study. */
import type { StudyDefinition } from '../../study.js';
import { dyingReluCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { type DyingReluSpec, parseDyingReluSpec } from './spec.js';
import { type DyingReluSummary, summarizeDyingRelu } from './summarize.js';
import { runDyingReluTrial } from './trial.js';

export const dyingRelu: StudyDefinition<DyingReluSpec, DyingReluSummary> = {
  name: 'dying-relu',
  title: 'How often do deep narrow nets collapse to a constant?',
  question:
    'Ten layers of width 2 (twenty of width 4 for two inputs) on four functions: the share of nets that are born dead, and the share that are a constant after training, for He, RAI and data-dependent initialization.',
  parseSpec: parseDyingReluSpec,
  dataset: () => null,
  cells: dyingReluCells,
  runTrial: runDyingReluTrial,
  summarize: summarizeDyingRelu,
  findings,
  sections,
  figures,
  tables,
};
