/** Twin of `fill_permutation`: Fisher & Yates from the end, with Lemire's unbiased choice. Exact. */
import { drawWords, type ReferenceStream } from './stream.js';

/** A random order of 0 … n − 1. Uses the first word of every four. */
export function permutation(stream: ReferenceStream, n: number): Uint32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let bound = n; bound > 1; bound--) {
    const chosen = below(stream, bound);
    const value = order[chosen] ?? 0;
    order[chosen] = order[bound - 1] ?? 0;
    order[bound - 1] = value;
  }
  return order;
}

/** Uniform on 0 … bound − 1: the high half of word · bound, drawn again while the low half is below 2^32 mod bound. */
function below(stream: ReferenceStream, bound: number): number {
  const threshold = 2 ** 32 % bound;
  for (;;) {
    const product = BigInt(drawWords(stream, 1)[0] ?? 0) * BigInt(bound);
    if (Number(product & 0xffff_ffffn) >= threshold) return Number(product >> 32n);
  }
}
