/** Orthogonal matrices: Gram–Schmidt of normal ones, which gives the Haar law. */
import { allocateMatrix, clearMatrix, type Engine, type Matrix, type RandomKey } from '@kindling/core';
import { checkDeltaOrthogonalShape } from '../laws/entry-moments.js';
import { kernelArea, type LayerShape } from '../laws/layer-shape.js';
import { fillMatrix, fillNormal } from './fill-entries.js';

/**
 * Fills `weights` with `gain` times a matrix whose rows, or columns where they are fewer, are orthonormal.
 *
 * A normal matrix X has the law of X·U for every orthogonal U, and Gram–Schmidt keeps that: the result is uniform (Haar)
 * with no signs left to mend, as Gram–Schmidt's diag(R) is positive.
 *
 * Slow for wide layers: it costs rows² · columns steps, in f64 one at a time for the sake of the order of sums. 1000 × 1000 take
 * about two seconds, 100 × 100 two milliseconds.
 */
export function drawOrthogonal(engine: Engine, gain: number, key: RandomKey, weights: Matrix): void {
  const { arena, kernels } = engine;
  const { rows, columns, pointer, stride } = weights;
  const mark = arena.mark();
  try {
    const transposed = rows > columns;
    const frame = transposed ? allocateMatrix(engine, columns, rows) : weights;
    fillMatrix(engine, key, frame, fillNormal(1));
    kernels.orthonormalize_rows(frame.rows, frame.columns, frame.pointer, frame.stride);
    const source = arena.floats(frame.pointer, frame.rows * frame.stride);
    const target = arena.floats(pointer, rows * stride);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const place = transposed ? j * frame.stride + i : i * stride + j;
        target[i * stride + j] = gain * (source[place] ?? 0);
      }
    }
  } finally {
    arena.release(mark);
  }
}

/**
 * Fills `weights` with a kernel that is zero but for its center: there, `gain` times a matrix of orthonormal rows from
 * channel to unit.
 *
 * @throws InvalidArgumentError for a kernel with an even side, or fewer units than input channels
 */
export function drawDeltaOrthogonal(
  engine: Engine,
  gain: number,
  shape: LayerShape,
  key: RandomKey,
  weights: Matrix,
): void {
  checkDeltaOrthogonalShape('drawWeights', shape);
  const { arena } = engine;
  const area = kernelArea(shape);
  const channels = weights.rows / area;
  const mark = arena.mark();
  try {
    const center = allocateMatrix(engine, channels, weights.columns);
    drawOrthogonal(engine, gain, key, center);
    clearMatrix(engine, weights);
    const source = arena.floats(center.pointer, channels * center.stride);
    const target = arena.floats(weights.pointer, weights.rows * weights.stride);
    for (let channel = 0; channel < channels; channel++) {
      const row = source.subarray(channel * center.stride, channel * center.stride + weights.columns);
      // The center is the middle one of the kernel's places, and a place holds all channels.
      target.set(row, (((area - 1) / 2) * channels + channel) * weights.stride);
    }
  } finally {
    arena.release(mark);
  }
}
