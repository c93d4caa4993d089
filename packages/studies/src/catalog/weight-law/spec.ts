/**
 * The spec of the study of trained weights' laws. The question is the lecture's that the project began with; nets, data and sizes are ours.
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
import { type ZooArchitectureName, zooArchitectureNames } from '../../zoo/architectures.js';
import { type ZooOptimizerName, zooOptimizerNames } from '../../zoo/optimizers.js';

/** Nets of several architectures, each trained on several tasks, each from several seeds. */
export interface WeightLawSpec extends StudySpec, TaskData {
  readonly study: 'weight-law';
  readonly version: 1;
  /** At least two: laws are compared between them. */
  readonly tasks: readonly Task[];
  readonly architectures: readonly ZooArchitectureName[];
  /** Nets of an architecture and task, ≥ 2: laws are compared within them, too. */
  readonly nets: number;
  readonly optimizer: ZooOptimizerName;
  /** Of every training; one that diverges ends before. */
  readonly maxEpochs: number;
  /** Of every test. */
  readonly permutations: number;
}

/** What a person may say; the rest follows. */
export interface WeightLawOptions extends TaskData {
  /** Default 1. */
  readonly seed?: number | undefined;
  readonly architectures?: readonly ZooArchitectureName[] | undefined;
  readonly nets?: number | undefined;
  readonly optimizer?: ZooOptimizerName | undefined;
  readonly maxEpochs?: number | undefined;
  /** Smaller defaults, for a first look within a minute. */
  readonly quick?: boolean | undefined;
}

/** Defaults, full and quick. */
export const weightLawDefaults = {
  full: {
    architectures: ['dense-100-100', 'dense-50x5', 'conv-8-16', 'residual-bn'],
    nets: 8,
    maxEpochs: 20,
    permutations: 4999,
  },
  quick: { architectures: ['dense-64', 'conv-8-16'], nets: 4, maxEpochs: 4, permutations: 999 },
  trainImages: 1500,
  testImages: 500,
  optimizer: 'adam',
} as const satisfies {
  readonly [size in 'full' | 'quick']: {
    readonly architectures: readonly ZooArchitectureName[];
    readonly nets: number;
    readonly maxEpochs: number;
    readonly permutations: number;
  };
} & { readonly trainImages: number; readonly testImages: number; readonly optimizer: ZooOptimizerName };

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const weightLawLimits = { nets: 200, maxEpochs: 10_000, permutations: 1_000_000 } as const;

const schema = z.strictObject({
  study: z.literal('weight-law'),
  version: z.literal(1),
  seed: seedSchema,
  ...taskDataFields,
  tasks: z.array(taskSchema).min(2),
  architectures: distinctList(
    z.enum(zooArchitectureNames as [ZooArchitectureName, ...ZooArchitectureName[]]),
    'architectures',
  ),
  nets: countSchema(weightLawLimits.nets).min(2),
  optimizer: z.enum(zooOptimizerNames as [ZooOptimizerName, ...ZooOptimizerName[]]),
  maxEpochs: countSchema(weightLawLimits.maxEpochs),
  permutations: countSchema(weightLawLimits.permutations),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseWeightLawSpec(value: unknown): WeightLawSpec {
  const spec = readSpec<WeightLawSpec>('weight-law', schema, value);
  checkTaskData('weight-law', spec, spec.tasks);
  return spec;
}

/**
 * A whole spec from the few things a person says. Tasks are every data set as it is, the first one's images with labels that mean nothing, and
 * synthetic images.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function weightLawSpec(options: WeightLawOptions): WeightLawSpec {
  const { seed = 1, data, sources, quick = false } = options;
  const defaults = weightLawDefaults[quick ? 'quick' : 'full'];
  return parseWeightLawSpec({
    study: 'weight-law',
    version: 1,
    seed,
    data,
    sources: [...sources],
    tasks: [
      ...sources.map((_, source) => ({ source, data: 'given' })),
      { source: 0, data: 'random-labels' },
      { source: 0, data: 'synthetic' },
    ],
    architectures: [...(options.architectures ?? defaults.architectures)],
    nets: options.nets ?? defaults.nets,
    optimizer: options.optimizer ?? weightLawDefaults.optimizer,
    maxEpochs: options.maxEpochs ?? defaults.maxEpochs,
    permutations: defaults.permutations,
  });
}
