/** The spec of the study of drawn parameters. The question is an open one; the comparison, its nets and its settings are ours. */
import { z } from 'zod';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';
import { datasetIdentitySchema, mostEpochs } from '../../training/training-settings.js';
import { type CheckpointFamily, checkpointFamilies } from './generators.js';

/** Checkpoints are trained by plain SGD; laws are fitted to them and drawn from. */
export interface GenerateSpec extends StudySpec {
  readonly study: 'generate';
  readonly version: 1;
  readonly data: DatasetIdentity;
  readonly families: readonly CheckpointFamily[];
  /** Widths of the one hidden layer, a net each. */
  readonly hidden: readonly number[];
  /** Checkpoints that a law is fitted to. */
  readonly checkpoints: number;
  /** Epochs of every training of a seed; of one run, the first of its late epochs. */
  readonly maxEpochs: number;
  /** Networks drawn of each law. */
  readonly draws: number;
  /** Sets of checkpoints a family and width, each with its own seeds. */
  readonly runs: number;
  readonly learningRate: number;
  readonly batchSize: number;
}

/** What a person may say; the rest follows. */
export interface GenerateOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly families?: readonly CheckpointFamily[] | undefined;
  readonly hidden?: readonly number[] | undefined;
  readonly checkpoints?: number | undefined;
  readonly maxEpochs?: number | undefined;
  readonly draws?: number | undefined;
  readonly runs?: number | undefined;
  /** Smaller defaults, for a first look within a minute. */
  readonly quick?: boolean | undefined;
  readonly data: DatasetIdentity;
}

/** Defaults, full and quick. */
export const generateDefaults = {
  full: {
    ...{ hidden: [32, 128], checkpoints: 12, maxEpochs: 15, draws: 12, runs: 5 },
    ...{ trainImages: 2000, testImages: 2000 },
  },
  quick: {
    ...{ hidden: [32], checkpoints: 6, maxEpochs: 5, draws: 6, runs: 3 },
    ...{ trainImages: 1000, testImages: 500 },
  },
  learningRate: 0.05,
  batchSize: 32,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const generateLimits = {
  ...{ hidden: 1024, checkpoints: 200, draws: 1000, runs: 1000, maxEpochs: mostEpochs },
} as const;

const familySchema = z.enum(checkpointFamilies as readonly [CheckpointFamily, ...CheckpointFamily[]]);

const schema = z.strictObject({
  study: z.literal('generate'),
  version: z.literal(1),
  seed: seedSchema,
  data: datasetIdentitySchema,
  families: distinctList(familySchema, 'families'),
  hidden: distinctList(countSchema(generateLimits.hidden), 'hidden'),
  // Two have a line, and no scatter of their distances.
  checkpoints: countSchema(generateLimits.checkpoints).min(3),
  maxEpochs: countSchema(generateLimits.maxEpochs),
  draws: countSchema(generateLimits.draws),
  runs: countSchema(generateLimits.runs),
  learningRate: z.number().positive(),
  batchSize: z.int().min(1).max(65_536),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseGenerateSpec(value: unknown): GenerateSpec {
  return readSpec<GenerateSpec>('generate', schema, value);
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function generateSpec(options: GenerateOptions): GenerateSpec {
  const { seed = 1, data, quick = false, families = checkpointFamilies } = options;
  const defaults = generateDefaults[quick ? 'quick' : 'full'];
  return parseGenerateSpec({
    ...{ study: 'generate', version: 1, seed, data, families: [...families] },
    hidden: [...(options.hidden ?? defaults.hidden)],
    checkpoints: options.checkpoints ?? defaults.checkpoints,
    maxEpochs: options.maxEpochs ?? defaults.maxEpochs,
    draws: options.draws ?? defaults.draws,
    runs: options.runs ?? defaults.runs,
    learningRate: generateDefaults.learningRate,
    batchSize: generateDefaults.batchSize,
  });
}
