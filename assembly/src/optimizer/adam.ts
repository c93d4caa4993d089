/**
 * One step of Adam (Kingma & Ba, ICLR 2015, algorithm 1) on n floats, in place in `w`, `m` and `v`:
 *
 *   m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;  w ← w − rate · (m·c₁) / (√(v·c₂) + ε)
 *
 * with c₁ = 1/(1 − β₁ᵗ) and c₂ = 1/(1 − β₂ᵗ) from the caller, who counts the steps t = 1, 2, …. Every operation is rounded
 * to f32; 1 − β is exact for β ≥ ½. g² is 0 below |g| = 2^−75 and infinite above 2^64: the step then is that of ε, or 0.
 */
export function adam_update(
  n: usize, w: usize, g: usize, m: usize, v: usize,
  rate: f32, beta1: f32, beta2: f32, correction1: f32, correction2: f32, epsilon: f32,
): void {
  const rates = f32x4.splat(rate);
  const keep1 = f32x4.splat(beta1);
  const keep2 = f32x4.splat(beta2);
  const take1 = f32x4.splat(<f32>1 - beta1);
  const take2 = f32x4.splat(<f32>1 - beta2);
  const scale1 = f32x4.splat(correction1);
  const scale2 = f32x4.splat(correction2);
  const epsilons = f32x4.splat(epsilon);
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) {
    const gradient = v128.load(g + 4 * i);
    const mean = f32x4.add(f32x4.mul(keep1, v128.load(m + 4 * i)), f32x4.mul(take1, gradient));
    const square = f32x4.add(f32x4.mul(keep2, v128.load(v + 4 * i)), f32x4.mul(take2, f32x4.mul(gradient, gradient)));
    v128.store(m + 4 * i, mean);
    v128.store(v + 4 * i, square);
    const divisor = f32x4.add(f32x4.sqrt(f32x4.mul(square, scale2)), epsilons);
    const step = f32x4.mul(rates, f32x4.div(f32x4.mul(mean, scale1), divisor));
    v128.store(w + 4 * i, f32x4.sub(v128.load(w + 4 * i), step));
  }
  for (let i = whole; i < n; i++) {
    const gradient = load<f32>(g + 4 * i);
    const mean = beta1 * load<f32>(m + 4 * i) + (<f32>1 - beta1) * gradient;
    const square = beta2 * load<f32>(v + 4 * i) + (<f32>1 - beta2) * (gradient * gradient);
    store<f32>(m + 4 * i, mean);
    store<f32>(v + 4 * i, square);
    const step = rate * ((mean * correction1) / (sqrt<f32>(square * correction2) + epsilon));
    store<f32>(w + 4 * i, load<f32>(w + 4 * i) - step);
  }
}
