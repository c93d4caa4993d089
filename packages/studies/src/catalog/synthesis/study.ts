/** Nets built from data without a gradient, beside trained ones, as a study. */
import type { StudyDefinition } from '../../study.js';
import { synthesisCells } from './cells.js';
import { figures } from './figures.js';
import { findings } from './findings.js';
import { sections, tables } from './report.js';
import { parseSynthesisSpec, type SynthesisSpec } from './spec.js';
import { type SynthesisSummary, summarizeSynthesis } from './summarize.js';
import { runSynthesisTrial } from './trial.js';

export const synthesis: StudyDefinition<SynthesisSpec, SynthesisSummary> = {
  name: 'synthesis',
  title: 'Can a net be built without training, and how wide must it be?',
  question:
    'Exact interpolation and random features with least squares against trained nets, in error and operations, on functions and images; and the share of trainings that reach zero loss by width, beside the width below which none can and the one from which a net exists.',
  parseSpec: parseSynthesisSpec,
  dataset: ({ data }) => data,
  cells: synthesisCells,
  runTrial: runSynthesisTrial,
  summarize: summarizeSynthesis,
  findings,
  sections,
  figures,
  tables,
};
