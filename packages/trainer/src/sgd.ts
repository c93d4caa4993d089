/** Plain stochastic gradient descent, θ ← θ − rate · ∂θ. */
import type { DenseNetwork, Engine, Matrix, Pointer } from '@kindling/core';
import { backward, type TrainingWorkspace } from './backward.js';

/**
 * One step on one batch: forward, backward, update.
 *
 * @param learningRate rounded to f32
 * @returns the mean loss of the batch *before* the step
 */
export function sgdStep(
  engine: Engine,
  network: DenseNetwork,
  input: Matrix,
  labels: Pointer,
  workspace: TrainingWorkspace,
  learningRate: number,
): number {
  return backward(engine, network, input, labels, workspace, (index, weightGradient, biasGradient) => {
    const layer = network.layers[index];
    if (layer === undefined) return;
    update(engine, layer.weights, weightGradient, learningRate);
    update(engine, layer.biases, biasGradient, learningRate);
  });
}

function update(engine: Engine, parameters: Matrix, gradient: Matrix, learningRate: number): void {
  engine.kernels.sgd_update(
    parameters.rows * parameters.stride,
    parameters.pointer,
    gradient.pointer,
    learningRate,
  );
}
