/** The spec of the study of pre-training. The question is an open one; the comparison, the pretext task and the settings are ours. */
import { InvalidArgumentError } from '@kindling/core';
import { z } from 'zod';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';
import { datasetIdentitySchema, mostEpochs } from '../../training/training-settings.js';
import { type StartName, startNames } from './starts.js';

/** Few labelled images of a pool; what is learned of the pool without labels, and with all of them, comes before. */
export interface PretrainingSpec extends StudySpec {
  readonly study: 'pretraining';
  readonly version: 1;
  readonly data: DatasetIdentity;
  readonly starts: readonly StartName[];
  /** Labelled images, ascending. */
  readonly labels: readonly number[];
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  /** Seeds. */
  readonly runs: number;
  /** Epochs over the pool of the nets trained on all labels. */
  readonly maxEpochs: number;
  /** Epochs of the pretext model over the pool, in which every image has two masks. */
  readonly pretextEpochs: number;
  /** Nets trained on all labels, whose law is taken. */
  readonly donors: number;
  /** Share of the pixels that the pretext task masks. */
  readonly maskedShare: number;
  /** Steps on labelled images, about: whole epochs, at least as many. */
  readonly steps: number;
  /** Of Adam, everywhere. */
  readonly learningRate: number;
  readonly batchSize: number;
  /** Of covariances toward a multiple of the identity, as a share. */
  readonly shrinkage: number;
}

/** What a person may say; the rest follows. */
export interface PretrainingOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly starts?: readonly StartName[] | undefined;
  readonly labels?: readonly number[] | undefined;
  readonly hidden?: readonly number[] | undefined;
  readonly runs?: number | undefined;
  readonly maxEpochs?: number | undefined;
  readonly pretextEpochs?: number | undefined;
  readonly maskedShare?: number | undefined;
  /** Smaller defaults, for a first look within a minute. */
  readonly quick?: boolean | undefined;
  readonly data: DatasetIdentity;
}

/** Defaults, full and quick. */
export const pretrainingDefaults = {
  full: {
    ...{ labels: [10, 30, 100, 300, 1000], hidden: [64, 64], runs: 6, maxEpochs: 10, pretextEpochs: 25 },
    ...{ donors: 2, steps: 200, trainImages: 1500, testImages: 1000 },
  },
  quick: {
    ...{ labels: [10, 100], hidden: [32, 32], runs: 3, maxEpochs: 4, pretextEpochs: 8 },
    ...{ donors: 2, steps: 60, trainImages: 500, testImages: 500 },
  },
  starts: startNames,
  maskedShare: 0.5,
  learningRate: 0.001,
  batchSize: 32,
  shrinkage: 0.1,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const pretrainingLimits = {
  ...{ labels: 1_000_000, hidden: 1024, runs: 1000, maxEpochs: mostEpochs, donors: 100, steps: 1_000_000 },
} as const;

const schema = z.strictObject({
  study: z.literal('pretraining'),
  version: z.literal(1),
  seed: seedSchema,
  data: datasetIdentitySchema,
  starts: distinctList(z.enum(startNames as readonly [StartName, ...StartName[]]), 'starts'),
  labels: distinctList(countSchema(pretrainingLimits.labels), 'labels').refine(
    (labels) => labels.every((count, i) => i === 0 || count > (labels[i - 1] ?? 0)),
    'expected ascending labels',
  ),
  hidden: z.array(countSchema(pretrainingLimits.hidden)).min(1),
  runs: countSchema(pretrainingLimits.runs),
  maxEpochs: countSchema(pretrainingLimits.maxEpochs),
  pretextEpochs: countSchema(pretrainingLimits.maxEpochs),
  donors: countSchema(pretrainingLimits.donors),
  maskedShare: z.number().gt(0).lt(1),
  steps: countSchema(pretrainingLimits.steps),
  learningRate: z.number().positive(),
  batchSize: z.int().min(1).max(65_536),
  shrinkage: z.number().gt(0).max(1),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parsePretrainingSpec(value: unknown): PretrainingSpec {
  const spec = readSpec<PretrainingSpec>('pretraining', schema, value);
  const most = spec.labels.at(-1) ?? 0;
  if (most <= spec.data.trainCount) return spec;
  throw new InvalidArgumentError(
    `pretraining: labels: ${most}, and the data have ${spec.data.trainCount} training images`,
    { details: { field: 'labels' } },
  );
}

/**
 * A whole spec from the few things a person says. Of the default labels those that the data have are taken.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function pretrainingSpec(options: PretrainingOptions): PretrainingSpec {
  const { seed = 1, data, quick = false } = options;
  const { learningRate, batchSize, shrinkage } = pretrainingDefaults;
  const defaults = pretrainingDefaults[quick ? 'quick' : 'full'];
  const labels = options.labels ?? defaults.labels.filter((count) => count <= data.trainCount);
  return parsePretrainingSpec({
    ...{ study: 'pretraining', version: 1, seed, data, learningRate, batchSize, shrinkage },
    starts: [...(options.starts ?? pretrainingDefaults.starts)],
    labels: [...labels],
    hidden: [...(options.hidden ?? defaults.hidden)],
    runs: options.runs ?? defaults.runs,
    maxEpochs: options.maxEpochs ?? defaults.maxEpochs,
    pretextEpochs: options.pretextEpochs ?? defaults.pretextEpochs,
    maskedShare: options.maskedShare ?? pretrainingDefaults.maskedShare,
    donors: defaults.donors,
    steps: defaults.steps,
  });
}
