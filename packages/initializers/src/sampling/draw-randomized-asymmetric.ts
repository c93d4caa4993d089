/** RAI: normal numbers, and in every unit one positive one that keeps most units from being born dead. */
import { allocateMatrix, type Engine, type Matrix, openStream, type RandomKey } from '@kindling/core';
import { checkLayerShape, type LayerShape } from '../laws/layer-shape.js';
import { randomizedAsymmetricDeviation } from '../laws/randomized-asymmetric.js';

/**
 * Fills the weights and biases of a layer. A unit's fan-in weights and its bias are N(0, 0.6007²/fan-in), but one of these
 * fan-in + 1 numbers, chosen uniformly, is √U with U uniform on (0, 1): a Beta(2, 1) draw.
 *
 * @throws InvalidArgumentError for a shape out of range
 */
export function drawRandomizedAsymmetric(
  engine: Engine,
  shape: LayerShape,
  key: RandomKey,
  weights: Matrix,
  biases: Matrix,
): void {
  checkLayerShape('drawLayer', shape);
  const { arena, kernels } = engine;
  const { rows, columns, stride, pointer } = weights;
  const deviation = randomizedAsymmetricDeviation / Math.sqrt(shape.fanIn);
  const mark = arena.mark();
  try {
    const stream = openStream(engine, key);
    /** Row `rows` is that of the biases. */
    const drawn = arena.allocateFloats((rows + 1) * columns);
    const choices = allocateMatrix(engine, 2, columns);
    kernels.fill_normal(stream, (rows + 1) * columns, drawn, deviation);
    kernels.fill_uniform(stream, 2 * choices.stride, choices.pointer, 0, 1);
    const values = arena.floats(drawn, (rows + 1) * columns);
    const uniforms = arena.floats(choices.pointer, 2 * choices.stride);
    for (let unit = 0; unit < columns; unit++) {
      const place = Math.min(rows, Math.floor((uniforms[unit] ?? 0) * (rows + 1)));
      values[place * columns + unit] = Math.sqrt(uniforms[choices.stride + unit] ?? 0);
    }
    const target = arena.floats(pointer, rows * stride);
    for (let i = 0; i < rows; i++) target.set(values.subarray(i * columns, (i + 1) * columns), i * stride);
    arena.floats(biases.pointer, columns).set(values.subarray(rows * columns));
  } finally {
    arena.release(mark);
  }
}
