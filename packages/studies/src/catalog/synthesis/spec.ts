/**
 * The spec of the synthesis study: nets built from data without a gradient beside trained ones, and how wide a net must be for zero
 * loss. Sizes and optimizers are ours.
 */
import { type TargetFunction, unitVarianceRadius } from '@kindling/trainer';
import { z } from 'zod';
import { adamSchema, regressionOptimizers, type SpecOptimizer } from '../../regression/optimizers.js';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';
import { datasetIdentitySchema } from '../../training/training-settings.js';

/** Functions of one input to learn. */
export const synthesisTargetNames = [
  'absolute',
  'x-sin-5x',
  'step-sine',
] as const satisfies readonly TargetFunction['name'][];

/** One of them. */
export type SynthesisTargetName = (typeof synthesisTargetNames)[number];

/** Data of the question of widths: ±1 in turn, or independent normal numbers. */
export const capacityDataNames = ['zigzag', 'random'] as const;

/** One of them. */
export type CapacityDataName = (typeof capacityDataNames)[number];

type Adam = Extract<SpecOptimizer, { readonly kind: 'adam' }>;

export interface SynthesisSpec extends StudySpec {
  readonly study: 'synthesis';
  readonly version: 1;
  /** Images to classify. */
  readonly data: DatasetIdentity;
  readonly targets: readonly SynthesisTargetName[];
  /** Random points of a function, uniform in [−radius, radius]. Interpolation takes points − 1 units. */
  readonly points: number;
  readonly radius: number;
  /** Widths of random features and of trained nets. */
  readonly functionWidths: readonly number[];
  /** Steps of a training on a function, all points a step. */
  readonly functionSteps: number;
  /** λ over the mean of the diagonal. */
  readonly functionRidge: number;
  readonly imageWidths: readonly number[];
  readonly batchSize: number;
  /** Epochs of a training on images. */
  readonly maxEpochs: number;
  readonly imageRidge: number;
  /** Of all trainings. */
  readonly optimizer: Adam;
  /** Draws a function, method and width; and of images. */
  readonly runs: number;
  /** Points of the question of widths, evenly spaced over [−radius, radius]. */
  readonly capacityPoints: number;
  readonly capacityWidths: readonly number[];
  readonly capacityRuns: number;
  readonly capacitySteps: number;
  readonly capacityOptimizer: Adam;
  /** Mean squared error that counts as zero; the data have mean square about 1. */
  readonly zeroLoss: number;
}

/** What a person may say; the rest follows. */
export interface SynthesisOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly targets?: readonly SynthesisTargetName[] | undefined;
  readonly runs?: number | undefined;
  readonly capacityRuns?: number | undefined;
  readonly imageWidths?: readonly number[] | undefined;
  /** Smaller defaults, for a first look. */
  readonly quick?: boolean | undefined;
  readonly data: DatasetIdentity;
}

/** Defaults, full and quick. */
export const synthesisDefaults = {
  full: {
    runs: 3,
    functionSteps: 5000,
    imageWidths: [30, 100, 300, 1000],
    maxEpochs: 10,
    capacityWidths: [1, 2, 3, 4, 5, 6, 8, 12, 20, 40],
    capacityRuns: 50,
    capacitySteps: 5000,
    trainImages: 4000,
    testImages: 1000,
  },
  quick: {
    runs: 2,
    functionSteps: 1000,
    imageWidths: [30, 100, 300],
    maxEpochs: 3,
    capacityWidths: [2, 3, 4, 5, 10, 40],
    capacityRuns: 10,
    capacitySteps: 1500,
    trainImages: 1500,
    testImages: 500,
  },
  points: 50,
  functionWidths: [10, 50, 250],
  functionRidge: 1e-9,
  imageRidge: 1e-3,
  batchSize: 64,
  capacityPoints: 6,
  capacityOptimizer: { kind: 'adam', learningRate: 0.01 },
  zeroLoss: 1e-5,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const synthesisLimits = { runs: 10_000, width: 4000, points: 2000, steps: 10_000_000 } as const;

const { runs, width, points, steps } = synthesisLimits;
const schema = z.strictObject({
  study: z.literal('synthesis'),
  version: z.literal(1),
  seed: seedSchema,
  data: datasetIdentitySchema,
  targets: distinctList(z.enum(synthesisTargetNames), 'targets'),
  points: countSchema(points).min(2),
  radius: z.number().positive(),
  functionWidths: distinctList(countSchema(width), 'functionWidths'),
  functionSteps: countSchema(steps),
  functionRidge: z.number().positive(),
  imageWidths: distinctList(countSchema(width), 'imageWidths'),
  batchSize: countSchema(100_000),
  maxEpochs: countSchema(10_000),
  imageRidge: z.number().positive(),
  optimizer: adamSchema,
  runs: countSchema(runs),
  capacityPoints: countSchema(points).min(3),
  capacityWidths: distinctList(countSchema(width), 'capacityWidths'),
  capacityRuns: countSchema(runs),
  capacitySteps: countSchema(steps),
  capacityOptimizer: adamSchema,
  zeroLoss: z.number().positive(),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseSynthesisSpec(value: unknown): SynthesisSpec {
  return readSpec<SynthesisSpec>('synthesis', schema, value);
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function synthesisSpec(options: SynthesisOptions): SynthesisSpec {
  const { seed = 1, data, targets = synthesisTargetNames, quick = false } = options;
  const { full, quick: small, ...settings } = synthesisDefaults;
  const { trainImages: _, testImages: __, ...defaults } = quick ? small : full;
  return parseSynthesisSpec({
    study: 'synthesis',
    version: 1,
    seed,
    data,
    ...settings,
    ...defaults,
    targets: [...targets],
    radius: unitVarianceRadius,
    optimizer: regressionOptimizers.adam,
    runs: options.runs ?? defaults.runs,
    capacityRuns: options.capacityRuns ?? defaults.capacityRuns,
    imageWidths: [...(options.imageWidths ?? defaults.imageWidths)],
  });
}
