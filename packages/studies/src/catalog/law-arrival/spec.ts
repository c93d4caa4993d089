/**
 * The spec of the study of when trainings reach the law of trained weights. The question is the lecture's that the project began with; nets
 * and sizes are ours.
 */
import { z } from 'zod';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';
import { datasetIdentitySchema } from '../../training/training-settings.js';
import { checkTaskData } from '../../weight-laws/tasks.js';
import { type ZooArchitectureName, zooArchitectureNames } from '../../zoo/architectures.js';
import { type ZooOptimizerName, zooOptimizerNames } from '../../zoo/optimizers.js';

/** What nets start from, and how that is called; the first is the reference. */
export const arrivalInitializers = {
  'he-normal': 'He normal',
  'glorot-normal': 'Glorot (Xavier) normal',
  'glorot-uniform': 'Glorot (Xavier) uniform',
} as const;

/** An initializer of the study. */
export type ArrivalInitializerName = keyof typeof arrivalInitializers;

/** The names. */
export const arrivalInitializerNames = Object.keys(arrivalInitializers) as readonly ArrivalInitializerName[];

/** Nets of several architectures from several initializers, looked at on their way. */
export interface LawArrivalSpec extends StudySpec {
  readonly study: 'law-arrival';
  readonly version: 1;
  readonly data: DatasetIdentity;
  readonly architectures: readonly ZooArchitectureName[];
  /** The law is that of nets from the first. */
  readonly initializers: readonly ArrivalInitializerName[];
  /** Nets of an architecture and initializer, ≥ 2: the law of one is that of the others. */
  readonly nets: number;
  readonly optimizer: ZooOptimizerName;
  readonly batchSize: number;
  /** Of every training; one that diverges ends before. */
  readonly maxEpochs: number;
  /** Of every test. */
  readonly permutations: number;
}

/** What a person may say; the rest follows. */
export interface LawArrivalOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly architectures?: readonly ZooArchitectureName[] | undefined;
  readonly initializers?: readonly ArrivalInitializerName[] | undefined;
  readonly nets?: number | undefined;
  readonly optimizer?: ZooOptimizerName | undefined;
  readonly maxEpochs?: number | undefined;
  /** Smaller defaults, for a first look within a minute. */
  readonly quick?: boolean | undefined;
  /** Of square images. */
  readonly data: DatasetIdentity;
}

interface SizedDefaults {
  readonly architectures: readonly ZooArchitectureName[];
  readonly nets: number;
  readonly maxEpochs: number;
}

/** Defaults, full and quick. */
export const lawArrivalDefaults = {
  full: {
    architectures: ['dense-100-100', 'dense-50x5', 'conv-8-16'],
    nets: 6,
    maxEpochs: 40,
  } as SizedDefaults,
  quick: { architectures: ['dense-64', 'conv-8-16'], nets: 3, maxEpochs: 4 } as SizedDefaults,
  initializers: ['he-normal', 'glorot-normal'] as readonly ArrivalInitializerName[],
  trainImages: 1500,
  testImages: 500,
  optimizer: 'adam' as ZooOptimizerName,
  batchSize: 32,
  permutations: 1999,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const lawArrivalLimits = { nets: 200, maxEpochs: 10_000, permutations: 1_000_000 } as const;

const schema = z.strictObject({
  study: z.literal('law-arrival'),
  version: z.literal(1),
  seed: seedSchema,
  data: datasetIdentitySchema,
  architectures: distinctList(
    z.enum(zooArchitectureNames as [ZooArchitectureName, ...ZooArchitectureName[]]),
    'architectures',
  ),
  initializers: distinctList(
    z.enum(arrivalInitializerNames as [ArrivalInitializerName, ...ArrivalInitializerName[]]),
    'initializers',
  ),
  nets: countSchema(lawArrivalLimits.nets).min(2),
  optimizer: z.enum(zooOptimizerNames as [ZooOptimizerName, ...ZooOptimizerName[]]),
  batchSize: countSchema(65_536),
  maxEpochs: countSchema(lawArrivalLimits.maxEpochs),
  permutations: countSchema(lawArrivalLimits.permutations),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseLawArrivalSpec(value: unknown): LawArrivalSpec {
  const spec = readSpec<LawArrivalSpec>('law-arrival', schema, value);
  checkTaskData('law-arrival', { data: spec.data, sources: [spec.data] }, []);
  return spec;
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function lawArrivalSpec(options: LawArrivalOptions): LawArrivalSpec {
  const { seed = 1, data, quick = false } = options;
  const defaults = lawArrivalDefaults[quick ? 'quick' : 'full'];
  return parseLawArrivalSpec({
    study: 'law-arrival',
    version: 1,
    seed,
    data,
    architectures: [...(options.architectures ?? defaults.architectures)],
    initializers: [...(options.initializers ?? lawArrivalDefaults.initializers)],
    nets: options.nets ?? defaults.nets,
    optimizer: options.optimizer ?? lawArrivalDefaults.optimizer,
    batchSize: lawArrivalDefaults.batchSize,
    maxEpochs: options.maxEpochs ?? defaults.maxEpochs,
    permutations: lawArrivalDefaults.permutations,
  });
}

/** Steps at which nets are looked at, beside 0: 1, 2, 3, 4, 6, 8, 12, 16, 24, … and the last one. */
export function arrivalSteps({ data, batchSize, maxEpochs }: LawArrivalSpec): readonly number[] {
  const last = maxEpochs * Math.ceil(data.trainCount / batchSize);
  const steps: number[] = [];
  for (let power = 1; power < last; power *= 2) {
    steps.push(power);
    const between = 1.5 * power;
    if (Number.isInteger(between) && between < last) steps.push(between);
  }
  return [...steps, last];
}
