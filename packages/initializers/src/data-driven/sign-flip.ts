/** Sign flips against dying data (Rister & Rubin, arXiv 2007.06192). */
import { type DenseNetwork, type Engine, type Matrix, type RandomKey, readMatrix } from '@kindling/core';
import type { SignFlip } from '../initializer.js';
import { drawLayer } from '../sampling/draw-layer.js';
import type { InitializationData } from './initialization-data.js';
import { walkLayers } from './walk-layers.js';

/**
 * Draws the base, and negates a ReLU layer's weights and biases where fewer than half of the living data survive it. A point
 * lives as long as some unit of every layer is active for it. What dies in a layer has no positive pre-activation there, so
 * with the signs changed it lives (unless all of them are exactly zero): at least half, and after k layers 2^−k, survive.
 */
export function initializeSignFlip(
  engine: Engine,
  network: DenseNetwork,
  { base }: SignFlip,
  key: RandomKey,
  { inputs }: InitializationData,
): void {
  let living: readonly number[] = Array.from({ length: inputs.rows }, (_, point) => point);
  walkLayers(engine, network, inputs, ({ layer, index, preActivations }) => {
    const { weights, biases } = layer;
    drawLayer(engine, base, layer, key, index, weights, biases);
    if (!layer.relu) return;
    const { columns } = weights;
    const values = readMatrix(engine, preActivations());
    const survivors = (sign: 1 | -1) =>
      living.filter((point) =>
        values.subarray(point * columns, (point + 1) * columns).some((value) => sign * value > 0),
      );
    const kept = survivors(1);
    if (2 * kept.length >= living.length) {
      living = kept;
      return;
    }
    const flipped = survivors(-1);
    // Where pre-activations are exactly zero, neither sign helps; then the drawn one stays.
    if (flipped.length <= kept.length) {
      living = kept;
      return;
    }
    negate(engine, weights);
    negate(engine, biases);
    living = flipped;
  });
}

/** Exact: rounding is the same on both sides of zero, so every pre-activation changes its sign and nothing else. */
function negate(engine: Engine, { pointer, rows, columns, stride }: Matrix): void {
  for (let i = 0; i < rows; i++) engine.kernels.scale(columns, pointer + 4 * i * stride, -1);
}
