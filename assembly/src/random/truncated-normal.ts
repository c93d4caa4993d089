// A standard normal cut at ±2 by inversion: z = √2 · erf⁻¹(u · erf √2), u uniform on (−1, 1). One word a draw, no
// rejection. erf⁻¹ is the single-precision polynomial of M. Giles, "Approximating the erfinv function" (GPU Computing
// Gems, 2011), its central branch: with |x| ≤ 0.9545, w = −log(1 − x²) stays below 2.42, and the branch holds to 5.
import { log4 } from '../math/logarithm';
import { BLOCK_VECTORS, copy_tail, fill_words, WORDS } from './stream';

const TABLE: usize = memory.data<f32>([
  0.5, 0.5, 0.5, 0.5,
  // erf(√2) · 2^−22: takes the midpoints of 2^23 cells, centered, to (−erf √2, erf √2).
  2.275704708346466e-7, 2.275704708346466e-7, 2.275704708346466e-7, 2.275704708346466e-7,
  1, 1, 1, 1,
  -2.5, -2.5, -2.5, -2.5,
  2.81022636e-8, 2.81022636e-8, 2.81022636e-8, 2.81022636e-8,
  3.43273939e-7, 3.43273939e-7, 3.43273939e-7, 3.43273939e-7,
  -3.5233877e-6, -3.5233877e-6, -3.5233877e-6, -3.5233877e-6,
  -4.39150654e-6, -4.39150654e-6, -4.39150654e-6, -4.39150654e-6,
  0.00021858087, 0.00021858087, 0.00021858087, 0.00021858087,
  -0.00125372503, -0.00125372503, -0.00125372503, -0.00125372503,
  -0.00417768164, -0.00417768164, -0.00417768164, -0.00417768164,
  0.246640727, 0.246640727, 0.246640727, 0.246640727,
  1.50140941, 1.50140941, 1.50140941, 1.50140941,
  1.4142135623730951, 1.4142135623730951, 1.4142135623730951, 1.4142135623730951,
  2, 2, 2, 2,
  -2, -2, -2, -2,
  4194304, 4194304, 4194304, 4194304, // 2^22
], 16);
const BIAS: usize = memory.data<i32>([127, 127, 127, 127], 16);

@inline
function truncatedNormal4(words: v128): v128 {
  const cell = f32x4.sub(f32x4.convert_i32x4_s(i32x4.shr_u(words, 9)), v128.load(TABLE, 256));
  const x = f32x4.mul(f32x4.add(cell, v128.load(TABLE)), v128.load(TABLE, 16));
  const one = v128.load(TABLE, 32);
  const log = log4(f32x4.mul(f32x4.sub(one, x), f32x4.add(one, x)), v128.load(BIAS));
  const w = f32x4.sub(v128.load(TABLE, 48), log);
  let p = f32x4.add(f32x4.mul(w, v128.load(TABLE, 64)), v128.load(TABLE, 80));
  p = f32x4.add(f32x4.mul(w, p), v128.load(TABLE, 96));
  p = f32x4.add(f32x4.mul(w, p), v128.load(TABLE, 112));
  p = f32x4.add(f32x4.mul(w, p), v128.load(TABLE, 128));
  p = f32x4.add(f32x4.mul(w, p), v128.load(TABLE, 144));
  p = f32x4.add(f32x4.mul(w, p), v128.load(TABLE, 160));
  p = f32x4.add(f32x4.mul(w, p), v128.load(TABLE, 176));
  p = f32x4.add(f32x4.mul(w, p), v128.load(TABLE, 192));
  const z = f32x4.mul(f32x4.mul(p, x), v128.load(TABLE, 208));
  // The rounding of p may carry the outermost cells an ulp past the cut.
  return f32x4.pmax(f32x4.pmin(z, v128.load(TABLE, 224)), v128.load(TABLE, 240));
}

/**
 * out[i] = deviation · z, z a standard normal conditioned on |z| ≤ 2; n floats, one word each. The variance of z is
 * 0.7737413, so `deviation` is that of the parent law, not of what is delivered.
 */
export function fill_truncated_normal(state: usize, n: usize, out: usize, deviation: f32): void {
  const deviations = f32x4.splat(deviation);
  for (let done: usize = 0; done < n; ) {
    const left = n - done;
    const vectors = min(BLOCK_VECTORS, (left + 3) >> 2);
    fill_words(state, vectors, WORDS);
    const whole = min(vectors, left >> 2);
    const target = out + 4 * done;
    for (let v: usize = 0; v < vectors; v++) {
      const value = f32x4.mul(deviations, truncatedNormal4(v128.load(WORDS + 16 * v)));
      if (v < whole) v128.store(target + 16 * v, value);
      else v128.store(WORDS + 16 * v, value);
    }
    if (whole < vectors) copy_tail(WORDS + 16 * whole, left - 4 * whole, target + 16 * whole);
    done += 4 * vectors;
  }
}
