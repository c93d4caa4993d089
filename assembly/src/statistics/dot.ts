/**
 * Σ x·y over m rows of n floats in f64, where a product of two f32 is exact: the gradient of a residual scale. Order as
 * in `sum_squares`: elements 4i, 4i+1, 4i+2, 4i+3 of every row go to four running sums s₀ … s₃, what is left of a row to
 * s₄; the result is ((s₀ + s₁) + (s₂ + s₃)) + s₄.
 */
export function dot(m: usize, n: usize, x: usize, ldx: usize, y: usize, ldy: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let rest: f64 = 0;
  const whole = n & ~3;
  for (let i: usize = 0; i < m; i++) {
    const left = x + 4 * i * ldx;
    const right = y + 4 * i * ldy;
    for (let j: usize = 0; j < whole; j += 4) {
      const a = v128.load(left + 4 * j);
      const b = v128.load(right + 4 * j);
      low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b)));
      const a2 = f64x2.promote_low_f32x4(v128.shuffle<f32>(a, a, 2, 3, 2, 3));
      const b2 = f64x2.promote_low_f32x4(v128.shuffle<f32>(b, b, 2, 3, 2, 3));
      high = f64x2.add(high, f64x2.mul(a2, b2));
    }
    for (let j = whole; j < n; j++) rest += <f64>load<f32>(left + 4 * j) * <f64>load<f32>(right + 4 * j);
  }
  return f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1)) + rest;
}
