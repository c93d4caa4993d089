/** The optimizers of the studies of small regressions, and how one is said in a spec. */
import type { Optimizer } from '@kindling/trainer';
import { z } from 'zod';

/** The optimizers a person may name, with settings that train these small nets. The rates are ours. */
export const regressionOptimizers = {
  /** Plain gradient descent; at 0.05 wide nets begin to diverge. */
  sgd: { kind: 'sgd', learningRate: 0.03 },
  momentum: { kind: 'momentum', learningRate: 0.01, momentum: 0.9 },
  adam: { kind: 'adam', learningRate: 0.001 },
} as const satisfies Readonly<Record<string, Optimizer>>;

/** Name of an optimizer. */
export type OptimizerName = keyof typeof regressionOptimizers;

/** The names, for lists and schemas. */
export const optimizerNames = Object.keys(regressionOptimizers) as readonly OptimizerName[];

const rate = z.number().positive();
const decay = z.number().min(0).lt(1);

/** Adam in a spec. Its further settings are its paper's. */
export const adamSchema = z.strictObject({ kind: z.literal('adam'), learningRate: rate });

/** An optimizer in a spec. */
export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd'), learningRate: rate }),
  z.strictObject({ kind: z.literal('momentum'), learningRate: rate, momentum: decay }),
  adamSchema,
]);

/** The same as a type. */
export type SpecOptimizer = z.infer<typeof optimizerSchema>;

/** An optimizer in words, such as `Adam, learning rate 0.001`. */
export function optimizerText(optimizer: SpecOptimizer): string {
  const { kind, learningRate } = optimizer;
  if (kind === 'momentum') return `momentum ${optimizer.momentum}, learning rate ${learningRate}`;
  return `${kind === 'adam' ? 'Adam' : 'gradient descent'}, learning rate ${learningRate}`;
}
