/** Twins of `fill_laplace`: one word a draw, four words at a time. */
import { round32 } from './f32.js';
import { logarithmF32 } from './logarithm.js';
import { drawWords, type ReferenceStream } from './stream.js';

/**
 * deviation · z in f64, z Laplace of variance 1: ∓ log u / √2. The upper 31 bits of the word are rounded to f32 as in the
 * kernel, because that decides which u is meant; the lowest bit is the sign.
 */
export function laplace(stream: ReferenceStream, n: number, deviation: number): Float64Array<ArrayBuffer> {
  const words = drawWords(stream, Math.ceil(n / 4));
  return Float64Array.from(words.subarray(0, n), (word) => {
    const size = -deviation * Math.SQRT1_2 * Math.log(sizeNumber(word) * 2 ** -31);
    return (word & 1) === 1 ? -size : size;
  });
}

/** The same with the kernel's logarithm and roundings: the kernel's bits. */
export function laplaceF32(stream: ReferenceStream, n: number, deviation: number): Float32Array<ArrayBuffer> {
  const words = drawWords(stream, Math.ceil(n / 4));
  const negativeScale = -round32(round32(deviation) * round32(Math.SQRT1_2));
  return Float32Array.from(words.subarray(0, n), (word) => {
    const size = negativeScale * logarithmF32(sizeNumber(word), 31);
    return (word & 1) === 1 ? -size : size;
  });
}

/** The upper 31 bits + ½, rounded to f32. */
function sizeNumber(word: number): number {
  return round32(round32(word >>> 1) + 0.5);
}
