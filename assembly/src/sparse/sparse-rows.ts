// Products with a matrix whose rows are mostly zeros, such as images on a black ground. Row r has the entries
// starts[r] … starts[r + 1] − 1 (u32), each a column (u16, ascending) and a value (f32). A batch picks its rows by index.
//
// Numeric contract: the sums of the dense products in the same order, with the terms of zeros left out. A term 0·w is ±0
// and changes no sum, so the bits are those of the dense product as long as w is finite.
import { forward_row, gradient_row } from './generated/tiles';

/** C[i] = max(x[index[i]] · W + bias, 0), NaN kept; `count` rows. W is k × n, `ldw` floats a row; C has ldc ≥ ⌈n/4⌉·4. */
export function sparse_nn_bias_relu(count: usize, n: usize, index: usize, starts: usize, columns: usize, values: usize, w: usize, ldw: usize, c: usize, ldc: usize, bias: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const place = starts + 4 * load<u32>(index + 4 * i);
    const first = <usize>load<u32>(place);
    const entries = <i32>(load<u32>(place, 4) - <u32>first);
    const row = c + 4 * ldc * i;
    forward_row(n, entries, columns + 2 * first, values + 4 * first, w, 4 * ldw, row);
    for (let j: usize = 0; j < 4 * n; j += 16) {
      const sum = f32x4.add(v128.load(row + j), v128.load(bias + j));
      v128.store(row + j, f32x4.pmax(sum, f32x4.splat(0)));
    }
  }
}

/** G[k×n] = xᵀ · D over the rows x[index[i]] and D[i], i in order; D is `count` × n. G is set to zero first. */
export function sparse_tn(count: usize, k: usize, n: usize, index: usize, starts: usize, columns: usize, values: usize, d: usize, ldd: usize, g: usize, ldg: usize): void {
  memory.fill(g, 0, 4 * k * ldg);
  for (let i: usize = 0; i < count; i++) {
    const place = starts + 4 * load<u32>(index + 4 * i);
    const first = <usize>load<u32>(place);
    const entries = <i32>(load<u32>(place, 4) - <u32>first);
    gradient_row(n, entries, columns + 2 * first, values + 4 * first, d + 4 * ldd * i, g, 4 * ldg);
  }
}
