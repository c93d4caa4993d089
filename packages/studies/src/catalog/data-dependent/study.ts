/** The data-dependent initialization of Shin & Karniadakis (2020) against He's, by loss against epochs, as a study. */
import type { StudyDefinition } from '../../study.js';
import { dataDependentCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { type DataDependentSpec, parseDataDependentSpec } from './spec.js';
import { type DataDependentSummary, summarizeDataDependent } from './summarize.js';
import { runDataDependentTrial } from './trial.js';

export const dataDependent: StudyDefinition<DataDependentSpec, DataDependentSummary> = {
  name: 'data-dependent',
  title: 'Does it help to place neurons where the data are?',
  question:
    'Loss against epochs on over-parameterized regressions of one and two inputs, for He initialization with and without random biases and for data-dependent initialization with both choices of anchors.',
  parseSpec: parseDataDependentSpec,
  dataset: () => null,
  cells: dataDependentCells,
  runTrial: runDataDependentTrial,
  summarize: summarizeDataDependent,
  findings,
  sections,
  figures,
  tables,
};
