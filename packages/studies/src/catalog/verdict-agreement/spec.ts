/**
 * The spec of the verdict study: a grid of initializers, widths and depths, and how the nets are trained. Settings are those
 * of figure 1 (plain SGD at 0.01 to 20 % test accuracy); the grid is ours.
 */
import { KindlingError } from '@kindling/core';
import { findInitializer, needsBlocks, needsData } from '@kindling/initializers';
import { embeddedDigest } from '@kindling/trainer';
import { z } from 'zod';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';

export interface VerdictAgreementSpec extends StudySpec {
  readonly study: 'verdict-agreement';
  readonly version: 1;
  readonly data: DatasetIdentity;
  /** Names or expressions of the catalog that need no data. */
  readonly initializers: readonly string[];
  /** Width of every hidden layer. */
  readonly widths: readonly number[];
  /** Hidden layers. */
  readonly depths: readonly number[];
  /** Trainings a cell. */
  readonly runs: number;
  readonly learningRate: number;
  readonly batchSize: number;
  /** A net that has not reached the target by then has not started. */
  readonly maxEpochs: number;
  readonly targetAccuracy: number;
}

/** What a person may say; the rest follows. */
export interface VerdictAgreementOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly initializers?: readonly string[] | undefined;
  readonly widths?: readonly number[] | undefined;
  readonly depths?: readonly number[] | undefined;
  readonly runs?: number | undefined;
  readonly maxEpochs?: number | undefined;
  /** Smaller defaults, for a first look within a minute. */
  readonly quick?: boolean | undefined;
  readonly data: DatasetIdentity;
}

/** Defaults, full and quick. */
export const verdictAgreementDefaults = {
  full: {
    initializers: [
      'he-normal',
      'he-uniform',
      'he-student-t',
      'he-rademacher',
      'orthogonal:gain=1.4142135623730951',
      'tfjs:he-normal',
      'he-normal:gain=0.9',
      'he-normal:gain=1.1',
      'he-normal-2x',
      'glorot-normal',
      'glorot-uniform',
      'lecun-normal',
      'orthogonal',
      'tfjs:dense',
      'pytorch:linear',
      'brainjs',
      'tensorflow-playground',
      'rai',
    ],
    widths: [3, 5, 10, 20, 50],
    depths: [5, 10, 20, 40],
    runs: 10,
    maxEpochs: 40,
  },
  quick: {
    initializers: [
      'he-normal',
      'he-normal-2x',
      'tfjs:he-normal',
      'glorot-normal',
      'orthogonal',
      'pytorch:linear',
    ],
    widths: [3, 10, 20],
    depths: [5, 10, 20, 30],
    runs: 3,
    maxEpochs: 40,
  },
  learningRate: 0.01,
  batchSize: 1024,
  /** As in figure 1: an epoch of the embedded subset then has about as many steps as one of MNIST. */
  embeddedBatchSize: 32,
  targetAccuracy: 0.2,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const verdictAgreementLimits = { width: 1000, depth: 1000, runs: 1000, maxEpochs: 100_000 } as const;

const { width, depth, runs, maxEpochs } = verdictAgreementLimits;
const schema = z.strictObject({
  study: z.literal('verdict-agreement'),
  version: z.literal(1),
  seed: seedSchema,
  data: z.strictObject({
    name: z.string().min(1),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    trainCount: z.int().min(1),
    testCount: z.int().min(1),
    features: z.int().min(1),
    classes: z.int().min(2).max(256),
  }),
  initializers: distinctList(
    z
      .string()
      .refine(
        isForDenseNets,
        'expected a name or expression of the catalog that needs no data and no residual blocks',
      ),
    'initializers',
  ),
  widths: distinctList(countSchema(width), 'widths'),
  depths: distinctList(countSchema(depth), 'depths'),
  runs: countSchema(runs),
  learningRate: z.number().positive(),
  batchSize: z.int().min(1).max(65_536),
  maxEpochs: countSchema(maxEpochs),
  targetAccuracy: z.number().gt(0).max(1),
});

function isForDenseNets(expression: string): boolean {
  try {
    const { initializer } = findInitializer(expression);
    return !needsData(initializer) && !needsBlocks(initializer);
  } catch (error) {
    if (KindlingError.isInstance(error)) return false;
    throw error;
  }
}

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseVerdictAgreementSpec(value: unknown): VerdictAgreementSpec {
  return readSpec<VerdictAgreementSpec>('verdict-agreement', schema, value);
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function verdictAgreementSpec(options: VerdictAgreementOptions): VerdictAgreementSpec {
  const { seed = 1, data, quick = false } = options;
  const { learningRate, targetAccuracy, batchSize, embeddedBatchSize } = verdictAgreementDefaults;
  const defaults = verdictAgreementDefaults[quick ? 'quick' : 'full'];
  return parseVerdictAgreementSpec({
    study: 'verdict-agreement',
    version: 1,
    seed,
    data,
    initializers: [...(options.initializers ?? defaults.initializers)],
    widths: [...(options.widths ?? defaults.widths)],
    depths: [...(options.depths ?? defaults.depths)],
    runs: options.runs ?? defaults.runs,
    learningRate,
    batchSize: data.digest === embeddedDigest ? embeddedBatchSize : batchSize,
    maxEpochs: options.maxEpochs ?? defaults.maxEpochs,
    targetAccuracy,
  });
}
