/** Layer-sequential unit variance (Mishkin & Matas, ICLR 2016). */
import {
  clearMatrix,
  type DenseNetwork,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type Matrix,
  type RandomKey,
  readMatrix,
} from '@kindling/core';
import type { Lsuv } from '../initializer.js';
import { drawOrthogonal } from '../sampling/draw-orthogonal.js';
import type { InitializationData } from './initialization-data.js';
import { walkLayers } from './walk-layers.js';

/**
 * Orthonormal weights and zero biases; then, from the first layer to the last, the output layer included, the weights are
 * divided by the standard deviation of the layer's pre-activations over all points and units until it is 1 within the
 * tolerance. A layer whose pre-activations are all alike is left as it is: there is nothing to divide by.
 *
 * @throws InvalidArgumentError when pre-activations leave the range of f32, or are so small that the weights would
 */
export function initializeLsuv(
  engine: Engine,
  network: DenseNetwork,
  { tolerance, maxTries }: Lsuv,
  key: RandomKey,
  { inputs }: InitializationData,
): void {
  const { kernels } = engine;
  walkLayers(engine, network, inputs, ({ layer, index, preActivations }) => {
    const { weights, biases } = layer;
    drawOrthogonal(engine, 1, deriveKey(key, keyPurpose.weights, index), weights);
    clearMatrix(engine, biases);
    for (let attempt = 0; attempt < maxTries; attempt++) {
      const deviation = standardDeviation(engine, preActivations());
      if (!(deviation > 0) || Math.abs(deviation - 1) <= tolerance) return;
      checkFactor(1 / deviation, index);
      for (let i = 0; i < weights.rows; i++) {
        kernels.scale(weights.columns, weights.pointer + 4 * i * weights.stride, 1 / deviation);
      }
    }
  });
}

/** Weights are near 1 before they are multiplied by it. */
function checkFactor(factor: number, index: number): void {
  if (Number.isFinite(Math.fround(factor))) return;
  throw new InvalidArgumentError(
    `initializeNetwork: layer ${index + 1} has pre-activations of deviation ${1 / factor} on the data, and f32 holds no weights that bring them to 1; expected larger numbers — scale the data up`,
    { details: { layer: index + 1 } },
  );
}

/** Over all entries, divided by their count, from the deviations. */
function standardDeviation(engine: Engine, matrix: Matrix): number {
  const values = readMatrix(engine, matrix);
  let sum = 0;
  for (const value of values) sum += value;
  const center = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - center) * (value - center);
  return Math.sqrt(squares / values.length);
}
