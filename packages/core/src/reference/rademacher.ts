/** Twin of `fill_rademacher`. Nothing is rounded but the deviation, so one twin serves both precisions. */
import { drawWords, type ReferenceStream } from './stream.js';

/** ±deviation by the highest bit of one word a draw, four words at a time: the kernel's bits if the deviation is an f32. */
export function rademacher(stream: ReferenceStream, n: number, deviation: number): Float64Array<ArrayBuffer> {
  const words = drawWords(stream, Math.ceil(n / 4));
  return Float64Array.from(words.subarray(0, n), (word) => (word >= 2 ** 31 ? -deviation : deviation));
}
