/** Sparse weights: each unit reads a random few of its inputs. */
import { deriveKey, type Engine, keyPurpose, type Matrix, openStream, type RandomKey } from '@kindling/core';
import { type Sparse, sparseZeros } from '../laws/weight-law.js';
import { fillMatrix, fillNormal } from './fill-entries.js';

/**
 * Fills `weights` with normal numbers and sets the first ⌈sparsity · fan-in⌉ inputs of a random order to zero, unit by unit.
 */
export function drawSparse(engine: Engine, law: Sparse, key: RandomKey, weights: Matrix): void {
  const { arena, kernels } = engine;
  const { rows, columns, pointer, stride } = weights;
  fillMatrix(engine, key, weights, fillNormal(law.deviation));
  const zeros = sparseZeros(law, rows);
  const mark = arena.mark();
  try {
    const order = arena.allocate(4 * rows);
    // Which are zero has a key of its own, so the numbers left do not depend on the sparsity.
    const stream = openStream(engine, deriveKey(key, keyPurpose.weights));
    for (let unit = 0; unit < columns; unit++) {
      kernels.fill_permutation(stream, rows, order);
      const inputs = arena.words(order, zeros);
      const target = arena.floats(pointer, rows * stride);
      for (const input of inputs) target[input * stride + unit] = 0;
    }
  } finally {
    arena.release(mark);
  }
}
