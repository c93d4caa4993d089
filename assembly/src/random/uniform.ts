import { BLOCK_VECTORS, copy_tail, fill_words, WORDS } from './stream';

/** 2^−23. */
const UNIT: f32 = 1.1920928955078125e-7;

/**
 * The midpoints of 2^23 equal cells of (0, 1): ((word >>> 9) + ½) · 2^−23, exact in f32, never 0 or 1, symmetric
 * about ½.
 */
@inline
export function unit4(words: v128): v128 {
  return f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(words, 9)), f32x4.splat(0.5)), f32x4.splat(UNIT));
}

/** out[i] = low + (high − low) · u, u uniform on (0, 1); n floats, one word each. */
export function fill_uniform(state: usize, n: usize, out: usize, low: f32, high: f32): void {
  const lows = f32x4.splat(low);
  const spans = f32x4.splat(high - low);
  for (let done: usize = 0; done < n; ) {
    const left = n - done;
    const vectors = min(BLOCK_VECTORS, (left + 3) >> 2);
    fill_words(state, vectors, WORDS);
    const whole = min(vectors, left >> 2);
    let target = out + 4 * done;
    for (let v: usize = 0; v < vectors; v++) {
      const value = f32x4.add(lows, f32x4.mul(spans, unit4(v128.load(WORDS + 16 * v))));
      if (v < whole) v128.store(target + 16 * v, value);
      else v128.store(WORDS + 16 * v, value);
    }
    if (whole < vectors) copy_tail(WORDS + 16 * whole, left - 4 * whole, target + 16 * whole);
    done += 4 * vectors;
  }
}
