/**
 * Twins of `gather_sparse_pixels`, `sparse_nn` with its epilogues, and `sparse_tn`. A product with sparse rows is the dense product of
 * the rows written out, and has its bits where the other factor is finite; so its twins write the rows out.
 */
import { gatherPixelsF32 } from './gather.js';
import { type GemmProblem, gemm, gemmF32 } from './gemm.js';

/** Sparse rows as plain arrays: the entries of row i are starts[i] … starts[i + 1] − 1. */
export interface ReferenceSparseRows {
  readonly rows: number;
  readonly columns: number;
  readonly starts: ArrayLike<number>;
  readonly entryColumns: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** The nonzero numbers of a row-major matrix. */
export function sparseRows(dense: ArrayLike<number>, rows: number, columns: number): ReferenceSparseRows {
  const starts = [0];
  const entryColumns: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = dense[i * columns + j] ?? 0;
      if (value === 0) continue;
      entryColumns.push(j);
      values.push(value);
    }
    starts.push(values.length);
  }
  return { rows, columns, starts, entryColumns, values };
}

/** Rows `index` of bytes times the f32 next to 1/255, without zeros. */
export function gatherSparsePixels(
  index: ArrayLike<number>,
  source: ArrayLike<number>,
  width: number,
): ReferenceSparseRows {
  return sparseRows(gatherPixelsF32(index, source, width), index.length, width);
}

/** What follows a product X · W: nothing, + bias, or ReLU behind that. */
export interface SparseEpilogue {
  readonly bias?: ArrayLike<number>;
  readonly relu?: boolean;
}

/** X · W in f64, W with n columns, row-major; then the epilogue. */
export function sparseNn(
  x: ReferenceSparseRows,
  w: ArrayLike<number>,
  n: number,
  epilogue: SparseEpilogue = {},
): Float64Array<ArrayBuffer> {
  return gemm(forwardProblem(x, w, n, epilogue));
}

/** The same with the kernels' roundings. */
export function sparseNnF32(
  x: ReferenceSparseRows,
  w: ArrayLike<number>,
  n: number,
  epilogue: SparseEpilogue = {},
): Float32Array<ArrayBuffer> {
  return gemmF32(forwardProblem(x, w, n, epilogue));
}

/** Xᵀ · D in f64, D with n columns, row-major. */
export function sparseTn(x: ReferenceSparseRows, d: ArrayLike<number>, n: number): Float64Array<ArrayBuffer> {
  return gemm(gradientProblem(x, d, n));
}

/** The same with the kernel's roundings. */
export function sparseTnF32(
  x: ReferenceSparseRows,
  d: ArrayLike<number>,
  n: number,
): Float32Array<ArrayBuffer> {
  return gemmF32(gradientProblem(x, d, n));
}

function forwardProblem(
  x: ReferenceSparseRows,
  w: ArrayLike<number>,
  n: number,
  epilogue: SparseEpilogue,
): GemmProblem {
  return { m: x.rows, n, k: x.columns, layout: 'nn', a: writtenOut(x), b: w, ...epilogue };
}

function gradientProblem(x: ReferenceSparseRows, d: ArrayLike<number>, n: number): GemmProblem {
  return { m: x.columns, n, k: x.rows, layout: 'tn', a: writtenOut(x), b: d };
}

function writtenOut({ rows, columns, starts, entryColumns, values }: ReferenceSparseRows): Float64Array {
  const dense = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let p = starts[i] ?? 0; p < (starts[i + 1] ?? 0); p++) {
      dense[i * columns + (entryColumns[p] ?? 0)] = values[p] ?? 0;
    }
  }
  return dense;
}
