/** x ← max(x, 0), n floats, in place; NaN stays NaN, −0 stays −0. */
export function relu(n: usize, x: usize): void {
  const zero = f32x4.splat(0);
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) v128.store(x + 4 * i, f32x4.pmax(v128.load(x + 4 * i), zero));
  for (let i = whole; i < n; i++) {
    if (load<f32>(x + 4 * i) < 0) store<f32>(x + 4 * i, 0);
  }
}
