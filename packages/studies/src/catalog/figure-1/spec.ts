/**
 * The spec of figure 1: everything that decides its numbers, and nothing else. Worker counts, directories and the
 * look of the report are not in it.
 *
 * Settings follow Hanin & Rolnick (2018). The curves (He family, width = depth), the axes and the 20 % threshold are
 * published; the counts and the optimizer's settings (SGD, rate 0.01, batch 1024, at most 100 epochs) are recalled
 * from the paper's experiments, not quoted from it.
 */
import { z } from 'zod';
import {
  type Figure1InitializerName,
  figure1InitializerNames,
  figure1Initializers,
} from '../../lengths/curves.js';
import { distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';
import {
  checkLengthsOrTraining,
  type LengthsAndTraining,
  lengthsAndTraining,
  lengthsAndTrainingFields,
} from '../../training/lengths-and-training.js';
import { mostEpochs, paperTraining } from '../../training/training-settings.js';

export interface Figure1Spec extends StudySpec, LengthsAndTraining {
  readonly study: 'figure-1';
  readonly version: 1;
  readonly initializers: readonly Figure1InitializerName[];
}

/** What a person may say; the rest follows. */
export interface Figure1Options {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Default: the eight curves of the paper's figure. */
  readonly initializers?: readonly Figure1InitializerName[] | undefined;
  /** Depths of both parts. Default: see `figure1Defaults`. */
  readonly depths?: readonly number[] | undefined;
  /** Nets a point of 1a; 0 leaves the part out. */
  readonly trials?: number | undefined;
  /** Trainings a point of 1b; 0 leaves the part out. */
  readonly runs?: number | undefined;
  readonly maxEpochs?: number | undefined;
  /** Smaller defaults, for a first look in a minute or two. */
  readonly quick?: boolean | undefined;
  /** The data of 1b; null only when 1b is left out. */
  readonly data: DatasetIdentity | null;
}

/**
 * Defaults, full and quick. 1b stops at depth 50 unless told otherwise: an initialization that never starts costs 100
 * epochs a run, and depth 100 would make a day of it.
 */
export const figure1Defaults = {
  full: {
    lengthDepths: [5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
    trainingDepths: [10, 20, 30, 40, 50],
    trials: 1000,
    runs: 5,
    maxEpochs: paperTraining.maxEpochs,
  },
  quick: {
    lengthDepths: [5, 10, 15, 20, 25, 30],
    trainingDepths: [10, 20, 30],
    trials: 400,
    runs: 2,
    maxEpochs: 15,
  },
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const figure1Limits = { depth: 1000, trials: 1_000_000, runs: 1000, maxEpochs: mostEpochs } as const;

const schema = z.strictObject({
  study: z.literal('figure-1'),
  version: z.literal(1),
  seed: seedSchema,
  initializers: distinctList(z.enum(figure1InitializerNames), 'initializers'),
  ...lengthsAndTrainingFields(figure1Limits),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseFigure1Spec(value: unknown): Figure1Spec {
  const spec = readSpec<Figure1Spec>('figure-1', schema, value);
  checkLengthsOrTraining('figure-1', spec);
  return spec;
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range, or when 1b is asked for without data
 */
export function figure1Spec(options: Figure1Options): Figure1Spec {
  const { seed = 1, initializers = figure1Initializers, data, quick = false } = options;
  const defaults = figure1Defaults[quick ? 'quick' : 'full'];
  const { trials = defaults.trials, runs = defaults.runs, maxEpochs = defaults.maxEpochs } = options;
  return parseFigure1Spec({
    study: 'figure-1',
    version: 1,
    seed,
    initializers: [...initializers],
    ...lengthsAndTraining('figure-1', {
      trainingPart: '1b',
      data,
      lengthDepths: options.depths ?? defaults.lengthDepths,
      trainingDepths: options.depths ?? defaults.trainingDepths,
      trials,
      runs,
      maxEpochs,
    }),
  });
}
