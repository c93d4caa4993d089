/**
 * Single-precision arithmetic in a language that has only doubles. Each operation rounds its exact double result once:
 * a double has more than 2 · 24 + 2 bits, so +, −, ×, ÷ and √ of floats come out as an f32 unit would give them.
 */

/** `x` rounded to the nearest f32. */
export const round32 = Math.fround;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The bits of an f32 as a signed integer. */
export function bitsOf(x: number): number {
  float[0] = x;
  return bits[0] ?? 0;
}

/** The f32 with these bits. */
export function floatOf(pattern: number): number {
  bits[0] = pattern;
  return float[0] ?? 0;
}

/**
 * A polynomial by Horner's rule, product and sum rounded to f32 each.
 *
 * @param x the argument, an f32
 * @param coefficients highest power first; rounded to f32 here
 */
export function hornerF32(x: number, coefficients: readonly number[]): number {
  let [sum = 0, ...rest] = coefficients;
  sum = round32(sum);
  for (const coefficient of rest) sum = round32(round32(x * sum) + round32(coefficient));
  return sum;
}
