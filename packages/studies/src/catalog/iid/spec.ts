/** The spec of the study of randomly ordered parameters. The test is the lecture deck's; nets, sizes and settings are ours. */
import { InvalidArgumentError } from '@kindling/core';
import { z } from 'zod';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';
import { datasetIdentitySchema, mostEpochs } from '../../training/training-settings.js';
import { type IidNetName, iidNetNames } from './nets.js';
import { type TensorBits, tensorBitsSchema } from './tensor-bits.js';

/** A model file as it was counted before the study: its numbers are no part of a spec. */
export type CountedModel = {
  /** Name of the file. */
  readonly name: string;
  /** SHA-256 over its tensors' names, shapes, types and numbers. */
  readonly digest: string;
  readonly tensors: readonly TensorBits[];
};

/** Nets are tested before training, at some epochs, and at the end. */
export interface IidSpec extends StudySpec {
  readonly study: 'iid';
  readonly version: 1;
  readonly data: DatasetIdentity;
  readonly nets: readonly IidNetName[];
  /** When parameters are tested, 0 being before the first step; ascending. */
  readonly epochs: readonly number[];
  /** The last of `epochs`. */
  readonly maxEpochs: number;
  /** Seeds a net. */
  readonly runs: number;
  /** Images of the contrast, the first of the data; 0 for none. */
  readonly images: number;
  readonly models: readonly CountedModel[];
  /** Of Adam. */
  readonly learningRate: number;
  readonly batchSize: number;
}

/** What a person may say; the rest follows. */
export interface IidOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly nets?: readonly IidNetName[] | undefined;
  readonly epochs?: readonly number[] | undefined;
  readonly runs?: number | undefined;
  /** Default: none. */
  readonly models?: readonly CountedModel[] | undefined;
  /** Smaller defaults, for a first look within a minute. */
  readonly quick?: boolean | undefined;
  readonly data: DatasetIdentity;
}

/** Defaults, full and quick. */
export const iidDefaults = {
  full: { epochs: [0, 1, 10], runs: 5, trainImages: 1000, testImages: 1000 },
  quick: { epochs: [0, 2], runs: 2, trainImages: 500, testImages: 250 },
  nets: iidNetNames,
  images: 1000,
  learningRate: 0.001,
  batchSize: 32,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const iidLimits = { runs: 1000, maxEpochs: mostEpochs, images: 1_000_000 } as const;

const schema = z.strictObject({
  study: z.literal('iid'),
  version: z.literal(1),
  seed: seedSchema,
  data: datasetIdentitySchema,
  nets: distinctList(z.enum(iidNetNames as readonly [IidNetName, ...IidNetName[]]), 'nets'),
  epochs: z
    .array(z.int().min(0).max(iidLimits.maxEpochs))
    .min(2)
    .refine(
      (epochs) => epochs.every((epoch, i) => i === 0 || epoch > (epochs[i - 1] ?? 0)),
      'expected ascending epochs',
    ),
  maxEpochs: countSchema(iidLimits.maxEpochs),
  runs: countSchema(iidLimits.runs),
  images: z.int().min(0).max(iidLimits.images),
  models: z.array(
    z.strictObject({
      name: z.string().min(1),
      digest: z.string().regex(/^[0-9a-f]{64}$/),
      tensors: z.array(tensorBitsSchema),
    }),
  ),
  learningRate: z.number().positive(),
  batchSize: z.int().min(1).max(65_536),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseIidSpec(value: unknown): IidSpec {
  const spec = readSpec<IidSpec>('iid', schema, value);
  const refuse = (field: string, what: string) =>
    new InvalidArgumentError(`iid: ${field}: ${what}`, { details: { field } });
  sideOf(spec);
  const last = spec.epochs.at(-1);
  if (last !== spec.maxEpochs) {
    throw refuse('maxEpochs', `${spec.maxEpochs} is not the last of epochs, ${last}`);
  }
  if (spec.images > spec.data.trainCount) {
    throw refuse('images', `${spec.images}, and the data have ${spec.data.trainCount} training images`);
  }
  return spec;
}

/**
 * Height and width of the images.
 *
 * @throws InvalidArgumentError for images that are not square
 */
export function sideOf({ data }: Pick<IidSpec, 'data'>): number {
  const side = Math.round(Math.sqrt(data.features));
  if (side * side === data.features) return side;
  throw new InvalidArgumentError(
    `iid: data.features: images of ${data.features} pixels are not square; expected square ones`,
    { details: { field: 'data.features' } },
  );
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function iidSpec(options: IidOptions): IidSpec {
  const { seed = 1, data, quick = false, nets = iidDefaults.nets, models = [] } = options;
  const defaults = iidDefaults[quick ? 'quick' : 'full'];
  const epochs = options.epochs ?? defaults.epochs;
  return parseIidSpec({
    ...{ study: 'iid', version: 1, seed, data, nets: [...nets], epochs: [...epochs] },
    maxEpochs: epochs.at(-1) ?? 0,
    runs: options.runs ?? defaults.runs,
    images: Math.min(iidDefaults.images, data.trainCount),
    models: models.map((model) => ({ ...model, tensors: [...model.tensors] })),
    learningRate: iidDefaults.learningRate,
    batchSize: iidDefaults.batchSize,
  });
}
