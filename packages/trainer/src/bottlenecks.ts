/**
 * Layers whose death ends learning for good: where a network of any architecture has a place through which everything passes and
 * which can close.
 */
import type { Program, Step } from '@kindling/core';

/** A value of the program that closes the network when it is zero. */
export interface Bottleneck {
  /** The layer it comes out of, from 1, among the architecture's layers. */
  readonly layer: number;
  /** The step that writes it. */
  readonly step: number;
  readonly value: number;
}

/**
 * The bottlenecks of a program, first layer first. A value is one when
 *
 * 1. every path from the input to the output passes through it. Steps stand in an order in which each reads earlier values only, and
 *    every value has a path to the output; so this holds exactly when no later step reads an earlier value. What is inside a residual
 *    block never is one, for the shortcut goes past it, whatever its scale.
 * 2. its step ends in a ReLU. Backward gives 0, not a product with 0, where a ReLU's output is 0, so no NaN or infinity from
 *    behind gets through. A leaky ReLU, a linear layer and a sum pass gradients on wherever they are zero.
 * 3. no batch normalization stands before it. Behind one an image's numbers depend on the batch it is in: that they are zero in the
 *    batches of an evaluation says nothing of the shuffled batches of an epoch.
 *
 * If a bottleneck is zero for every training and every test image, and all that is before it is finite, then in every step the
 * gradient by what its ReLU reads is 0, and gradients of all parameters in and before it are sums of products of finite numbers
 * with 0. Parameters that have not moved before move by 0 under every optimizer, and under plain descent always. What is before the
 * bottleneck stays as it is, so it stays zero: for good, by induction over steps. Everything behind it reads nothing but zeros, rows
 * are computed alike, and so all images of a batch get the same answer. A batch normalization behind it changes nothing of
 * this, only that answers of batches of two sizes may differ by a rounding of its mean.
 */
export function findBottlenecks({ steps, values }: Program): readonly Bottleneck[] {
  const found: Bottleneck[] = [];
  let latest = values[0]?.lastReader ?? -1;
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index] as Step;
    if (step.kind === 'batch-normalization') break;
    if (latest <= index && endsInRelu(step) && step.place !== null) {
      found.push({ layer: step.place.layer + 1, step: index, value: step.output });
    }
    const reader = values[step.output]?.lastReader ?? -1;
    latest = Math.max(latest, reader);
  }
  return found;
}

function endsInRelu(step: Step): boolean {
  return 'activation' in step && step.activation === 'relu';
}

/** The parameters that steps up to and with `last` read. */
export function parametersUpTo({ steps }: Program, last: number): readonly number[] {
  return steps.slice(0, last + 1).flatMap((step): readonly number[] => {
    switch (step.kind) {
      case 'dense':
      case 'conv2d':
        return step.biases === null ? [step.weights] : [step.weights, step.biases];
      case 'batch-normalization':
        return [step.gamma, step.beta];
      case 'sum':
        return typeof step.scale === 'number' ? [] : [step.scale.parameter];
      default:
        return [];
    }
  });
}
