/**
 * v ← momentum · v + g, then w ← w − rate · v; n floats, in place in `w` and `v` (B. Polyak's heavy ball as most libraries
 * write it, without the factor 1 − momentum on g). Each product, sum and difference is rounded to f32.
 */
export function momentum_update(n: usize, w: usize, g: usize, v: usize, rate: f32, momentum: f32): void {
  const rates = f32x4.splat(rate);
  const momenta = f32x4.splat(momentum);
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) {
    const speed = f32x4.add(f32x4.mul(momenta, v128.load(v + 4 * i)), v128.load(g + 4 * i));
    v128.store(v + 4 * i, speed);
    v128.store(w + 4 * i, f32x4.sub(v128.load(w + 4 * i), f32x4.mul(rates, speed)));
  }
  for (let i = whole; i < n; i++) {
    const speed = momentum * load<f32>(v + 4 * i) + load<f32>(g + 4 * i);
    store<f32>(v + 4 * i, speed);
    store<f32>(w + 4 * i, load<f32>(w + 4 * i) - rate * speed);
  }
}
