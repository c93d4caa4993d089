/** Twins of `scale`. */
import { round32 } from './f32.js';

/** factor · x in f64. */
export function scale(x: ArrayLike<number>, factor: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(x, (value) => value * factor);
}

/** factor · x in f32, the factor rounded to f32 first: the kernel's bits. */
export function scaleF32(x: ArrayLike<number>, factor: number): Float32Array<ArrayBuffer> {
  const rounded = round32(factor);
  return Float32Array.from(x, (value) => value * rounded);
}
