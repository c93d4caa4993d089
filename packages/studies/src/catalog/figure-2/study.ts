/** Figure 2 of Hanin & Rolnick, "How to Start Training" (NeurIPS 2018), as a study of the catalog. */
import type { DatasetIdentity, StudyDefinition } from '../../study.js';
import { figure2Cells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { type Figure2Spec, parseFigure2Spec } from './spec.js';
import { summarizeFigure2 } from './summarize.js';
import type { Figure2Summary } from './summary.js';
import { runFigure2Trial } from './trial.js';

export const figure2: StudyDefinition<Figure2Spec, Figure2Summary> = {
  name: 'figure-2',
  title: 'Which residual scales let a deep residual net start training?',
  question:
    'Mean length behind the last module against their number (2a) and epochs to 20 % test accuracy (2b), for residual nets of width 5 with η_l = b^l: one base b keeps every module alike, the others let them fade.',
  parseSpec: parseFigure2Spec,
  dataset: (spec: Figure2Spec): DatasetIdentity | null => spec.training?.data ?? null,
  cells: figure2Cells,
  runTrial: runFigure2Trial,
  summarize: summarizeFigure2,
  findings,
  sections,
  figures,
  tables,
};
