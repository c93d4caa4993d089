/**
 * One step of Adamax (Kingma & Ba, ICLR 2015, algorithm 2) on n floats, in place in `w`, `m` and `u`:
 *
 *   m ← β₁·m + (1 − β₁)·g;  u ← max(β₂·u, |g| + ε);  w ← w − rate · (m·c₁) / u
 *
 * with c₁ = 1/(1 − β₁ᵗ) from the caller. The ε, which the paper does not have, keeps u from 0, as in PyTorch. Every operation is
 * rounded to f32; 1 − β₁ is exact for β₁ ≥ ½. A NaN in g stays in m and u.
 */
export function adamax_update(
  n: usize, w: usize, g: usize, m: usize, u: usize,
  rate: f32, beta1: f32, beta2: f32, correction1: f32, epsilon: f32,
): void {
  const rates = f32x4.splat(rate);
  const keep1 = f32x4.splat(beta1);
  const keep2 = f32x4.splat(beta2);
  const take1 = f32x4.splat(<f32>1 - beta1);
  const scale1 = f32x4.splat(correction1);
  const epsilons = f32x4.splat(epsilon);
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) {
    const gradient = v128.load(g + 4 * i);
    const mean = f32x4.add(f32x4.mul(keep1, v128.load(m + 4 * i)), f32x4.mul(take1, gradient));
    const most = f32x4.max(f32x4.mul(keep2, v128.load(u + 4 * i)), f32x4.add(f32x4.abs(gradient), epsilons));
    v128.store(m + 4 * i, mean);
    v128.store(u + 4 * i, most);
    const step = f32x4.mul(rates, f32x4.div(f32x4.mul(mean, scale1), most));
    v128.store(w + 4 * i, f32x4.sub(v128.load(w + 4 * i), step));
  }
  for (let i = whole; i < n; i++) {
    const gradient = load<f32>(g + 4 * i);
    const mean = beta1 * load<f32>(m + 4 * i) + (<f32>1 - beta1) * gradient;
    const most = max<f32>(beta2 * load<f32>(u + 4 * i), abs<f32>(gradient) + epsilon);
    store<f32>(m + 4 * i, mean);
    store<f32>(u + 4 * i, most);
    store<f32>(w + 4 * i, load<f32>(w + 4 * i) - rate * ((mean * correction1) / most));
  }
}
