/** Twins of `fill_uniform`: one word a draw, four words at a time. */
import { round32 } from './f32.js';
import { drawWords, type ReferenceStream } from './stream.js';

/** What to draw: n numbers on (low, high). */
export interface UniformDraw {
  readonly n: number;
  /** An f32. */
  readonly low: number;
  /** An f32. */
  readonly high: number;
}

/** low + (high − low) · u in f64, u the midpoint of one of 2^23 cells of (0, 1). */
export function uniform(stream: ReferenceStream, { n, low, high }: UniformDraw): Float64Array<ArrayBuffer> {
  const words = drawWords(stream, Math.ceil(n / 4));
  return Float64Array.from(words.subarray(0, n), (word) => low + (high - low) * unit(word));
}

/** The same with difference, product and sum rounded to f32: the kernel's bits. */
export function uniformF32(
  stream: ReferenceStream,
  { n, low, high }: UniformDraw,
): Float32Array<ArrayBuffer> {
  const words = drawWords(stream, Math.ceil(n / 4));
  const span = round32(high - low);
  return Float32Array.from(words.subarray(0, n), (word) => low + round32(span * unit(word)));
}

/** ((word >>> 9) + ½) · 2^−23: exact in f32, never 0 or 1. */
function unit(word: number): number {
  return ((word >>> 9) + 0.5) * 2 ** -23;
}
