// Products with a matrix whose rows are mostly zeros, such as images on a black ground. Row i has the entries
// starts[i] … starts[i + 1] − 1 (u32), each a column (u16, ascending) and a value (f32).
//
// Numeric contract: the chains of the dense products in the same order, with the terms of zeros left out. A term 0·w is ±0
// and changes no sum that starts at +0, so the bits are those of the dense product as long as the other factor is finite;
// a NaN or Inf of it goes only where an entry leads.
import { forward_row, gradient_row } from './generated/tiles';

/** C[m×n] = X · W; X sparse, W with `ldw` floats a row. */
export function sparse_nn(m: usize, n: usize, starts: usize, columns: usize, values: usize, w: usize, ldw: usize, c: usize, ldc: usize): void {
  for (let i: usize = 0; i < m; i++) {
    product_row(i, n, starts, columns, values, w, ldw, c + 4 * ldc * i);
  }
}

/** C[m×n] = X · W + bias. */
export function sparse_nn_bias(m: usize, n: usize, starts: usize, columns: usize, values: usize, w: usize, ldw: usize, c: usize, ldc: usize, bias: usize): void {
  for (let i: usize = 0; i < m; i++) {
    const row = c + 4 * ldc * i;
    product_row(i, n, starts, columns, values, w, ldw, row);
    for (let j: usize = 0; j < 4 * n; j += 16) {
      v128.store(row + j, f32x4.add(v128.load(row + j), v128.load(bias + j)));
    }
  }
}

/** C[m×n] = max(X · W + bias, 0), NaN kept. */
export function sparse_nn_bias_relu(m: usize, n: usize, starts: usize, columns: usize, values: usize, w: usize, ldw: usize, c: usize, ldc: usize, bias: usize): void {
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < m; i++) {
    const row = c + 4 * ldc * i;
    product_row(i, n, starts, columns, values, w, ldw, row);
    for (let j: usize = 0; j < 4 * n; j += 16) {
      v128.store(row + j, f32x4.pmax(f32x4.add(v128.load(row + j), v128.load(bias + j)), zero));
    }
  }
}

/** Row i of X · W. */
@inline
function product_row(i: usize, n: usize, starts: usize, columns: usize, values: usize, w: usize, ldw: usize, row: usize): void {
  const first = <usize>load<u32>(starts + 4 * i);
  const entries = load<i32>(starts + 4 * i, 4) - <i32>first;
  forward_row(n, entries, columns + 2 * first, values + 4 * first, w, 4 * ldw, row);
}

/** G[k×n] = Xᵀ · D, X sparse with m rows and k columns, D m × n with `ldd` floats a row. All of G is overwritten, padding too. */
export function sparse_tn(m: usize, k: usize, n: usize, starts: usize, columns: usize, values: usize, d: usize, ldd: usize, g: usize, ldg: usize): void {
  memory.fill(g, 0, 4 * k * ldg);
  for (let i: usize = 0; i < m; i++) {
    const first = <usize>load<u32>(starts + 4 * i);
    const entries = load<i32>(starts + 4 * i, 4) - <i32>first;
    gradient_row(n, entries, columns + 2 * first, values + 4 * first, d + 4 * ldd * i, g, 4 * ldg);
  }
}
