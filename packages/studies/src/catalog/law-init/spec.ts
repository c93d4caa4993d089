/**
 * The spec of the study of nets that are drawn from the law of trained ones. The question is the lecture's that the project began with; nets
 * and sizes are ours.
 */
import { z } from 'zod';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { StudySpec } from '../../study.js';
import {
  checkTaskData,
  type Task,
  type TaskData,
  taskDataFields,
  taskSchema,
} from '../../weight-laws/tasks.js';
import { type ZooOptimizerName, zooOptimizerNames } from '../../zoo/optimizers.js';
import { type LawFamilyName, lawFamilyNames } from './families.js';
import { type LawInitName, lawInitNames } from './initializations.js';

/** Nets that start from He's law and from laws of trained nets. */
export interface LawInitSpec extends StudySpec, TaskData {
  readonly study: 'law-init';
  readonly version: 1;
  /** What nets are trained on is the first; the laws are those of nets that were trained on each. */
  readonly tasks: readonly Task[];
  readonly families: readonly LawFamilyName[];
  /** By family. */
  readonly depths: Readonly<Record<LawFamilyName, readonly number[]>>;
  /** Beside He's, which is always there. */
  readonly initializations: readonly LawInitName[];
  /** A law is fitted to so many nets, from He weights. */
  readonly lawNets: number;
  readonly lawEpochs: number;
  readonly lawOptimizer: ZooOptimizerName;
  /** Of covariances, toward a multiple of the identity. */
  readonly shrinkage: number;
  /** Trainings of a family, depth, law and initialization. */
  readonly runs: number;
  readonly optimizer: ZooOptimizerName;
  readonly batchSize: number;
  /** Of every training that is compared. */
  readonly maxEpochs: number;
  /** Test accuracy at which a training has started. */
  readonly startAccuracy: number;
  /** Of the best that He reaches in a family: the accuracy that is the goal. */
  readonly goalShare: number;
}

/** What a person may say; the rest follows. */
export interface LawInitOptions extends TaskData {
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly families?: readonly LawFamilyName[] | undefined;
  /** Of dense nets; of convolutional ones those of them that are no deeper than 8. */
  readonly depths?: readonly number[] | undefined;
  readonly initializations?: readonly LawInitName[] | undefined;
  readonly lawNets?: number | undefined;
  readonly runs?: number | undefined;
  readonly maxEpochs?: number | undefined;
  readonly optimizer?: ZooOptimizerName | undefined;
  /** Smaller defaults, for a first look within a minute. */
  readonly quick?: boolean | undefined;
}

/** Defaults, full and quick. */
export const lawInitDefaults = {
  full: {
    families: ['dense', 'conv'] as readonly LawFamilyName[],
    depths: { dense: [2, 5, 15], conv: [2, 6] },
    lawNets: 5,
    lawEpochs: 10,
    runs: 4,
    maxEpochs: 5,
  },
  quick: {
    families: ['dense', 'conv'] as readonly LawFamilyName[],
    depths: { dense: [2], conv: [2] },
    lawNets: 2,
    lawEpochs: 3,
    runs: 2,
    maxEpochs: 2,
  },
  initializations: lawInitNames,
  lawOptimizer: 'adam' as ZooOptimizerName,
  shrinkage: 0.1,
  optimizer: 'sgd' as ZooOptimizerName,
  batchSize: 32,
  startAccuracy: 0.2,
  goalShare: 0.9,
  trainImages: 1500,
  testImages: 500,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const lawInitLimits = {
  depth: 100,
  convDepth: 8,
  lawNets: 100,
  runs: 200,
  maxEpochs: 10_000,
} as const;

const depthsSchema = distinctList(countSchema(lawInitLimits.depth).min(2), 'depths');

const schema = z.strictObject({
  study: z.literal('law-init'),
  version: z.literal(1),
  seed: seedSchema,
  ...taskDataFields,
  tasks: z.array(taskSchema).min(1),
  families: distinctList(z.enum(lawFamilyNames as [LawFamilyName, ...LawFamilyName[]]), 'families'),
  depths: z.strictObject({ dense: depthsSchema, conv: depthsSchema }),
  initializations: distinctList(z.enum(lawInitNames as [LawInitName, ...LawInitName[]]), 'initializations'),
  // One net has no covariance between nets.
  lawNets: countSchema(lawInitLimits.lawNets).min(2),
  lawEpochs: countSchema(lawInitLimits.maxEpochs),
  lawOptimizer: z.enum(zooOptimizerNames as [ZooOptimizerName, ...ZooOptimizerName[]]),
  shrinkage: z.number().gt(0).max(1),
  runs: countSchema(lawInitLimits.runs),
  optimizer: z.enum(zooOptimizerNames as [ZooOptimizerName, ...ZooOptimizerName[]]),
  batchSize: countSchema(65_536),
  maxEpochs: countSchema(lawInitLimits.maxEpochs),
  startAccuracy: z.number().gt(0).max(1),
  goalShare: z.number().gt(0).max(1),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseLawInitSpec(value: unknown): LawInitSpec {
  const spec = readSpec<LawInitSpec>('law-init', schema, value);
  checkTaskData('law-init', spec, spec.tasks);
  return spec;
}

/**
 * A whole spec from the few things a person says. The second law is that of the second data set, or of synthetic images where there is one
 * data set only.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function lawInitSpec(options: LawInitOptions): LawInitSpec {
  const { seed = 1, data, sources, quick = false, depths } = options;
  const defaults = lawInitDefaults[quick ? 'quick' : 'full'];
  const conv = depths?.filter((depth) => depth <= lawInitLimits.convDepth) ?? [];
  return parseLawInitSpec({
    study: 'law-init',
    version: 1,
    seed,
    data,
    sources: [...sources],
    tasks: [
      { source: 0, data: 'given' },
      sources.length > 1 ? { source: 1, data: 'given' } : { source: 0, data: 'synthetic' },
    ],
    families: [...(options.families ?? defaults.families)],
    depths: {
      dense: [...(depths ?? defaults.depths.dense)],
      conv: [...(conv.length > 0 ? conv : defaults.depths.conv)],
    },
    initializations: [...(options.initializations ?? lawInitDefaults.initializations)],
    lawNets: options.lawNets ?? defaults.lawNets,
    lawEpochs: defaults.lawEpochs,
    lawOptimizer: lawInitDefaults.lawOptimizer,
    shrinkage: lawInitDefaults.shrinkage,
    runs: options.runs ?? defaults.runs,
    optimizer: options.optimizer ?? lawInitDefaults.optimizer,
    batchSize: lawInitDefaults.batchSize,
    maxEpochs: options.maxEpochs ?? defaults.maxEpochs,
    startAccuracy: lawInitDefaults.startAccuracy,
    goalShare: lawInitDefaults.goalShare,
  });
}
