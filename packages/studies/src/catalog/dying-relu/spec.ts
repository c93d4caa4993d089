/**
 * The spec of the dying-ReLU study: everything that decides its numbers.
 *
 * Ten layers of width 2 (nine ReLU layers and a linear one), the functions, Adam at 0.001 and the mean squared error follow Lu,
 * Shin, Su & Karniadakis (2020); points, batches and steps are ours. The function of two inputs gets twenty layers of
 * width 4, our reading: born-dead probabilities of such nets (.59 with He, .06 with RAI) are what the reported collapse
 * rates (76.8 % and 9.6 %) fit to, and two inputs with two outputs need four neurons a layer.
 */
import { unitVarianceRadius } from '@kindling/trainer';
import { z } from 'zod';
import {
  type ComparedInitializerName,
  comparedInitializerNames,
} from '../../regression/compared-initializers.js';
import { adamSchema, regressionOptimizers, type SpecOptimizer } from '../../regression/optimizers.js';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { StudySpec } from '../../study.js';

/** The functions, in the order of the figure. */
export const dyingReluTargetNames = ['absolute', 'x-sin-5x', 'step-sine', 'absolute-pair'] as const;

/** One of them. */
export type DyingReluTargetName = (typeof dyingReluTargetNames)[number];

/** A function to learn, and by which nets. */
export interface DyingReluTarget {
  readonly name: DyingReluTargetName;
  /** ReLU layers; a linear layer comes behind them. */
  readonly hiddenLayers: number;
  /** Neurons of each. */
  readonly width: number;
}

export interface DyingReluSpec extends StudySpec {
  readonly study: 'dying-relu';
  readonly version: 1;
  readonly targets: readonly DyingReluTarget[];
  readonly initializers: readonly ComparedInitializerName[];
  /** Nets a target and initializer. */
  readonly runs: number;
  /** Points of each run, drawn anew, uniform in [−radius, radius] in each coordinate. */
  readonly points: number;
  readonly radius: number;
  readonly batchSize: number;
  /** When a training is over early (see the trial) is worked out for Adam. */
  readonly optimizer: Extract<SpecOptimizer, { readonly kind: 'adam' }>;
  readonly maxSteps: number;
  /** A run has learned, and ends, when its mean squared error is at or below this. */
  readonly targetLoss: number;
  /** A net is constant when no output varies over the points by more than this share of its target's range. */
  readonly constantShare: number;
}

/** What a person may say; the rest follows. */
export interface DyingReluOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Default: all four. */
  readonly targets?: readonly DyingReluTargetName[] | undefined;
  /** Default: He with zero and with random biases, RAI, data-dependent with anchors in turn. */
  readonly initializers?: readonly ComparedInitializerName[] | undefined;
  readonly runs?: number | undefined;
  readonly maxSteps?: number | undefined;
  /** Smaller defaults, for a first look. */
  readonly quick?: boolean | undefined;
}

/** Defaults, full and quick. */
export const dyingReluDefaults = {
  full: { runs: 1000, maxSteps: 10_000 },
  quick: { runs: 250, maxSteps: 2500 },
  initializers: ['he-normal', 'he-normal-biases', 'rai', 'data-dependent'],
  nets: {
    absolute: { hiddenLayers: 9, width: 2 },
    'x-sin-5x': { hiddenLayers: 9, width: 2 },
    'step-sine': { hiddenLayers: 9, width: 2 },
    'absolute-pair': { hiddenLayers: 19, width: 4 },
  },
  points: 512,
  batchSize: 64,
  radius: unitVarianceRadius,
  targetLoss: 0.001,
  constantShare: 0.01,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const dyingReluLimits = {
  runs: 100_000,
  maxSteps: 10_000_000,
  width: 1000,
  hiddenLayers: 1000,
  points: 100_000,
} as const;

const { runs, maxSteps, width, hiddenLayers, points } = dyingReluLimits;
const schema = z.strictObject({
  study: z.literal('dying-relu'),
  version: z.literal(1),
  seed: seedSchema,
  targets: z
    .array(
      z.strictObject({
        name: z.enum(dyingReluTargetNames),
        hiddenLayers: countSchema(hiddenLayers),
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
  points: countSchema(points).min(2),
  radius: z.number().positive(),
  batchSize: countSchema(points),
  optimizer: adamSchema,
  maxSteps: countSchema(maxSteps),
  targetLoss: z.number().positive(),
  constantShare: z.number().min(0).lt(1),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseDyingReluSpec(value: unknown): DyingReluSpec {
  return readSpec<DyingReluSpec>('dying-relu', schema, value);
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function dyingReluSpec(options: DyingReluOptions = {}): DyingReluSpec {
  const { seed = 1, targets = dyingReluTargetNames, quick = false } = options;
  const { nets, full, quick: small, initializers: usual, ...settings } = dyingReluDefaults;
  const defaults = quick ? small : full;
  return parseDyingReluSpec({
    study: 'dying-relu',
    version: 1,
    seed,
    targets: targets.map((name) => ({ name, ...nets[name] })),
    initializers: [...(options.initializers ?? usual)],
    runs: options.runs ?? defaults.runs,
    ...settings,
    optimizer: regressionOptimizers.adam,
    maxSteps: options.maxSteps ?? defaults.maxSteps,
  });
}
