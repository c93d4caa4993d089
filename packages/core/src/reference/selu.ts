/** Twins of `selu` and `selu_backward` (Klambauer, Unterthiner, Mayr & Hochreiter, NIPS 2017). */
import { exponentialF32 } from './exponential.js';
import { round32 } from './f32.js';

/** λ, the slope of SELU above 0. */
export const seluSlope = 1.0507009873554805;
/** λα, minus its limit at −∞. */
export const seluHeight = 1.7580993408473768;

/** λx above 0, else λα(eˣ − 1), in f64. */
export function selu(x: ArrayLike<number>): Float64Array<ArrayBuffer> {
  return Float64Array.from(x, (value) => (value <= 0 ? seluHeight * Math.expm1(value) : seluSlope * value));
}

/** The same with every operation rounded to f32: the kernel's bits. */
export function seluF32(x: ArrayLike<number>): Float32Array<ArrayBuffer> {
  return Float32Array.from(x, (value) =>
    value <= 0
      ? round32(seluHeight) * round32(exponentialF32(value) - 1)
      : round32(round32(seluSlope) * value),
  );
}

/** The gradient times λ where the activation is positive, else times the activation + λα, in f64. */
export function seluBackward(
  gradient: ArrayLike<number>,
  activation: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(gradient, (value, i) => {
    const height = Number(activation[i]);
    return value * (height > 0 ? seluSlope : height + seluHeight);
  });
}

/** The same with every operation rounded to f32: the kernel's bits. */
export function seluBackwardF32(
  gradient: ArrayLike<number>,
  activation: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(gradient, (value, i) => {
    const height = Number(activation[i]);
    return value * (height > 0 ? round32(seluSlope) : round32(height + round32(seluHeight)));
  });
}
