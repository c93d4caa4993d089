// The fast stream: four xoshiro128++ generators side by side, one a SIMD lane (Blackman & Vigna, "Scrambled linear
// pseudorandom number generators", ACM TOMS 47(4), 2021). A state is 64 bytes: four vectors s0 … s3, lane l being
// generator l.
import { M0, M1, W0, W1 } from './philox';

/** Marks a Philox call as the seeding of a stream; no purpose of a derived key may be this (see random/keys of core). */
const STREAM: u32 = 0xffffffff;

/**
 * Seeds the stream at `state` from a 128-bit key: lane l gets the four words of Philox with counter (k2, k3, STREAM, l)
 * under the key (k0, k1); the four calls run side by side. The one state xoshiro cannot leave, all zeros, is replaced (it has
 * probability 2^−128).
 */
export function seed_stream(state: usize, k0: u32, k1: u32, k2: u32, k3: u32): void {
  let c0 = i32x4.splat(k2);
  let c1 = i32x4.splat(k3);
  let c2 = i32x4.splat(STREAM);
  let c3 = i32x4(0, 1, 2, 3);
  const m0 = i32x4.splat(<u32>M0);
  const m1 = i32x4.splat(<u32>M1);
  for (let round = 0; round < 10; round++) {
    // 64-bit products of lanes 0 and 1, and of lanes 2 and 3.
    const p0 = i64x2.extmul_low_i32x4_u(c0, m0);
    const q0 = i64x2.extmul_high_i32x4_u(c0, m0);
    const p1 = i64x2.extmul_low_i32x4_u(c2, m1);
    const q1 = i64x2.extmul_high_i32x4_u(c2, m1);
    const high1 = v128.shuffle<i32>(p1, q1, 1, 3, 5, 7);
    const high0 = v128.shuffle<i32>(p0, q0, 1, 3, 5, 7);
    c0 = v128.xor(v128.xor(high1, c1), i32x4.splat(k0));
    c2 = v128.xor(v128.xor(high0, c3), i32x4.splat(k1));
    c1 = v128.shuffle<i32>(p1, q1, 0, 2, 4, 6);
    c3 = v128.shuffle<i32>(p0, q0, 0, 2, 4, 6);
    k0 += W0;
    k1 += W1;
  }
  const dead = i32x4.eq(v128.or(v128.or(c0, c1), v128.or(c2, c3)), i32x4.splat(0));
  v128.store(state, v128.or(c0, v128.and(dead, i32x4.splat(1))));
  v128.store(state, c1, 16);
  v128.store(state, c2, 32);
  v128.store(state, c3, 48);
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

/** out ← the first n floats at `values`: the end of a fill whose length is not a whole block. */
export function copy_tail(values: usize, n: usize, out: usize): void {
  const whole = n & ~3;
  for (let i: usize = 0; i < whole; i += 4) v128.store(out + 4 * i, v128.load(values + 4 * i));
  for (let i = whole; i < n; i++) store<f32>(out + 4 * i, load<f32>(values + 4 * i));
}
