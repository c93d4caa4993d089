import { BLOCK_VECTORS, copy_tail, fill_words, WORDS } from './stream';

const SIGN_BIT: usize = memory.data<i32>([
  <i32>0x80000000, <i32>0x80000000, <i32>0x80000000, <i32>0x80000000,
], 16);

/**
 * out[i] = ±deviation, both signs alike; n floats, one word each. Of a word the highest bit is used: set, it turns the
 * sign.
 */
export function fill_rademacher(state: usize, n: usize, out: usize, deviation: f32): void {
  const deviations = f32x4.splat(deviation);
  for (let done: usize = 0; done < n; ) {
    const left = n - done;
    const vectors = min(BLOCK_VECTORS, (left + 3) >> 2);
    fill_words(state, vectors, WORDS);
    const whole = min(vectors, left >> 2);
    const target = out + 4 * done;
    for (let v: usize = 0; v < vectors; v++) {
      const value = v128.xor(deviations, v128.and(v128.load(WORDS + 16 * v), v128.load(SIGN_BIT)));
      if (v < whole) v128.store(target + 16 * v, value);
      else v128.store(WORDS + 16 * v, value);
    }
    if (whole < vectors) copy_tail(WORDS + 16 * whole, left - 4 * whole, target + 16 * whole);
    done += 4 * vectors;
  }
}
