/** Figure 1 of Hanin & Rolnick, "How to Start Training" (NeurIPS 2018), as a study of the catalog. */
import type { DatasetIdentity, StudyDefinition } from '../../study.js';
import { figure1Cells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { type Figure1Spec, parseFigure1Spec } from './spec.js';
import { summarizeFigure1 } from './summarize.js';
import type { Figure1Summary } from './summary.js';
import { tables } from './tables.js';
import { theorySection } from './theory-section.js';
import { runFigure1Trial } from './trial.js';

export const figure1: StudyDefinition<Figure1Spec, Figure1Summary> = {
  name: 'figure-1',
  title: 'Which initializations let a deep ReLU network start training?',
  question:
    'Mean length of the last layer against depth (1a) and epochs to 20 % test accuracy (1b), for eight initializations of fully connected networks as wide as they are deep.',
  parseSpec: parseFigure1Spec,
  dataset: (spec: Figure1Spec): DatasetIdentity | null => spec.training?.data ?? null,
  cells: figure1Cells,
  runTrial: runFigure1Trial,
  summarize: summarizeFigure1,
  findings,
  sections: (summary: Figure1Summary) => [theorySection(summary)],
  figures,
  tables,
};
