/**
 * One step of RMSprop (Tieleman & Hinton, 2012) on n floats, in place in `w` and `v`:
 *
 *   v ← decay·v + (1 − decay)·g²;  w ← w − rate · (g / (√v + ε))
 *
 * Every operation is rounded to f32; 1 − decay is exact for decay ≥ ½. g² is 0 below |g| = 2^−75 and infinite above 2^64.
 */
export function rmsprop_update(n: usize, w: usize, g: usize, v: usize, rate: f32, decay: f32, epsilon: f32): void {
  const rates = f32x4.splat(rate);
  const keep = f32x4.splat(decay);
  const take = f32x4.splat(<f32>1 - decay);
  const epsilons = f32x4.splat(epsilon);
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) {
    const gradient = v128.load(g + 4 * i);
    const square = f32x4.add(f32x4.mul(keep, v128.load(v + 4 * i)), f32x4.mul(take, f32x4.mul(gradient, gradient)));
    v128.store(v + 4 * i, square);
    const step = f32x4.mul(rates, f32x4.div(gradient, f32x4.add(f32x4.sqrt(square), epsilons)));
    v128.store(w + 4 * i, f32x4.sub(v128.load(w + 4 * i), step));
  }
  for (let i = whole; i < n; i++) {
    const gradient = load<f32>(g + 4 * i);
    const square = decay * load<f32>(v + 4 * i) + (<f32>1 - decay) * (gradient * gradient);
    store<f32>(v + 4 * i, square);
    store<f32>(w + 4 * i, load<f32>(w + 4 * i) - rate * (gradient / (sqrt<f32>(square) + epsilon)));
  }
}
