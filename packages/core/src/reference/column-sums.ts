/** Twins of `column_sums`: sums over the rows, top to bottom. */
import { round32 } from './f32.js';

/** Σᵢ x[i][j] in f64; x is m × n, row-major. */
export function columnSums(m: number, n: number, x: ArrayLike<number>): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: n }, (_, j) => columnSum(m, n, x, j, (value) => value));
}

/** Σᵢ x[i][j] in f32, each sum rounded, from +0: the kernel's bits. */
export function columnSumsF32(m: number, n: number, x: ArrayLike<number>): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: n }, (_, j) => columnSum(m, n, x, j, round32));
}

function columnSum(
  m: number,
  n: number,
  x: ArrayLike<number>,
  j: number,
  round: (value: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < m; i++) sum = round(sum + Number(x[i * n + j]));
  return sum;
}
