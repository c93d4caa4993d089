import { exp4 } from '../math/exponential';
import { log_f64 } from '../math/logarithm';

/**
 * Softmax cross-entropy of m rows of n logits (ld floats a row, ld ≥ ⌈n/4⌉·4), one byte label a row. Returns the sum
 * of the losses Σᵢ log Σⱼ e^{z_ij − max_i} − (z_{i,y} − max_i), in f64 in order of i; overwrites the logits with the
 * gradient of the *mean* loss, (softmax − onehot) · (1/m), in f32. The sum over a row runs in f64 in order of j.
 * A logit that is NaN or +∞ makes the loss NaN.
 */
export function softmax_cross_entropy(m: usize, n: usize, logits: usize, ld: usize, labels: usize): f64 {
  const scale: f32 = <f32>1 / <f32>m;
  let total: f64 = 0;
  for (let i: usize = 0; i < m; i++) {
    const row = logits + 4 * i * ld;
    let top = load<f32>(row);
    for (let j: usize = 1; j < n; j++) top = max<f32>(top, load<f32>(row + 4 * j)); // max keeps NaN
    const label = <usize>load<u8>(labels + i);
    const own = <f64>load<f32>(row + 4 * label) - <f64>top;
    const tops = f32x4.splat(top);
    for (let j: usize = 0; j < n; j += 4) v128.store(row + 4 * j, exp4(f32x4.sub(v128.load(row + 4 * j), tops)));
    let sum: f64 = 0;
    for (let j: usize = 0; j < n; j++) sum += <f64>load<f32>(row + 4 * j);
    total += log_f64(sum) - own;
    const divisor = f32x4.splat(<f32>sum);
    for (let j: usize = 0; j < n; j += 4) v128.store(row + 4 * j, f32x4.div(v128.load(row + 4 * j), divisor));
    store<f32>(row + 4 * label, load<f32>(row + 4 * label) - <f32>1);
    const scales = f32x4.splat(scale);
    for (let j: usize = 0; j < n; j += 4) v128.store(row + 4 * j, f32x4.mul(v128.load(row + 4 * j), scales));
  }
  return total;
}
