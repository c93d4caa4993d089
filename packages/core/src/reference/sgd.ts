/** Twins of `sgd_update`. */
import { round32 } from './f32.js';

/** w − rate · g in f64. */
export function sgdUpdate(
  w: ArrayLike<number>,
  g: ArrayLike<number>,
  rate: number,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(w, (value, i) => value - rate * Number(g[i]));
}

/** w − rate · g in f32, rate, product and difference rounded each: the kernel's bits. */
export function sgdUpdateF32(
  w: ArrayLike<number>,
  g: ArrayLike<number>,
  rate: number,
): Float32Array<ArrayBuffer> {
  const rounded = round32(rate);
  return Float32Array.from(w, (value, i) => value - round32(rounded * Number(g[i])));
}
