/**
 * Twins of `fill_truncated_normal`: a standard normal cut at ±2 by inversion, one word a draw, four words at a time. The f64
 * one uses the exponential of the host.
 */
import { hornerF32, round32 } from './f32.js';
import { logarithmF32 } from './logarithm.js';
import { drawWords, type ReferenceStream } from './stream.js';

/** Probability that a standard normal lies within ±2: erf √2. */
const mass = 0.95449973610364158;

/** Highest power first: the central branch of Giles' single-precision erf⁻¹, in w = −log(1 − x²) − 2.5. */
const giles = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
];

/** deviation · z in f64, z = √2 · erf⁻¹(erf √2 · (2u − 1)), u the midpoint of one of 2^23 cells of (0, 1). */
export function truncatedNormal(
  stream: ReferenceStream,
  n: number,
  deviation: number,
): Float64Array<ArrayBuffer> {
  const words = drawWords(stream, Math.ceil(n / 4));
  return Float64Array.from(
    words.subarray(0, n),
    (word) => deviation * Math.SQRT2 * inverseErf(mass * cellOf(word) * 2 ** -22),
  );
}

/** The same with the kernel's polynomial and roundings: the kernel's bits. */
export function truncatedNormalF32(
  stream: ReferenceStream,
  n: number,
  deviation: number,
): Float32Array<ArrayBuffer> {
  const words = drawWords(stream, Math.ceil(n / 4));
  const rounded = round32(deviation);
  return Float32Array.from(words.subarray(0, n), (word) => {
    const x = round32(cellOf(word) * round32(mass * 2 ** -22));
    const w = round32(-2.5 - logarithmF32(round32(round32(1 - x) * round32(1 + x))));
    const z = round32(round32(hornerF32(w, giles) * x) * round32(Math.SQRT2));
    return rounded * Math.max(-2, Math.min(2, z));
  });
}

/** A midpoint of 2^23 cells around 0, in cells: exact. */
function cellOf(word: number): number {
  return (word >>> 9) - 2 ** 22 + 0.5;
}

/**
 * erf⁻¹ x for |x| ≤ 0.96, to about 10^−15: Newton's method from √π/2 · x. erf is concave on x > 0 and that start is
 * below the root, so every step stays below it and the method cannot miss.
 */
export function inverseErf(x: number): number {
  let y = (x * Math.sqrt(Math.PI)) / 2;
  for (let step = 0; step < 30; step++) {
    const change = (x - erf(y)) * (Math.sqrt(Math.PI) / 2) * Math.exp(y * y);
    y += change;
    if (Math.abs(change) <= 1e-15 * Math.abs(y)) break;
  }
  return y;
}

/** erf x = 2/√π · e^(−x²) · Σ 2^k x^(2k+1) / (1·3·…·(2k+1)): all terms have one sign. For |x| ≤ 5. */
export function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
