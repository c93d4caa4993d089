/**
 * out[j] = Σᵢ x[i][j] over m rows of ld floats, in f32 and in order of i: the bias gradient. `out` has room for
 * ⌈n/4⌉·4 floats; those past n mean nothing.
 */
export function column_sums(m: usize, n: usize, x: usize, ld: usize, out: usize): void {
  for (let j: usize = 0; j < n; j += 4) {
    let sum = f32x4.splat(0);
    let row = x + 4 * j;
    for (let i: usize = 0; i < m; i++) {
      sum = f32x4.add(sum, v128.load(row));
      row += 4 * ld;
    }
    v128.store(out + 4 * j, sum);
  }
}
