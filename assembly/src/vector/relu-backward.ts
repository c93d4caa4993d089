/**
 * gradient ← gradient where the activation is positive, else 0; n floats, in place. An activation that is NaN lets
 * the gradient through, so that a diverging net shows it.
 */
export function relu_backward(n: usize, gradient: usize, activation: usize): void {
  const zero = f32x4.splat(0);
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) {
    const blocked = f32x4.le(v128.load(activation + 4 * i), zero);
    v128.store(gradient + 4 * i, v128.andnot(v128.load(gradient + 4 * i), blocked));
  }
  for (let i = whole; i < n; i++) {
    if (load<f32>(activation + 4 * i) <= 0) store<f32>(gradient + 4 * i, 0);
  }
}
