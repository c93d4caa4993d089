/** Twins of `axpy`. */
import { round32 } from './f32.js';

/** y + factor · x in f64. */
export function axpy(factor: number, x: ArrayLike<number>, y: ArrayLike<number>): Float64Array<ArrayBuffer> {
  return Float64Array.from(y, (value, i) => value + factor * Number(x[i]));
}

/** y + factor · x in f32, factor, product and sum rounded each: the kernel's bits. */
export function axpyF32(
  factor: number,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const rounded = round32(factor);
  return Float32Array.from(y, (value, i) => value + round32(rounded * Number(x[i])));
}
