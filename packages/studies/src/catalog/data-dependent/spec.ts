/**
 * The spec of the data-dependent study: everything that decides its numbers.
 *
 * Loss against epochs on over-parameterized regressions in one and two dimensions, data-dependent against He with and
 * without biases, follows Shin & Karniadakis (2020) as recalled; functions, points, widths and the optimizer are ours.
 */
import { unitVarianceRadius } from '@kindling/trainer';
import { z } from 'zod';
import {
  type ComparedInitializerName,
  comparedInitializerNames,
} from '../../regression/compared-initializers.js';
import {
  type OptimizerName,
  optimizerSchema,
  regressionOptimizers,
  type SpecOptimizer,
} from '../../regression/optimizers.js';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { StudySpec } from '../../study.js';

/** The functions, in the order of the figures. */
export const dataDependentTargetNames = ['x-sin-5x', 'step-sine', 'absolute-pair'] as const;

/** One of them. */
export type DataDependentTargetName = (typeof dataDependentTargetNames)[number];

/** A regression: a function, its points and the net that is to fit them. */
export interface DataDependentTarget {
  readonly name: DataDependentTargetName;
  /** A grid over [−radius, radius] in each coordinate; for two inputs a square number. */
  readonly points: number;
  /** Neurons of the one hidden layer. With points − 1 there is a net that fits every point exactly. */
  readonly width: number;
}

export interface DataDependentSpec extends StudySpec {
  readonly study: 'data-dependent';
  readonly version: 1;
  readonly targets: readonly DataDependentTarget[];
  readonly initializers: readonly ComparedInitializerName[];
  /** Nets a target and initializer. */
  readonly runs: number;
  readonly radius: number;
  /** Every step takes all points: a step is an epoch. */
  readonly optimizer: SpecOptimizer;
  readonly epochs: number;
  /** The loss is recorded every so many epochs, and at the end. */
  readonly reportEvery: number;
}

/** What a person may say; the rest follows. */
export interface DataDependentOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Default: all three. */
  readonly targets?: readonly DataDependentTargetName[] | undefined;
  /** Default: He with zero and with random biases, data-dependent with anchors in turn and at random. */
  readonly initializers?: readonly ComparedInitializerName[] | undefined;
  readonly runs?: number | undefined;
  readonly epochs?: number | undefined;
  /** Default `adam`. */
  readonly optimizer?: OptimizerName | undefined;
  /** Smaller defaults, for a first look. */
  readonly quick?: boolean | undefined;
}

/** Defaults, full and quick. */
export const dataDependentDefaults = {
  full: { runs: 300, epochs: 10_000 },
  quick: { runs: 50, epochs: 4000 },
  /** Records of the loss over a training. */
  reports: 50,
  initializers: ['he-normal', 'he-normal-biases', 'data-dependent', 'data-dependent-uniform'],
  nets: {
    'x-sin-5x': { points: 50, width: 100 },
    'step-sine': { points: 50, width: 100 },
    'absolute-pair': { points: 49, width: 100 },
  },
  radius: unitVarianceRadius,
  /** Wider nets than those of the other studies diverge sooner. */
  optimizers: {
    ...regressionOptimizers,
    sgd: { kind: 'sgd', learningRate: 0.005 },
    momentum: { kind: 'momentum', learningRate: 0.005, momentum: 0.9 },
  },
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const dataDependentLimits = {
  runs: 100_000,
  epochs: 10_000_000,
  width: 10_000,
  points: 10_000,
} as const;

const { runs, epochs, width, points } = dataDependentLimits;
const schema = z.strictObject({
  study: z.literal('data-dependent'),
  version: z.literal(1),
  seed: seedSchema,
  targets: z
    .array(
      z.strictObject({
        name: z.enum(dataDependentTargetNames),
        points: countSchema(points).min(2),
        width: countSchema(width),
      }),
    )
    .min(1)
    .refine(
      (targets) => new Set(targets.map(({ name }) => name)).size === targets.length,
      'expected distinct targets',
    ),
  initializers: distinctList(z.enum(comparedInitializerNames), 'initializers'),
  runs: countSchema(runs),
  radius: z.number().positive(),
  optimizer: optimizerSchema,
  epochs: countSchema(epochs),
  reportEvery: countSchema(epochs),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseDataDependentSpec(value: unknown): DataDependentSpec {
  return readSpec<DataDependentSpec>('data-dependent', schema, value);
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function dataDependentSpec(options: DataDependentOptions = {}): DataDependentSpec {
  const { seed = 1, targets = dataDependentTargetNames, optimizer = 'adam', quick = false } = options;
  const { nets, radius, reports, initializers, optimizers } = dataDependentDefaults;
  const defaults = dataDependentDefaults[quick ? 'quick' : 'full'];
  const { epochs = defaults.epochs } = options;
  return parseDataDependentSpec({
    study: 'data-dependent',
    version: 1,
    seed,
    targets: targets.map((name) => ({ name, ...nets[name] })),
    initializers: [...(options.initializers ?? initializers)],
    runs: options.runs ?? defaults.runs,
    radius,
    optimizer: optimizers[optimizer],
    epochs,
    reportEvery: Math.max(1, Math.round(epochs / reports)),
  });
}
