/**
 * Matrices in the kernels' memory of which only the nonzero numbers are kept, row by row: batches of images on a black
 * ground. Like a `Matrix` they are a description and own nothing.
 */
import type { Engine } from '../engine.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { Pointer } from '../kernels/kernel-exports.js';
import type { Matrix } from './matrix.js';

export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  /** rows + 1 u32: the entries of row i are starts[i] … starts[i + 1] − 1. */
  readonly starts: Pointer;
  /** u16, one an entry: its column, ascending in a row. */
  readonly entryColumns: Pointer;
  /** f32, one an entry. */
  readonly values: Pointer;
}

/** Columns that fit into an entry's 16 bits. */
const mostColumns = 65_536;

/**
 * Room for rows × columns entries, so that any matrix of that size fits; the rows are not set.
 *
 * @throws InvalidArgumentError unless both sizes are non-negative integers, columns at most 65,536
 * @throws OutOfMemoryError when there is no room
 */
export function allocateSparseRows(engine: Engine, rows: number, columns: number): SparseRows {
  if (!Number.isSafeInteger(rows) || rows < 0) {
    throw new InvalidArgumentError(`allocateSparseRows: rows is ${rows}; expected an integer ≥ 0`);
  }
  if (!Number.isSafeInteger(columns) || columns < 0 || columns > mostColumns) {
    throw new InvalidArgumentError(
      `allocateSparseRows: columns is ${columns}; expected an integer from 0 to ${mostColumns}`,
    );
  }
  const { arena } = engine;
  return {
    rows,
    columns,
    starts: arena.allocate(4 * (rows + 1)),
    entryColumns: arena.allocate(2 * rows * columns),
    values: arena.allocateFloats(rows * columns),
  };
}

/** Tells the two kinds of input apart. */
export function isSparse(input: Matrix | SparseRows): input is SparseRows {
  return 'starts' in input;
}
