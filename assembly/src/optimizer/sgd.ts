/** w ← w − rate · g, n floats, in place: product and difference rounded separately, in f32. */
export function sgd_update(n: usize, w: usize, g: usize, rate: f32): void {
  const rates = f32x4.splat(rate);
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) {
    v128.store(w + 4 * i, f32x4.sub(v128.load(w + 4 * i), f32x4.mul(rates, v128.load(g + 4 * i))));
  }
  for (let i = whole; i < n; i++) store<f32>(w + 4 * i, load<f32>(w + 4 * i) - rate * load<f32>(g + 4 * i));
}
