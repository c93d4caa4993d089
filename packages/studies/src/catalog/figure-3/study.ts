/** Figure 3 of Hanin & Rolnick, "How to Start Training" (NeurIPS 2018), as a study of the catalog. */
import type { StudyDefinition } from '../../study.js';
import { figure3Cells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { type Figure3Spec, parseFigure3Spec } from './spec.js';
import { type Figure3Summary, summarizeFigure3 } from './summarize.js';
import { runFigure3Trial } from './trial.js';

export const figure3: StudyDefinition<Figure3Spec, Figure3Summary> = {
  name: 'figure-3',
  title: 'Do training times depend on widths only through Σ 1/n_j?',
  question:
    'Epochs to 20 % test accuracy of fully connected nets whose widths are spread in five ways, against depth (3a) and against the sum of reciprocal widths (3b).',
  parseSpec: parseFigure3Spec,
  dataset: ({ data }) => data,
  cells: figure3Cells,
  runTrial: runFigure3Trial,
  summarize: summarizeFigure3,
  findings,
  sections,
  figures,
  tables,
};
