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

/**
 * Copies the nonzero numbers of `values` (row-major, rows · columns) into the room, rounded to f32; a NaN is kept.
 *
 * @throws InvalidArgumentError when the count differs
 */
export function writeSparseRows(engine: Engine, target: SparseRows, values: ArrayLike<number>): void {
  const { rows, columns } = target;
  const { arena } = engine;
  if (values.length !== rows * columns) {
    throw new InvalidArgumentError(
      `writeSparseRows: got ${values.length} values; expected ${rows} × ${columns} = ${rows * columns}`,
    );
  }
  const starts = arena.words(target.starts, rows + 1);
  const bytes = arena.bytes(target.entryColumns, 2 * rows * columns);
  const entryColumns = new Uint16Array(bytes.buffer, bytes.byteOffset, rows * columns);
  const entries = arena.floats(target.values, rows * columns);
  let at = 0;
  for (let i = 0; i < rows; i++) {
    starts[i] = at;
    for (let j = 0; j < columns; j++) {
      const value = values[i * columns + j] ?? 0;
      if (value === 0) continue;
      entryColumns[at] = j;
      entries[at] = value;
      at += 1;
    }
  }
  starts[rows] = at;
}

/** Tells the two kinds of input apart. */
export function isSparse(input: Matrix | SparseRows): input is SparseRows {
  return 'starts' in input;
}
