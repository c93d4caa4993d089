/**
 * Σ max(x, 0)² over n floats, in f64: the squared norm that ReLU would leave. NaN stays NaN; the result is 0 only if no
 * element is positive or NaN. Order as in `sum_squares` of one row.
 */
export function positive_square_sum(n: usize, x: usize): f64 {
  const zero = f32x4.splat(0);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const whole = n & ~3;
  for (let j: usize = 0; j < whole; j += 4) {
    const v = f32x4.max(v128.load(x + 4 * j), zero);
    const first = f64x2.promote_low_f32x4(v);
    const second = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(first, first));
    high = f64x2.add(high, f64x2.mul(second, second));
  }
  let rest: f64 = 0;
  for (let j = whole; j < n; j++) {
    const value = <f64>max<f32>(load<f32>(x + 4 * j), 0);
    rest += value * value;
  }
  return f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1)) + rest;
}
