/**
 * The spec of the trainability study: everything that decides its numbers.
 *
 * The target functions with the neurons they need, the domain, 1,000 runs a width and gradient descent follow Shin &
 * Karniadakis (2020) as recalled; the rate, the steps, the points and the loss that counts as success are ours.
 */
import { targetFunctions, unitVarianceRadius } from '@kindling/trainer';
import { z } from 'zod';
import {
  type OptimizerName,
  optimizerSchema,
  regressionOptimizers,
  type SpecOptimizer,
} from '../../regression/optimizers.js';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { StudySpec } from '../../study.js';

/** The functions that a known number of neurons gives exactly: |x| with 2, its folded kin with 4. */
export const trainabilityTargetNames = ['absolute', 'folded'] as const;

/** One of them. */
export type TrainabilityTargetName = (typeof trainabilityTargetNames)[number];

/** A function to learn, and with how many neurons. */
export interface TrainabilityTarget {
  readonly name: TrainabilityTargetName;
  /** Neurons of the hidden layer. */
  readonly widths: readonly number[];
}

export interface TrainabilitySpec extends StudySpec {
  readonly study: 'trainability';
  readonly version: 1;
  readonly targets: readonly TrainabilityTarget[];
  /** Nets a target and width. */
  readonly runs: number;
  /** The inputs: a grid of so many points over [−radius, radius], its ends included. */
  readonly points: number;
  readonly radius: number;
  /** Every step takes all points. */
  readonly optimizer: SpecOptimizer;
  readonly maxSteps: number;
  /** Mean squared error at or below which a run has succeeded. */
  readonly targetLoss: number;
}

/** What a person may say; the rest follows. */
export interface TrainabilityOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Default: both. */
  readonly targets?: readonly TrainabilityTargetName[] | undefined;
  /** For every target. Default: see `trainabilityDefaults`. */
  readonly widths?: readonly number[] | undefined;
  readonly runs?: number | undefined;
  readonly maxSteps?: number | undefined;
  /** Default `sgd`: plain gradient descent. */
  readonly optimizer?: OptimizerName | undefined;
  /** Smaller defaults, for a first look. */
  readonly quick?: boolean | undefined;
}

/** Defaults, full and quick. */
export const trainabilityDefaults = {
  full: {
    widths: { absolute: [2, 3, 4, 5, 6, 7, 8, 9, 10], folded: [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14] },
    runs: 1000,
    maxSteps: 20_000,
  },
  quick: {
    widths: { absolute: [2, 3, 4, 6, 8, 10], folded: [4, 6, 8, 10, 12, 14] },
    runs: 500,
    maxSteps: 10_000,
  },
  points: 32,
  radius: unitVarianceRadius,
  /** The smallest nets of all studies take larger steps. */
  optimizers: {
    ...regressionOptimizers,
    momentum: { kind: 'momentum', learningRate: 0.02, momentum: 0.9 },
    adam: { kind: 'adam', learningRate: 0.01 },
  },
  /**
   * Below what fewer neurons can reach: on the interval, the best fit of |x| by one neuron has a loss of 0.18, that of the
   * folded function by three 0.004 (both found by many long trainings in f64).
   */
  targetLoss: 0.001,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const trainabilityLimits = {
  width: 1000,
  runs: 100_000,
  maxSteps: 10_000_000,
  points: 100_000,
} as const;

const schema = z.strictObject({
  study: z.literal('trainability'),
  version: z.literal(1),
  seed: seedSchema,
  targets: z
    .array(
      z.strictObject({
        name: z.enum(trainabilityTargetNames),
        widths: distinctList(countSchema(trainabilityLimits.width), 'widths'),
      }),
    )
    .min(1)
    .refine(
      (targets) => new Set(targets.map(({ name }) => name)).size === targets.length,
      'expected distinct targets',
    ),
  runs: countSchema(trainabilityLimits.runs),
  points: countSchema(trainabilityLimits.points).min(2),
  radius: z.number().positive(),
  optimizer: optimizerSchema,
  maxSteps: countSchema(trainabilityLimits.maxSteps),
  targetLoss: z.number().positive(),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseTrainabilitySpec(value: unknown): TrainabilitySpec {
  return readSpec<TrainabilitySpec>('trainability', schema, value);
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function trainabilitySpec(options: TrainabilityOptions = {}): TrainabilitySpec {
  const { seed = 1, targets = trainabilityTargetNames, optimizer = 'sgd', quick = false } = options;
  const defaults = trainabilityDefaults[quick ? 'quick' : 'full'];
  const { runs = defaults.runs, maxSteps = defaults.maxSteps } = options;
  const { points, radius, targetLoss, optimizers } = trainabilityDefaults;
  return parseTrainabilitySpec({
    study: 'trainability',
    version: 1,
    seed,
    targets: targets.map((name) => ({ name, widths: [...(options.widths ?? defaults.widths[name])] })),
    runs,
    points,
    radius,
    optimizer: optimizers[optimizer],
    maxSteps,
    targetLoss,
  });
}

/** How a target is written for people, and how many neurons give it exactly. */
export function targetOf(name: TrainabilityTargetName): {
  readonly formula: string;
  readonly needed: number;
} {
  const target = targetFunctions.find((candidate) => candidate.name === name);
  return { formula: target?.formula ?? name, needed: target?.neededUnits ?? Number.POSITIVE_INFINITY };
}
