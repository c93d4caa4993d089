/**
 * Twins of `seed_stream` and `fill_words`: four scalar xoshiro128++ generators, one after the other (Blackman & Vigna, ACM
 * TOMS 47(4), 2021), each seeded by one Philox block. Exact.
 */
import type { Words } from '../random/philox.js';
import { philox } from './philox.js';

/** Four generators of four words each. `drawWords` and the samplers move it on. */
export interface ReferenceStream {
  readonly lanes: readonly Uint32Array<ArrayBuffer>[];
}

/** The stream of a key: lane l is seeded by Philox of (k₂, k₃, 0xffffffff, l) under (k₀, k₁). */
export function seedStream(key: Words): ReferenceStream {
  const lanes = [0, 1, 2, 3].map((lane) => {
    const words = Uint32Array.from(philox([key[2], key[3], 0xffffffff, lane], [key[0], key[1]]));
    // All zeros is the one state the generator never leaves.
    if (words.every((word) => word === 0)) words[0] = 1;
    return words;
  });
  return { lanes };
}

/** The next 4 · vectors words: word 4t + l is the t-th of lane l. */
export function drawWords(stream: ReferenceStream, vectors: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(4 * vectors);
  for (let t = 0; t < vectors; t++) {
    stream.lanes.forEach((lane, l) => {
      words[4 * t + l] = nextWord(lane);
    });
  }
  return words;
}

function nextWord(state: Uint32Array): number {
  let [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = state;
  const word = (rotateLeft((s0 + s3) | 0, 7) + s0) >>> 0;
  const t = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  s0 ^= s3;
  s2 ^= t;
  s3 = rotateLeft(s3, 11);
  state.set([s0, s1, s2, s3]);
  return word;
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}
