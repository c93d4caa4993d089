/** Layer-sequential unit variance (Mishkin & Matas, ICLR 2016), of dense networks and of any architecture. */
import {
  allocateWorkspace,
  beginForward,
  clearMatrix,
  type DenseNetwork,
  deriveKey,
  type Engine,
  forwardStep,
  InvalidArgumentError,
  keyPurpose,
  type Matrix,
  matrixOf,
  type Network,
  type RandomKey,
  readImages,
  readMatrix,
  sumSquaresOfImages,
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
  settings: Lsuv,
  key: RandomKey,
  { inputs }: InitializationData,
): void {
  walkLayers(engine, network, inputs, ({ layer, index, preActivations }) => {
    const { weights, biases } = layer;
    drawOrthogonal(engine, 1, deriveKey(key, keyPurpose.weights, index), weights);
    clearMatrix(engine, biases);
    const named = { caller: 'initializeNetwork', layer: `layer ${index + 1}` };
    fitWeights(engine, weights, settings, () => readMatrix(engine, preActivations()), named);
  });
}

/**
 * The same of a network of any architecture: every weight matrix in the order of the pass, those of branches before the projection
 * beside them, each by what it makes of the data, over all points, pixels and units, before its activation. A convolution's
 * matrix is orthonormal as the matrix it is. The sums of blocks are left alone, and so are gamma, beta and scales.
 *
 * @throws InvalidArgumentError as `initializeLsuv`
 */
export function initializeLsuvThrough(
  engine: Engine,
  network: Network,
  settings: Lsuv,
  key: RandomKey,
  { inputs }: InitializationData,
): void {
  const { arena } = engine;
  const mark = arena.mark();
  try {
    const workspace = allocateWorkspace(engine, network, inputs.rows, 'all');
    beginForward(engine, network, inputs, workspace);
    network.program.steps.forEach((step, index) => {
      if (step.kind === 'dense' || step.kind === 'conv2d') {
        const parameter = network.parameters[step.weights];
        const weights = matrixOf(network, step.weights);
        drawOrthogonal(engine, 1, deriveKey(key, keyPurpose.weights, parameter?.weightIndex ?? 0), weights);
        if (step.biases !== null) clearMatrix(engine, matrixOf(network, step.biases));
        const named = { caller: 'initializeParameters', layer: parameter?.name ?? '' };
        const preActivations = () => {
          const sums = forwardStep(engine, network, index, workspace, true);
          if (!Number.isFinite(sumSquaresOfImages(engine, sums))) {
            throw new InvalidArgumentError(
              `initializeParameters: ${named.layer} leaves the range of f32 on the data; expected finite pre-activations — scale the data down`,
              { details: { layer: named.layer } },
            );
          }
          return readImages(engine, sums);
        };
        fitWeights(engine, weights, settings, preActivations, named);
      }
      forwardStep(engine, network, index, workspace);
    });
  } finally {
    arena.release(mark);
  }
}

/** Divides weights until the deviation of what they make of the data is 1. */
function fitWeights(
  engine: Engine,
  weights: Matrix,
  { tolerance, maxTries }: Lsuv,
  preActivations: () => Float32Array,
  named: { readonly caller: string; readonly layer: string },
): void {
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const deviation = standardDeviation(preActivations());
    if (!(deviation > 0) || Math.abs(deviation - 1) <= tolerance) return;
    checkFactor(1 / deviation, named);
    for (let i = 0; i < weights.rows; i++) {
      engine.kernels.scale(weights.columns, weights.pointer + 4 * i * weights.stride, 1 / deviation);
    }
  }
}

/** Weights are near 1 before they are multiplied by it. */
function checkFactor(
  factor: number,
  { caller, layer }: { readonly caller: string; readonly layer: string },
): void {
  if (Number.isFinite(Math.fround(factor))) return;
  throw new InvalidArgumentError(
    `${caller}: ${layer} has pre-activations of deviation ${1 / factor} on the data, and f32 holds no weights that bring them to 1; expected larger numbers — scale the data up`,
    { details: { layer } },
  );
}

/** Over all entries, divided by their count, from the deviations. */
function standardDeviation(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const center = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - center) * (value - center);
  return Math.sqrt(squares / values.length);
}
