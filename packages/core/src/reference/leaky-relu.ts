/** Twins of `relu`, `leaky_relu` and `leaky_relu_backward`. */
import { round32 } from './f32.js';

/** max(x, 0); NaN and −0 stay. Exact. */
export function relu(x: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const cut = (value: number, below: boolean) => (below ? 0 : value);
  return Float64Array.from(x, (value) => cut(value, value < 0));
}

/** x, or slope · x below 0, in f64. */
export function leakyRelu(x: ArrayLike<number>, slope: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(x, (value) => (value < 0 ? slope * value : value));
}

/** The same in f32, slope and product rounded: the kernel's bits. */
export function leakyReluF32(x: ArrayLike<number>, slope: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(leakyRelu(x, round32(slope)));
}

/** The gradient where the activation is positive or NaN, else slope times it, in f64. */
export function leakyReluBackward(
  gradient: ArrayLike<number>,
  activation: ArrayLike<number>,
  slope: number,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(gradient, (value, i) => (Number(activation[i]) <= 0 ? slope * value : value));
}

/** The same in f32, slope and product rounded: the kernel's bits. */
export function leakyReluBackwardF32(
  gradient: ArrayLike<number>,
  activation: ArrayLike<number>,
  slope: number,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(leakyReluBackward(gradient, activation, round32(slope)));
}
