/** Draws the parameters of one layer into the kernels' memory. */
import {
  clearMatrix,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type Matrix,
  type RandomKey,
} from '@kindling/core';
import type { DataFreeInitializer } from '../initializer.js';
import type { BiasLaw } from '../laws/bias-law.js';
import { checkBiasLaw, checkWeightLaw } from '../laws/check-law.js';
import { checkLayerShape, type LayerShape, unitsOf } from '../laws/layer-shape.js';
import type { WeightLaw } from '../laws/weight-law.js';
import { drawDeltaOrthogonal, drawOrthogonal } from './draw-orthogonal.js';
import { drawRandomizedAsymmetric } from './draw-randomized-asymmetric.js';
import { drawSparse } from './draw-sparse.js';
import { fillMatrix, fillOf } from './fill-entries.js';

/**
 * Fills `weights` with draws of `law`. Where entries are independent, element (i, j) is draw i · columns + j of the stream of
 * `key`; the numbers depend on the law, the shape and the key, and not on how the matrix is padded.
 *
 * @param shape gives the variance; its kernel, if there is one, only matters to delta-orthogonal
 * @param weights fan-in × units; laws of independent entries take any matrix
 * @throws InvalidArgumentError for a law or shape out of range, or a matrix of another shape
 */
export function drawWeights(
  engine: Engine,
  law: WeightLaw,
  shape: LayerShape,
  key: RandomKey,
  weights: Matrix,
): void {
  checkLayerShape('drawWeights', shape);
  checkWeightLaw('drawWeights', law);
  switch (law.kind) {
    case 'identity':
      checkMatrix(shape, weights);
      drawIdentity(engine, law.gain, weights);
      return;
    case 'orthogonal':
      checkMatrix(shape, weights);
      drawOrthogonal(engine, law.gain, key, weights);
      return;
    case 'delta-orthogonal':
      checkMatrix(shape, weights);
      drawDeltaOrthogonal(engine, law.gain, shape, key, weights);
      return;
    case 'sparse':
      checkMatrix(shape, weights);
      drawSparse(engine, law, key, weights);
      return;
    default:
      fillMatrix(engine, key, weights, fillOf(law, shape));
  }
}

/**
 * Fills `biases` with independent draws of `law`.
 *
 * @param shape of the layer's weights
 * @param biases one row
 * @throws InvalidArgumentError for a law or shape out of range
 */
export function drawBiases(
  engine: Engine,
  law: BiasLaw,
  shape: LayerShape,
  key: RandomKey,
  biases: Matrix,
): void {
  checkLayerShape('drawBiases', shape);
  checkBiasLaw('drawBiases', law);
  switch (law.kind) {
    case 'zeros':
      clearMatrix(engine, biases);
      return;
    case 'inverse-root-fan-in': {
      const high = 1 / Math.sqrt(shape.fanIn);
      fillMatrix(engine, key, biases, fillOf({ kind: 'uniform-range', low: -high, high }, shape));
      return;
    }
    default:
      fillMatrix(engine, key, biases, fillOf(law, shape));
  }
}

/**
 * Draws layer `layerIndex` of a network: the same numbers as `initializeNetwork` with the same key. Weights use the key
 * `weights`/layerIndex under `key`, biases `biases`/layerIndex, so two nets that share a key and a layer's shape share them.
 * RAI draws both at once, by the key of the weights.
 *
 * @param layerIndex from 0
 * @throws InvalidArgumentError as `drawWeights` and `drawBiases`, and for `fixup`, whose laws depend on the whole architecture
 */
export function drawLayer(
  engine: Engine,
  initializer: DataFreeInitializer,
  shape: LayerShape,
  key: RandomKey,
  layerIndex: number,
  weights: Matrix,
  biases: Matrix,
): void {
  if (initializer.kind === 'fixup') {
    throw new InvalidArgumentError(
      'drawLayer: fixup scales the branches of residual blocks, and a layer by itself stands in none; expected an initializer of one layer — draw residual nets with initializeParameters, or see parameterLaws',
      { details: { kind: initializer.kind } },
    );
  }
  const weightsKey = deriveKey(key, keyPurpose.weights, layerIndex);
  if (initializer.kind === 'randomized-asymmetric') {
    drawRandomizedAsymmetric(engine, shape, weightsKey, weights, biases);
    return;
  }
  drawWeights(engine, initializer.weights, shape, weightsKey, weights);
  drawBiases(engine, initializer.biases, shape, deriveKey(key, keyPurpose.biases, layerIndex), biases);
}

function drawIdentity(engine: Engine, gain: number, weights: Matrix): void {
  clearMatrix(engine, weights);
  const { rows, columns, stride, pointer } = weights;
  const target = engine.arena.floats(pointer, rows * stride);
  for (let i = 0; i < Math.min(rows, columns); i++) target[i * stride + i] = gain;
}

function checkMatrix(shape: LayerShape, { rows, columns }: Matrix): void {
  const units = unitsOf(shape);
  if (rows !== shape.fanIn || columns !== units) {
    throw new InvalidArgumentError(
      `drawWeights: the matrix is ${rows} × ${columns}; expected ${shape.fanIn} × ${units}, fan-in × units`,
    );
  }
}
