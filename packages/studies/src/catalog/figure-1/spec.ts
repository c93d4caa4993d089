/**
 * The spec of figure 1: everything that decides its numbers, and nothing else. Worker counts, directories and the
 * look of the report are not in it.
 *
 * Settings follow Hanin & Rolnick (2018). The curves (He family, width = depth), the axes and the 20 % threshold are
 * published; the counts and the optimizer's settings (SGD, rate 0.01, batch 1024, at most 100 epochs) are recalled
 * from the paper's experiments, not quoted from it.
 */
import { InvalidArgumentError } from '@kindling/core';
import { z } from 'zod';
import {
  type Figure1InitializerName,
  figure1InitializerNames,
  figure1Initializers,
} from '../../lengths/curves.js';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';
import {
  mostEpochs,
  paperBatchSize,
  paperTraining,
  type TrainingSettings,
  trainingSettingsFields,
} from '../../training/training-settings.js';

/** Part 1a: lengths of random nets. */
export interface LengthsPart {
  readonly depths: readonly number[];
  /** Nets a point. */
  readonly trials: number;
}

/** Part 1b: trainings on images. */
export interface TrainingPart extends TrainingSettings {
  readonly depths: readonly number[];
  /** Trainings a point. */
  readonly runs: number;
}

export interface Figure1Spec extends StudySpec {
  readonly study: 'figure-1';
  readonly version: 1;
  readonly initializers: readonly Figure1InitializerName[];
  /** null leaves part 1a out. */
  readonly lengths: LengthsPart | null;
  /** null leaves part 1b out. */
  readonly training: TrainingPart | null;
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

const depths = distinctList(countSchema(figure1Limits.depth), 'depths');

const schema = z.strictObject({
  study: z.literal('figure-1'),
  version: z.literal(1),
  seed: seedSchema,
  initializers: distinctList(z.enum(figure1InitializerNames), 'initializers'),
  lengths: z.strictObject({ depths, trials: countSchema(figure1Limits.trials) }).nullable(),
  training: z
    .strictObject({ ...trainingSettingsFields, depths, runs: countSchema(figure1Limits.runs) })
    .nullable(),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseFigure1Spec(value: unknown): Figure1Spec {
  const spec = readSpec<Figure1Spec>('figure-1', schema, value);
  if (spec.lengths === null && spec.training === null) {
    throw new InvalidArgumentError(
      'figure-1: both parts are left out; expected lengths (trials ≥ 1) or training (runs ≥ 1)',
    );
  }
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
  if (runs !== 0 && data === null) {
    throw new InvalidArgumentError('figure-1: runs is not 0 and there is no data; expected data for part 1b');
  }
  return parseFigure1Spec({
    study: 'figure-1',
    version: 1,
    seed,
    initializers: [...initializers],
    lengths: trials === 0 ? null : { depths: [...(options.depths ?? defaults.lengthDepths)], trials },
    training:
      runs === 0
        ? null
        : {
            data,
            depths: [...(options.depths ?? defaults.trainingDepths)],
            runs,
            learningRate: paperTraining.learningRate,
            batchSize: paperBatchSize(data),
            maxEpochs,
            targetAccuracy: paperTraining.targetAccuracy,
          },
  });
}
