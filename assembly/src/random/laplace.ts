// Laplace draws by inversion, one word each: the upper 31 bits give the exponential size −log u, the lowest bit the
// sign. u = (31 bits + ½) · 2^−31 rounded to f32, in (0, 1]; so |z| is at most 32·log 2 / √2 = 15.7.
import { log4 } from '../math/logarithm';
import { BLOCK_VECTORS, copy_tail, fill_words, WORDS } from './stream';

/** √½: an exponential of rate 1 with a random sign has variance 2. */
const SQRT_HALF: f32 = 0.7071067811865476;

const TABLE: usize = memory.data<f32>([0.5, 0.5, 0.5, 0.5], 16);
/** u = x · 2^−31, and the exponent's bias. */
const BIAS: usize = memory.data<i32>([158, 158, 158, 158], 16);

@inline
function laplace4(words: v128, negativeScales: v128): v128 {
  const x = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(words, 1)), v128.load(TABLE));
  const size = f32x4.mul(negativeScales, log4(x, v128.load(BIAS)));
  return v128.xor(size, i32x4.shl(words, 31));
}

/**
 * out[i] = deviation · z, z of density e^(−√2·|z|)/√2, so of mean 0, variance 1 and excess kurtosis 3; n floats, one word
 * each.
 */
export function fill_laplace(state: usize, n: usize, out: usize, deviation: f32): void {
  const negativeScales = f32x4.splat(-(deviation * SQRT_HALF));
  for (let done: usize = 0; done < n; ) {
    const left = n - done;
    const vectors = min(BLOCK_VECTORS, (left + 3) >> 2);
    fill_words(state, vectors, WORDS);
    const whole = min(vectors, left >> 2);
    const target = out + 4 * done;
    for (let v: usize = 0; v < vectors; v++) {
      const value = laplace4(v128.load(WORDS + 16 * v), negativeScales);
      if (v < whole) v128.store(target + 16 * v, value);
      else v128.store(WORDS + 16 * v, value);
    }
    if (whole < vectors) copy_tail(WORDS + 16 * whole, left - 4 * whole, target + 16 * whole);
    done += 4 * vectors;
  }
}
