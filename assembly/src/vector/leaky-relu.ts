/** x ← x where x is not below 0, else slope · x; n floats, in place. NaN stays NaN. */
export function leaky_relu(n: usize, x: usize, slope: f32): void {
  const zero = f32x4.splat(0);
  const slopes = f32x4.splat(slope);
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) {
    const value = v128.load(x + 4 * i);
    v128.store(x + 4 * i, v128.bitselect(f32x4.mul(value, slopes), value, f32x4.lt(value, zero)));
  }
  for (let i = whole; i < n; i++) {
    const value = load<f32>(x + 4 * i);
    if (value < 0) store<f32>(x + 4 * i, value * slope);
  }
}

/**
 * gradient ← gradient where the activation is positive, else slope · gradient; n floats, in place. The activation is what
 * `leaky_relu` gave, or what it took: with a positive slope both have the same sign. At 0 the slope counts, as it
 * does in `relu_backward`; a NaN lets the gradient through.
 */
export function leaky_relu_backward(n: usize, gradient: usize, activation: usize, slope: f32): void {
  const zero = f32x4.splat(0);
  const slopes = f32x4.splat(slope);
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) {
    const value = v128.load(gradient + 4 * i);
    const below = f32x4.le(v128.load(activation + 4 * i), zero);
    v128.store(gradient + 4 * i, v128.bitselect(f32x4.mul(value, slopes), value, below));
  }
  for (let i = whole; i < n; i++) {
    if (load<f32>(activation + 4 * i) <= 0) store<f32>(gradient + 4 * i, load<f32>(gradient + 4 * i) * slope);
  }
}
