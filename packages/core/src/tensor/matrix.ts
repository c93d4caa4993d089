/**
 * Matrices in the kernels' memory: row-major f32 with padded rows. A matrix is a description (address and sizes);
 * it owns nothing, and its numbers are those of the moment. The padding between `columns` and `stride` holds values
 * that mean nothing.
 */
import type { Engine } from '../engine.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { Pointer } from '../kernels/kernel-exports.js';

export interface Matrix {
  readonly pointer: Pointer;
  readonly rows: number;
  readonly columns: number;
  /** Floats from one row to the next: at least `columns`, and a multiple of 4 unless the matrix is only ever read. */
  readonly stride: number;
}

/**
 * Floats a row of `columns` takes: rounded up to whole vectors, and off the multiples of 1 KiB, whose rows fall on the
 * same lines of a cache and evict each other.
 */
export function leadingDimension(columns: number): number {
  const padded = Math.ceil(columns / 4) * 4;
  return padded > 0 && padded % 256 === 0 ? padded + 4 : padded;
}

/**
 * Floats of scratch a product needs to pack its k × n factor: k · ⌈n/4⌉ · 4, as `KernelExports` asks.
 */
export function packedFloats(k: number, n: number): number {
  return k * Math.ceil(n / 4) * 4;
}

/**
 * Room for a matrix; its numbers are not set.
 *
 * @throws InvalidArgumentError unless both sizes are non-negative integers
 * @throws OutOfMemoryError when there is no room
 */
export function allocateMatrix(engine: Engine, rows: number, columns: number): Matrix {
  for (const [name, size] of [
    ['rows', rows],
    ['columns', columns],
  ] as const) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new InvalidArgumentError(`allocateMatrix: ${name} is ${size}; expected an integer ≥ 0`);
    }
  }
  const stride = leadingDimension(columns);
  return { pointer: engine.arena.allocateFloats(rows * stride), rows, columns, stride };
}

/** The first `rows` rows, in place. */
export function firstRows(matrix: Matrix, rows: number): Matrix {
  if (!Number.isInteger(rows) || rows < 0 || rows > matrix.rows) {
    throw new InvalidArgumentError(
      `firstRows: rows is ${rows}; expected an integer from 0 to ${matrix.rows}`,
    );
  }
  // The whole matrix is its own description: a pass over a full batch makes no objects.
  return rows === matrix.rows ? matrix : { ...matrix, rows };
}

/**
 * Copies `values` (row-major, rows · columns numbers, no padding) into the matrix; f64 values are rounded to f32.
 *
 * @throws InvalidArgumentError when the count differs
 */
export function writeMatrix(engine: Engine, matrix: Matrix, values: ArrayLike<number>): void {
  const { pointer, rows, columns, stride } = matrix;
  if (values.length !== rows * columns) {
    throw new InvalidArgumentError(
      `writeMatrix: got ${values.length} values; expected ${rows} × ${columns} = ${rows * columns}`,
    );
  }
  const target = engine.arena.floats(pointer, rows * stride);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) target[i * stride + j] = values[i * columns + j] ?? 0;
  }
}

/** A copy of the numbers, row-major, without the padding. */
export function readMatrix(engine: Engine, matrix: Matrix): Float32Array<ArrayBuffer> {
  const { pointer, rows, columns, stride } = matrix;
  const source = engine.arena.floats(pointer, rows * stride);
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) values.set(source.subarray(i * stride, i * stride + columns), i * columns);
  return values;
}

/** Sets every number, padding included, to zero. */
export function clearMatrix(engine: Engine, matrix: Matrix): void {
  engine.arena.floats(matrix.pointer, matrix.rows * matrix.stride).fill(0);
}

/** Σ x² in f64, see the kernel `sum_squares`: 0 only if all are zero, not finite only if some number is not. */
export function sumSquares(engine: Engine, matrix: Matrix): number {
  return engine.kernels.sum_squares(matrix.rows, matrix.columns, matrix.pointer, matrix.stride);
}
