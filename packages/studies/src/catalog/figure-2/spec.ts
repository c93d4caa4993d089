/**
 * The spec of figure 2: residual nets whose scales fall by a base, η_l = b^l. Worker counts, directories and the look of the report
 * are not in it.
 *
 * Modules of one ReLU layer of width 5, He weights, the bases 1, 0.9, 0.75 and 0.5, and the 20 % threshold are published (Hanin &
 * Rolnick 2018, figure 2); the 100 repeats, the optimizer's settings and the numbers of modules are recalled from the paper, not
 * quoted from it.
 */
import { z } from 'zod';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';
import {
  checkLengthsOrTraining,
  type LengthsAndTraining,
  lengthsAndTraining,
  lengthsAndTrainingFields,
} from '../../training/lengths-and-training.js';
import { mostEpochs, paperTraining } from '../../training/training-settings.js';

/** What a module adds to the stream: one ReLU layer, or a ReLU layer and a linear one. */
export const figure2Modules = ['relu', 'linear'] as const;

/** The kind of a module. */
export type Figure2Module = (typeof figure2Modules)[number];

export interface Figure2Spec extends StudySpec, LengthsAndTraining {
  readonly study: 'figure-2';
  readonly version: 1;
  readonly module: Figure2Module;
  /** Of the stream, and of the layers in a module. */
  readonly width: number;
  /** b of η_l = b^l, each in (0, 1]. */
  readonly bases: readonly number[];
}

/** What a person may say; the rest follows. */
export interface Figure2Options {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Default `relu`, the paper's. */
  readonly module?: Figure2Module | undefined;
  /** Default 5. */
  readonly width?: number | undefined;
  /** Default 1, 0.9, 0.75, 0.5. */
  readonly bases?: readonly number[] | undefined;
  /** Numbers of modules of both parts. Default: see `figure2Defaults`. */
  readonly depths?: readonly number[] | undefined;
  /** Nets a point of 2a; 0 leaves the part out. */
  readonly trials?: number | undefined;
  /** Trainings a point of 2b; 0 leaves the part out. */
  readonly runs?: number | undefined;
  readonly maxEpochs?: number | undefined;
  /** Smaller defaults, for a first look within a minute. */
  readonly quick?: boolean | undefined;
  /** The data of 2b; null only when 2b is left out. */
  readonly data: DatasetIdentity | null;
}

/**
 * Defaults, full and quick. 1,000 nets a point of 2a instead of the paper's 100: they cost seconds, and the lengths for b = 1
 * scatter so much that 100 say little.
 */
export const figure2Defaults = {
  full: {
    lengthDepths: [1, 2, 5, 10, 15, 20, 25, 30, 40, 50],
    trainingDepths: [5, 10, 20, 30, 40, 50],
    trials: 1000,
    runs: 100,
    maxEpochs: paperTraining.maxEpochs,
  },
  quick: {
    lengthDepths: [1, 2, 5, 10, 15, 20, 30],
    trainingDepths: [5, 15, 30],
    trials: 400,
    runs: 4,
    maxEpochs: 40,
  },
  width: 5,
  bases: [1, 0.9, 0.75, 0.5],
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const figure2Limits = {
  depth: 1000,
  width: 1000,
  trials: 1_000_000,
  runs: 1000,
  maxEpochs: mostEpochs,
} as const;

const schema = z.strictObject({
  study: z.literal('figure-2'),
  version: z.literal(1),
  seed: seedSchema,
  module: z.enum(figure2Modules),
  width: countSchema(figure2Limits.width),
  bases: distinctList(z.number().gt(0).max(1), 'bases'),
  ...lengthsAndTrainingFields(figure2Limits),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseFigure2Spec(value: unknown): Figure2Spec {
  const spec = readSpec<Figure2Spec>('figure-2', schema, value);
  checkLengthsOrTraining('figure-2', spec);
  return spec;
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range, or when 2b is asked for without data
 */
export function figure2Spec(options: Figure2Options): Figure2Spec {
  const { seed = 1, module = 'relu', data, quick = false } = options;
  const { width = figure2Defaults.width, bases = figure2Defaults.bases } = options;
  const defaults = figure2Defaults[quick ? 'quick' : 'full'];
  const { trials = defaults.trials, runs = defaults.runs, maxEpochs = defaults.maxEpochs } = options;
  return parseFigure2Spec({
    study: 'figure-2',
    version: 1,
    seed,
    module,
    width,
    bases: [...bases],
    ...lengthsAndTraining('figure-2', {
      trainingPart: '2b',
      data,
      lengthDepths: options.depths ?? defaults.lengthDepths,
      trainingDepths: options.depths ?? defaults.trainingDepths,
      trials,
      runs,
      maxEpochs,
    }),
  });
}
