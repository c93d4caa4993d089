/**
 * Makes the m ≤ n rows of x orthonormal, in place, first row first: from each row its parts along the rows before are
 * taken away one after the other, all of them twice, and what is left is divided by its length (Gram–Schmidt in the
 * modified form; twice is enough: Giraud, Langou & Rozložník, Comput. Math. Appl. 50, 2005). The row's part along itself
 * stays positive, so rows of independent normals give rows that are uniform on the orthogonal group (Haar's law).
 *
 * Dot products and lengths in f64 in the order of `sum_squares`; a part is rounded to f32, its product and the difference
 * too; the division by the length is one product in f64. A row that depends on those before gives numbers that mean
 * nothing, a row of zeros NaN.
 */
export function orthonormalize_rows(m: usize, n: usize, x: usize, ld: usize): void {
  for (let i: usize = 0; i < m; i++) {
    const row = x + 4 * i * ld;
    for (let pass = 0; pass < 2; pass++) {
      for (let j: usize = 0; j < i; j++) {
        const earlier = x + 4 * j * ld;
        subtract(n, row, earlier, <f32>dot(n, row, earlier));
      }
    }
    const factor = 1.0 / sqrt<f64>(dot(n, row, row));
    for (let k: usize = 0; k < n; k++) store<f32>(row + 4 * k, <f32>(<f64>load<f32>(row + 4 * k) * factor));
  }
}

function dot(n: usize, a: usize, b: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const whole = n & ~3;
  for (let k: usize = 0; k < whole; k += 4) {
    const u = v128.load(a + 4 * k);
    const v = v128.load(b + 4 * k);
    low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(u), f64x2.promote_low_f32x4(v)));
    const upper = f64x2.promote_low_f32x4(v128.shuffle<f32>(u, u, 2, 3, 2, 3));
    high = f64x2.add(high, f64x2.mul(upper, f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3))));
  }
  let rest: f64 = 0;
  for (let k = whole; k < n; k++) rest += <f64>load<f32>(a + 4 * k) * <f64>load<f32>(b + 4 * k);
  return f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1)) + rest;
}

/** row ← row − part · earlier. */
function subtract(n: usize, row: usize, earlier: usize, part: f32): void {
  const parts = f32x4.splat(part);
  const whole = n & ~3;
  for (let k: usize = 0; k < whole; k += 4) {
    v128.store(row + 4 * k, f32x4.sub(v128.load(row + 4 * k), f32x4.mul(parts, v128.load(earlier + 4 * k))));
  }
  for (let k = whole; k < n; k++) store<f32>(row + 4 * k, load<f32>(row + 4 * k) - part * load<f32>(earlier + 4 * k));
}
