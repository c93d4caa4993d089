/**
 * Σ x² over m rows of n floats, ld floats a row, in f64. The square of an f32 is exact in f64 and cannot overflow
 * there, so the result is 0 only if every element is zero, and not finite only if some element is not.
 *
 * Order: elements 4i, 4i+1, 4i+2, 4i+3 of every row go to four running sums s₀ … s₃, what is left of a row to s₄;
 * the result is ((s₀ + s₁) + (s₂ + s₃)) + s₄.
 */
export function sum_squares(m: usize, n: usize, x: usize, ld: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let rest: f64 = 0;
  const whole = n & ~3;
  for (let i: usize = 0; i < m; i++) {
    const row = x + 4 * i * ld;
    for (let j: usize = 0; j < whole; j += 4) {
      const v = v128.load(row + 4 * j);
      const first = f64x2.promote_low_f32x4(v);
      const second = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
      low = f64x2.add(low, f64x2.mul(first, first));
      high = f64x2.add(high, f64x2.mul(second, second));
    }
    for (let j = whole; j < n; j++) {
      const value = <f64>load<f32>(row + 4 * j);
      rest += value * value;
    }
  }
  return f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1)) + rest;
}
