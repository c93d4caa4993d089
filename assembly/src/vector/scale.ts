/** x ← factor · x, n floats, in place. Exact when the factor is a power of two and nothing leaves the normal range. */
export function scale(n: usize, x: usize, factor: f32): void {
  const factors = f32x4.splat(factor);
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) v128.store(x + 4 * i, f32x4.mul(v128.load(x + 4 * i), factors));
  for (let i = whole; i < n; i++) store<f32>(x + 4 * i, load<f32>(x + 4 * i) * factor);
}
