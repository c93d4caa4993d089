/** Twins of `orthonormalize_rows`: Gram–Schmidt, every part taken away twice. */
import { round32 } from './f32.js';

/** The rows of x (m × n, row-major, m ≤ n) made orthonormal from the first to the last, in f64. */
export function orthonormalizeRows(m: number, n: number, x: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const exact = (value: number) => value;
  const rows = Float64Array.from(x);
  orthonormalize(m, n, rows, exact);
  return rows;
}

/** The same with parts, products and differences rounded to f32 and dot products in the kernel's order: the kernel's bits. */
export function orthonormalizeRowsF32(m: number, n: number, x: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const rows = Float32Array.from(x);
  orthonormalize(m, n, rows, round32);
  return rows;
}

function orthonormalize(
  m: number,
  n: number,
  rows: Float32Array | Float64Array,
  round: (x: number) => number,
): void {
  for (let i = 0; i < m; i++) {
    const row = rows.subarray(i * n, (i + 1) * n);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const earlier = rows.subarray(j * n, (j + 1) * n);
        const part = round(dot(row, earlier));
        row.forEach((value, k) => {
          row[k] = value - round(part * Number(earlier[k]));
        });
      }
    }
    const factor = 1 / Math.sqrt(dot(row, row));
    row.forEach((value, k) => {
      row[k] = value * factor;
    });
  }
}

/** Σ a·b in f64, in the order of `sum_squares`. */
function dot(a: Float32Array | Float64Array, b: Float32Array | Float64Array): number {
  const sums: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  const whole = a.length - (a.length % 4);
  a.forEach((value, k) => {
    const lane = (k < whole ? k % 4 : 4) as 0 | 1 | 2 | 3 | 4;
    sums[lane] += value * Number(b[k]);
  });
  return sums[0] + sums[1] + (sums[2] + sums[3]) + sums[4];
}
