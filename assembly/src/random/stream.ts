// The fast stream: four xoshiro128++ generators side by side, one a SIMD lane (Blackman & Vigna, "Scrambled linear
// pseudorandom number generators", ACM TOMS 47(4), 2021). A state is 64 bytes: four vectors s0 … s3, lane l being
// generator l.
import { philox } from './philox';

/** Marks a Philox call as the seeding of a stream; no purpose of a derived key may be this (see random/keys of core). */
const STREAM: u32 = 0xffffffff;

const BLOCK: usize = memory.data(16, 16);

/**
 * Seeds the stream at `state` from a 128-bit key: lane l gets the four words of Philox with counter (k2, k3, STREAM, l)
 * under the key (k0, k1). The one state xoshiro cannot leave, all zeros, is replaced (it has probability 2^−128).
 */
export function seed_stream(state: usize, k0: u32, k1: u32, k2: u32, k3: u32): void {
  for (let lane: u32 = 0; lane < 4; lane++) {
    const at = state + 4 * lane;
    philox(k2, k3, STREAM, lane, k0, k1, BLOCK);
    const w0 = load<u32>(BLOCK);
    const w1 = load<u32>(BLOCK + 4);
    const w2 = load<u32>(BLOCK + 8);
    const w3 = load<u32>(BLOCK + 12);
    store<u32>(at, (w0 | w1 | w2 | w3) == 0 ? 1 : w0);
    store<u32>(at + 16, w1);
    store<u32>(at + 32, w2);
    store<u32>(at + 48, w3);
  }
}
@inline
function rotl(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

/** The next `vectors` × 4 words of the stream: word 4t + l is the t-th of lane l. */
export function fill_words(state: usize, vectors: usize, out: usize): void {
  let s0 = v128.load(state);
  let s1 = v128.load(state, 16);
  let s2 = v128.load(state, 32);
  let s3 = v128.load(state, 48);
  const end = out + 16 * vectors;
  for (; out < end; out += 16) {
    v128.store(out, i32x4.add(rotl(i32x4.add(s0, s3), 7), s0));
    const t = i32x4.shl(s1, 9);
    s2 = v128.xor(s2, s0);
    s3 = v128.xor(s3, s1);
    s1 = v128.xor(s1, s2);
    s0 = v128.xor(s0, s3);
    s2 = v128.xor(s2, t);
    s3 = rotl(s3, 11);
  }
  v128.store(state, s0);
  v128.store(state, s1, 16);
  v128.store(state, s2, 32);
  v128.store(state, s3, 48);
}

/** Words are drawn this many vectors at a time into WORDS, and turned into numbers from there: 1 kB, always in L1. */
export const BLOCK_VECTORS: usize = 64;
export const WORDS: usize = memory.data(1024, 16);

/** out ← the first n < 8 floats at `values`: the end of a fill whose length is not a whole block. */
export function copy_tail(values: usize, n: usize, out: usize): void {
  for (let i: usize = 0; i < n; i++) store<f32>(out + 4 * i, load<f32>(values + 4 * i));
}
