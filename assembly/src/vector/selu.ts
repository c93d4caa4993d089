import { exp4 } from '../math/exponential';

// SELU of Klambauer, Unterthiner, Mayr & Hochreiter (NIPS 2017): the fixed point of their map of mean and variance is (0, 1).

const TABLE: usize = memory.data<f32>([
  1.0507009873554805, 1.0507009873554805, 1.0507009873554805, 1.0507009873554805, // λ
  1.7580993408473768, 1.7580993408473769, 1.7580993408473769, 1.7580993408473769, // λα
], 16);

/** λx of four f32 where x is above 0 or NaN, else λα(eˣ − 1). */
@inline
function selu4(x: v128): v128 {
  const slope = v128.load(TABLE);
  const height = v128.load(TABLE, 16);
  const below = f32x4.le(x, f32x4.splat(0));
  // What the exponential makes of positive numbers is not taken.
  const bent = f32x4.mul(height, f32x4.sub(exp4(x), f32x4.splat(1)));
  return v128.bitselect(bent, f32x4.mul(slope, x), below);
}

/** x ← λx where x > 0, else λα(eˣ − 1); n floats, in place. NaN stays NaN, −0 becomes +0. */
export function selu(n: usize, x: usize): void {
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) v128.store(x + 4 * i, selu4(v128.load(x + 4 * i)));
  for (let i = whole; i < n; i++) {
    store<f32>(x + 4 * i, f32x4.extract_lane(selu4(v128.load32_splat(x + 4 * i)), 0));
  }
}

/**
 * gradient ← gradient · λ where the activation is positive, else gradient · (activation + λα); n floats, in place. The
 * activation is what `selu` gave: where that is not positive, its slope λα·eˣ is itself plus λα. A NaN gives NaN.
 */
export function selu_backward(n: usize, gradient: usize, activation: usize): void {
  const slope = v128.load(TABLE);
  const height = v128.load(TABLE, 16);
  const zero = f32x4.splat(0);
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) {
    const value = v128.load(activation + 4 * i);
    const slopes = v128.bitselect(slope, f32x4.add(value, height), f32x4.gt(value, zero));
    v128.store(gradient + 4 * i, f32x4.mul(v128.load(gradient + 4 * i), slopes));
  }
  for (let i = whole; i < n; i++) {
    const value = load<f32>(activation + 4 * i);
    const factor = value > 0 ? load<f32>(TABLE) : value + load<f32>(TABLE, 16);
    store<f32>(gradient + 4 * i, load<f32>(gradient + 4 * i) * factor);
  }
}
