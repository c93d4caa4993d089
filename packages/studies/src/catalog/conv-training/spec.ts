/**
 * The spec of the study of convolutional trainings. The comparison, its nets and its sizes are ours; that plain SGD to a low test
 * accuracy tells who starts is figure 1b's idea.
 */
import { InvalidArgumentError } from '@kindling/core';
import { z } from 'zod';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';
import {
  mostEpochs,
  paperTraining,
  type TrainingSettings,
  trainingSettingsFields,
} from '../../training/training-settings.js';
import { type ConvVariantName, convVariantNames } from './variants.js';

/** A training goes on to `targetAccuracy`; when it has started is read off its way there. */
export interface ConvTrainingSpec extends StudySpec, TrainingSettings {
  readonly study: 'conv-training';
  readonly version: 1;
  readonly nets: readonly ConvVariantName[];
  /** Convolutions behind the two of the stem; even. */
  readonly depths: readonly number[];
  readonly channels: number;
  /** Trainings a point. */
  readonly runs: number;
  /** Test accuracy at which a training has started, below `targetAccuracy`. */
  readonly startAccuracy: number;
}

/** What a person may say; the rest follows. */
export interface ConvTrainingOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly nets?: readonly ConvVariantName[] | undefined;
  readonly depths?: readonly number[] | undefined;
  readonly channels?: number | undefined;
  readonly runs?: number | undefined;
  readonly maxEpochs?: number | undefined;
  /** Smaller defaults, for a first look within a minute. */
  readonly quick?: boolean | undefined;
  /** Of square images. */
  readonly data: DatasetIdentity;
}

/** Defaults, full and quick. */
export const convTrainingDefaults = {
  full: { depths: [4, 8, 16, 32], runs: 5, maxEpochs: 40, trainImages: 6000, testImages: 1000 },
  quick: { depths: [4, 8, 16], runs: 2, maxEpochs: 8, trainImages: 1500, testImages: 500 },
  nets: convVariantNames,
  channels: 8,
  learningRate: paperTraining.learningRate,
  /** Near the 59 of figure 1b's epochs on MNIST; the batch size follows. */
  stepsPerEpoch: 47,
  startAccuracy: 0.2,
  targetAccuracy: 0.6,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const convTrainingLimits = { depth: 1000, channels: 256, runs: 1000, maxEpochs: mostEpochs } as const;

const schema = z.strictObject({
  study: z.literal('conv-training'),
  version: z.literal(1),
  seed: seedSchema,
  ...trainingSettingsFields,
  nets: distinctList(z.enum(convVariantNames as [ConvVariantName, ...ConvVariantName[]]), 'nets'),
  depths: distinctList(countSchema(convTrainingLimits.depth).multipleOf(2), 'depths'),
  channels: countSchema(convTrainingLimits.channels),
  runs: countSchema(convTrainingLimits.runs),
  startAccuracy: z.number().gt(0).max(1),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseConvTrainingSpec(value: unknown): ConvTrainingSpec {
  const spec = readSpec<ConvTrainingSpec>('conv-training', schema, value);
  sideOf(spec);
  if (!(spec.startAccuracy < spec.targetAccuracy)) {
    throw new InvalidArgumentError(
      `conv-training: startAccuracy: ${spec.startAccuracy} is not below targetAccuracy, ${spec.targetAccuracy}`,
      { details: { field: 'startAccuracy' } },
    );
  }
  return spec;
}

/**
 * Height and width of the images.
 *
 * @throws InvalidArgumentError for images that are not square
 */
export function sideOf({ data }: Pick<ConvTrainingSpec, 'data'>): number {
  const side = Math.round(Math.sqrt(data.features));
  if (side * side !== data.features) {
    throw new InvalidArgumentError(
      `conv-training: data.features: images of ${data.features} pixels are not square; expected square ones`,
      { details: { field: 'data.features' } },
    );
  }
  return side;
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function convTrainingSpec(options: ConvTrainingOptions): ConvTrainingSpec {
  const { seed = 1, data, quick = false } = options;
  const { learningRate, stepsPerEpoch, startAccuracy, targetAccuracy } = convTrainingDefaults;
  const { nets = convTrainingDefaults.nets, channels = convTrainingDefaults.channels } = options;
  const defaults = convTrainingDefaults[quick ? 'quick' : 'full'];
  return parseConvTrainingSpec({
    study: 'conv-training',
    version: 1,
    seed,
    data,
    nets: [...nets],
    depths: [...(options.depths ?? defaults.depths)],
    channels,
    runs: options.runs ?? defaults.runs,
    learningRate,
    batchSize: Math.ceil(data.trainCount / stepsPerEpoch),
    maxEpochs: options.maxEpochs ?? defaults.maxEpochs,
    startAccuracy,
    targetAccuracy,
  });
}
