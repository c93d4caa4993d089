/** How the nets of the zoo are trained: rates at which all of its architectures learn within a few epochs. */
import type { Optimizer } from '@kindling/trainer';

/** By name. */
export const zooOptimizers = {
  sgd: { kind: 'sgd', learningRate: 0.05 },
  adam: { kind: 'adam', learningRate: 0.001 },
} as const satisfies Readonly<Record<string, Optimizer>>;

/** An optimizer of the zoo. */
export type ZooOptimizerName = keyof typeof zooOptimizers;

/** The names. */
export const zooOptimizerNames = Object.keys(zooOptimizers) as readonly ZooOptimizerName[];

/** Images a step. */
export const zooBatchSize = 32;
