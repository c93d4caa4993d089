// Normal draws by Box & Muller (1958), eight from two vectors of words. The radius √(−2 log u) takes 31 bits of the
// first word (so the largest draw is √(2·32·log 2) = 6.66); the angle takes 29 bits of the second for a point in
// [−π/4, π/4), two more as signs and one to swap sine and cosine: the eight symmetries of the square carry that wedge
// over the whole circle.
import { log4 } from '../math/logarithm';
import { BLOCK_VECTORS, copy_tail, fill_words, WORDS } from './stream';

// Taylor series on [−π/4, π/4]: sine to t⁹ (the rest is below 2·10⁻⁹), cosine to t⁸ (below 3·10⁻⁸).
const TABLE: usize = memory.data<f32>([
  0.5, 0.5, 0.5, 0.5,
  -2, -2, -2, -2,
  2.9258361585343194e-9, 2.9258361585343194e-9, 2.9258361585343194e-9, 2.9258361585343194e-9, // (π/4) · 2^−28
  1, 1, 1, 1,
  -0.16666666666666666, -0.16666666666666666, -0.16666666666666666, -0.16666666666666666, // −1/3!
  0.008333333333333333, 0.008333333333333333, 0.008333333333333333, 0.008333333333333333, // 1/5!
  -0.0001984126984126984, -0.0001984126984126984, -0.0001984126984126984, -0.0001984126984126984, // −1/7!
  0.0000027557319223985893, 0.0000027557319223985893, 0.0000027557319223985893, 0.0000027557319223985893, // 1/9!
  -0.5, -0.5, -0.5, -0.5, // −1/2!
  0.041666666666666664, 0.041666666666666664, 0.041666666666666664, 0.041666666666666664, // 1/4!
  -0.001388888888888889, -0.001388888888888889, -0.001388888888888889, -0.001388888888888889, // −1/6!
  0.0000248015873015873, 0.0000248015873015873, 0.0000248015873015873, 0.0000248015873015873, // 1/8!
], 16);
const INTEGERS: usize = memory.data<i32>([
  31, 31, 31, 31,
  <i32>0x80000000, <i32>0x80000000, <i32>0x80000000, <i32>0x80000000,
], 16);

/** Two vectors of words at `at` become eight standard normals times `deviations`, in place. */
@inline
function boxMuller(at: usize, deviations: v128): void {
  const first = v128.load(at);
  const second = v128.load(at, 16);
  // u = (31 bits + ½) · 2^−31, in (0, 1]: at 1 the radius is 0.
  const x = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(first, 1)), v128.load(TABLE));
  const radius = f32x4.mul(f32x4.sqrt(f32x4.mul(v128.load(TABLE, 16), log4(x, v128.load(INTEGERS)))), deviations);
  const t = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_s(i32x4.shl(second, 3), 3)), v128.load(TABLE, 32));
  const z = f32x4.mul(t, t);
  const one = v128.load(TABLE, 48);
  let sine = f32x4.add(f32x4.mul(z, v128.load(TABLE, 112)), v128.load(TABLE, 96));
  sine = f32x4.add(f32x4.mul(z, sine), v128.load(TABLE, 80));
  sine = f32x4.add(f32x4.mul(z, sine), v128.load(TABLE, 64));
  sine = f32x4.mul(f32x4.add(f32x4.mul(z, sine), one), t);
  let cosine = f32x4.add(f32x4.mul(z, v128.load(TABLE, 176)), v128.load(TABLE, 160));
  cosine = f32x4.add(f32x4.mul(z, cosine), v128.load(TABLE, 144));
  cosine = f32x4.add(f32x4.mul(z, cosine), v128.load(TABLE, 128));
  cosine = f32x4.add(f32x4.mul(z, cosine), one);
  const signBit = v128.load(INTEGERS, 16);
  const swap = i32x4.shr_s(i32x4.shl(second, 2), 31);
  const a = v128.xor(v128.bitselect(sine, cosine, swap), v128.and(second, signBit));
  const b = v128.xor(v128.bitselect(cosine, sine, swap), v128.and(i32x4.shl(second, 1), signBit));
  v128.store(at, f32x4.mul(radius, a));
  v128.store(at, f32x4.mul(radius, b), 16);
}

/** out[i] = deviation · z, z standard normal; n floats. Draws ⌈n/8⌉ · 8 words; what is past n is thrown away. */
export function fill_normal(state: usize, n: usize, out: usize, deviation: f32): void {
  const deviations = f32x4.splat(deviation);
  for (let done: usize = 0; done < n; ) {
    const left = n - done;
    const vectors = min(BLOCK_VECTORS, 2 * ((left + 7) >> 3));
    const whole = min(vectors, 2 * (left >> 3));
    const target = out + 4 * done;
    fill_words(state, whole, target);
    for (let v: usize = 0; v < whole; v += 2) boxMuller(target + 16 * v, deviations);
    if (whole < vectors) {
      fill_words(state, 2, WORDS);
      boxMuller(WORDS, deviations);
      copy_tail(WORDS, left - 4 * whole, target + 16 * whole);
    }
    done += 4 * vectors;
  }
}
