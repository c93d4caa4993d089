/** Whether the verdicts of `diagnose` agree with real trainings, as a study of the catalog. */
import type { DatasetIdentity, StudyDefinition } from '../../study.js';
import { verdictAgreementCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { parseVerdictAgreementSpec, type VerdictAgreementSpec } from './spec.js';
import { summarizeVerdictAgreement, type VerdictAgreementSummary } from './summarize.js';
import { runVerdictAgreementTrial } from './trial.js';

export const verdictAgreement: StudyDefinition<VerdictAgreementSpec, VerdictAgreementSummary> = {
  name: 'verdict-agreement',
  title: 'How often is the verdict right?',
  question:
    'A grid of initializers, widths and depths: does the verdict, made from the architecture and the initializer alone, agree with whether training reaches 20 % test accuracy?',
  parseSpec: parseVerdictAgreementSpec,
  dataset: (spec: VerdictAgreementSpec): DatasetIdentity => spec.data,
  cells: verdictAgreementCells,
  runTrial: runVerdictAgreementTrial,
  summarize: summarizeVerdictAgreement,
  findings,
  sections,
  figures,
  tables,
};
