/** y ← y + factor · x, n floats, product and sum rounded apart; x apart from y or the same. */
export function axpy(n: usize, factor: f32, x: usize, y: usize): void {
  const factors = f32x4.splat(factor);
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) v128.store(y + 4 * i, f32x4.add(v128.load(y + 4 * i), f32x4.mul(factors, v128.load(x + 4 * i))));
  for (let i = whole; i < n; i++) store<f32>(y + 4 * i, load<f32>(y + 4 * i) + factor * load<f32>(x + 4 * i));
}
