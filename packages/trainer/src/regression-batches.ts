/** Shuffled batches of points, for the training of functions. */
import { allocateMatrix, type Engine, type Matrix, type Pointer, type RandomKey } from '@kindling/core';
import { shuffle } from './batches.js';
import type { RegressionData } from './data/functions/sample-function.js';
import { type Loss, meanSquaredError } from './loss.js';

/** Shuffled batches of a training, epoch after epoch. */
export interface RegressionBatches {
  next(): { readonly input: Matrix; readonly loss: Loss };
}

/**
 * Every epoch, its points are copied in the order of the key `batch-order`/epoch (epochs count from 1); a batch is then a range
 * of rows. Null where every step takes all the points.
 */
export function openBatches(
  engine: Engine,
  data: RegressionData,
  batchSize: number,
  key: RandomKey | undefined,
): RegressionBatches | null {
  const count = data.inputs.rows;
  if (key === undefined || batchSize >= count) return null;
  const inputs = allocateMatrix(engine, count, data.inputs.columns);
  const targets = allocateMatrix(engine, count, data.targets.columns);
  const order = engine.arena.allocate(4 * count);
  let epoch = 0;
  let start = count;
  return {
    next: () => {
      if (start >= count) {
        epoch += 1;
        start = 0;
        shuffle(engine, key, epoch, count, order);
        copyRows(engine, data.inputs, order, inputs);
        copyRows(engine, data.targets, order, targets);
      }
      const rows = Math.min(batchSize, count - start);
      const batch = {
        input: rowsOf(inputs, start, rows),
        loss: meanSquaredError(rowsOf(targets, start, rows)),
      };
      start += rows;
      return batch;
    },
  };
}

function rowsOf(matrix: Matrix, start: number, rows: number): Matrix {
  return { ...matrix, pointer: matrix.pointer + 4 * start * matrix.stride, rows };
}

/** target[i] ← source[order[i]], row by row; both of one width. */
function copyRows(engine: Engine, source: Matrix, order: Pointer, target: Matrix): void {
  const { arena } = engine;
  const index = arena.words(order, target.rows);
  const from = arena.floats(source.pointer, source.rows * source.stride);
  const to = arena.floats(target.pointer, target.rows * target.stride);
  for (let i = 0; i < target.rows; i++) {
    const at = (index[i] ?? 0) * source.stride;
    for (let j = 0; j < target.columns; j++) to[i * target.stride + j] = from[at + j] ?? 0;
  }
}
