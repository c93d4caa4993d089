/** The spec of the study of trained and fresh parameters: which nets are in the zoo, and when they are looked at. The design is ours. */
import { InvalidArgumentError } from '@kindling/core';
import { findInitializer } from '@kindling/initializers';
import { z } from 'zod';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';
import { datasetIdentitySchema } from '../../training/training-settings.js';
import { type ZooArchitectureName, zooArchitectureNames } from '../../zoo/architectures.js';
import { type ZooDataName, zooDataNames } from '../../zoo/datasets.js';
import { type ZooOptimizerName, zooOptimizerNames } from '../../zoo/optimizers.js';

/** Every architecture under every initializer, on all data, by every optimizer. */
export interface TrainedOrNotSpec extends StudySpec {
  readonly study: 'trained-or-not';
  readonly version: 1;
  readonly data: DatasetIdentity;
  readonly architectures: readonly ZooArchitectureName[];
  /** Names or expressions of the catalog of initializers. */
  readonly initializers: readonly string[];
  /** What is learned. */
  readonly learned: readonly ZooDataName[];
  readonly optimizers: readonly ZooOptimizerName[];
  /** The late stage; the others are 0, 1 and 5, as far as they are earlier. */
  readonly maxEpochs: number;
  /** Nets a combination. */
  readonly runs: number;
}

/** What a person may say; the rest follows. */
export interface TrainedOrNotOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly architectures?: readonly ZooArchitectureName[] | undefined;
  readonly initializers?: readonly string[] | undefined;
  readonly learned?: readonly ZooDataName[] | undefined;
  readonly optimizers?: readonly ZooOptimizerName[] | undefined;
  readonly runs?: number | undefined;
  readonly maxEpochs?: number | undefined;
  /** Smaller defaults, for a first look within a minute. */
  readonly quick?: boolean | undefined;
  /** Square images of at least 16 × 16 pixels. */
  readonly data: DatasetIdentity;
}

/**
 * Defaults, full and quick. Two of the initializers are none of the catalog's laws at their fans: He with a gain of its own, as when
 * somebody scales weights, and Student-t. Orthogonal weights are fresh and not independent.
 */
export const trainedOrNotDefaults = {
  full: {
    // LeNet takes as long as all others together.
    architectures: zooArchitectureNames.filter((name) => name !== 'lenet'),
    initializers: [
      'he-normal',
      'he-uniform',
      'glorot-normal',
      'glorot-uniform',
      'pytorch:linear',
      'tfjs:dense',
      'he-normal:gain=1.3',
      'he-student-t',
      'orthogonal',
    ],
    learned: zooDataNames,
    maxEpochs: 15,
  },
  quick: {
    architectures: ['dense-64', 'dense-128-64-32', 'conv-8-16'],
    initializers: ['he-normal', 'glorot-uniform', 'pytorch:linear', 'orthogonal'],
    learned: ['given'],
    maxEpochs: 5,
  },
  optimizers: zooOptimizerNames,
  runs: 1,
  trainImages: 1500,
  testImages: 500,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const trainedOrNotLimits = { runs: 1000, maxEpochs: 1000 } as const;

const names = <Name extends string>(known: readonly Name[], field: string) =>
  distinctList(z.enum(known as [Name, ...Name[]]), field);

const schema = z.strictObject({
  study: z.literal('trained-or-not'),
  version: z.literal(1),
  seed: seedSchema,
  data: datasetIdentitySchema,
  architectures: names(zooArchitectureNames, 'architectures'),
  initializers: distinctList(z.string().min(1), 'initializers'),
  learned: names(zooDataNames, 'learned'),
  optimizers: names(zooOptimizerNames, 'optimizers'),
  maxEpochs: countSchema(trainedOrNotLimits.maxEpochs),
  runs: countSchema(trainedOrNotLimits.runs),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseTrainedOrNotSpec(value: unknown): TrainedOrNotSpec {
  const spec = readSpec<TrainedOrNotSpec>('trained-or-not', schema, value);
  sideOf(spec);
  for (const initializer of spec.initializers) findInitializer(initializer);
  if (spec.architectures.length < 2) {
    throw new InvalidArgumentError(
      'trained-or-not: architectures: one alone; expected at least two, so that one can be held out',
      { details: { field: 'architectures' } },
    );
  }
  return spec;
}

/**
 * Height and width of the images.
 *
 * @throws InvalidArgumentError for images that are not square, or smaller than 16 × 16
 */
export function sideOf({ data }: Pick<TrainedOrNotSpec, 'data'>): number {
  const side = Math.round(Math.sqrt(data.features));
  if (side * side !== data.features || side < 16) {
    throw new InvalidArgumentError(
      `trained-or-not: data.features: images of ${data.features} pixels; expected square ones of at least 16 × 16`,
      { details: { field: 'data.features' } },
    );
  }
  return side;
}

/** Epochs at which parameters are looked at, ascending: 0, 1, 5 and the last. */
export function stagesOf({ maxEpochs }: Pick<TrainedOrNotSpec, 'maxEpochs'>): readonly number[] {
  return [...[0, 1, 5].filter((epoch) => epoch < maxEpochs), maxEpochs];
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function trainedOrNotSpec(options: TrainedOrNotOptions): TrainedOrNotSpec {
  const { seed = 1, data, quick = false } = options;
  const defaults = trainedOrNotDefaults[quick ? 'quick' : 'full'];
  return parseTrainedOrNotSpec({
    study: 'trained-or-not',
    version: 1,
    seed,
    data,
    architectures: [...(options.architectures ?? defaults.architectures)],
    initializers: [...(options.initializers ?? defaults.initializers)],
    learned: [...(options.learned ?? defaults.learned)],
    optimizers: [...(options.optimizers ?? trainedOrNotDefaults.optimizers)],
    maxEpochs: options.maxEpochs ?? defaults.maxEpochs,
    runs: options.runs ?? trainedOrNotDefaults.runs,
  });
}
