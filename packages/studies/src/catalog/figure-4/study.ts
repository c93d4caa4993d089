/** Figure 4 of Hanin & Rolnick, "How to Start Training" (NeurIPS 2018), as a study of the catalog. */
import type { StudyDefinition } from '../../study.js';
import { figure4Cells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { type Figure4Spec, parseFigure4Spec } from './spec.js';
import { type Figure4Summary, summarizeFigure4 } from './summarize.js';
import { runFigure4Trial } from './trial.js';

export const figure4: StudyDefinition<Figure4Spec, Figure4Summary> = {
  name: 'figure-4',
  title: 'Do convolutional nets keep, lose or blow up their lengths as full connections do?',
  question:
    'Mean length of the last layer against depth for purely convolutional nets of 3 × 3 kernels on one fixed image, under the initializations of figure 1.',
  parseSpec: parseFigure4Spec,
  dataset: () => null,
  cells: figure4Cells,
  runTrial: runFigure4Trial,
  summarize: summarizeFigure4,
  findings,
  sections,
  figures,
  tables,
};
