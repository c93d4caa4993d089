/**
 * The spec of figure 3: everything that decides its numbers.
 *
 * That four patterns of one Σ 1/n_j train alike, a fifth of a smaller one sooner, and that all lie on one curve against
 * Σ 1/n_j is published (Hanin & Rolnick, 2018). Widths, runs and the optimizer's settings are recalled from the paper, the
 * widths fitting what is published of their sums; depths are ours.
 */
import { z } from 'zod';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';
import {
  mostEpochs,
  paperBatchSize,
  paperTraining,
  type TrainingSettings,
  trainingSettingsFields,
} from '../../training/training-settings.js';
import { type WidthPatternName, widthPatternNames } from './patterns.js';

export interface Figure3Spec extends StudySpec, TrainingSettings {
  readonly study: 'figure-3';
  readonly version: 1;
  readonly patterns: readonly WidthPatternName[];
  /** Numbers of hidden layers, even. */
  readonly depths: readonly number[];
  /** Trainings a point. */
  readonly runs: number;
}

/** What a person may say; the rest follows. */
export interface Figure3Options {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Default: all five. */
  readonly patterns?: readonly WidthPatternName[] | undefined;
  /** Even numbers. Default: see `figure3Defaults`. */
  readonly depths?: readonly number[] | undefined;
  readonly runs?: number | undefined;
  readonly maxEpochs?: number | undefined;
  /** Smaller defaults, for a first look. */
  readonly quick?: boolean | undefined;
  readonly data: DatasetIdentity;
}

/** Defaults, full and quick. From depth 60 on, where Σ 1/n_j of four patterns is 4, many of their nets never start. */
export const figure3Defaults = {
  full: { depths: [10, 20, 30, 40, 50], runs: 5, maxEpochs: paperTraining.maxEpochs },
  quick: { depths: [10, 30, 50], runs: 2, maxEpochs: 15 },
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const figure3Limits = { depth: 1000, runs: 1000, maxEpochs: mostEpochs } as const;

const evenDepth = countSchema(figure3Limits.depth).refine(
  (depth) => depth % 2 === 0,
  'expected even depths: only then halves and turns come to the same sum of reciprocal widths',
);

const schema = z.strictObject({
  study: z.literal('figure-3'),
  version: z.literal(1),
  seed: seedSchema,
  patterns: distinctList(z.enum(widthPatternNames), 'patterns'),
  depths: distinctList(evenDepth, 'depths'),
  runs: countSchema(figure3Limits.runs),
  ...trainingSettingsFields,
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseFigure3Spec(value: unknown): Figure3Spec {
  return readSpec<Figure3Spec>('figure-3', schema, value);
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function figure3Spec(options: Figure3Options): Figure3Spec {
  const { seed = 1, patterns = widthPatternNames, data, quick = false } = options;
  const defaults = figure3Defaults[quick ? 'quick' : 'full'];
  return parseFigure3Spec({
    study: 'figure-3',
    version: 1,
    seed,
    patterns: [...patterns],
    depths: [...(options.depths ?? defaults.depths)],
    runs: options.runs ?? defaults.runs,
    data,
    learningRate: paperTraining.learningRate,
    batchSize: paperBatchSize(data),
    maxEpochs: options.maxEpochs ?? defaults.maxEpochs,
    targetAccuracy: paperTraining.targetAccuracy,
  });
}
