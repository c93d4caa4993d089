/** Twins of `momentum_update`. They change `w` and `v` in place, as the kernel does. */
import { round32 } from './f32.js';

/** Parameters and what the optimizer remembers of them. */
export interface MomentumState<Floats extends Float32Array | Float64Array> {
  readonly w: Floats;
  /** The running sum of gradients. */
  readonly v: Floats;
}

/** v ← momentum · v + g; w ← w − rate · v, in f64. */
export function momentumUpdate(
  { w, v }: MomentumState<Float64Array>,
  g: ArrayLike<number>,
  rate: number,
  momentum: number,
): void {
  w.forEach((value, i) => {
    v[i] = momentum * Number(v[i]) + Number(g[i]);
    w[i] = value - rate * v[i];
  });
}

/** The same with factors, products, sum and difference rounded to f32: the kernel's bits. */
export function momentumUpdateF32(
  { w, v }: MomentumState<Float32Array>,
  g: ArrayLike<number>,
  rate: number,
  momentum: number,
): void {
  w.forEach((value, i) => {
    const speed = round32(round32(round32(momentum) * Number(v[i])) + Number(g[i]));
    v[i] = speed;
    w[i] = value - round32(round32(rate) * speed);
  });
}
