// Normal draws by Box & Muller (1958), eight from a pair of vectors of words. The radius √(−2 log u) takes 31 bits of the
// first word (so the largest draw is √(2·32·log 2) = 6.66); the angle takes 29 bits of the second for a point in
// [−π/4, π/4), two more as signs and one to swap sine and cosine: the eight symmetries of the square carry that wedge
// over the whole circle.
//
// Eight draws are a hundred instructions, most of which wait for the one before. So the work goes in three short loops over
// a block that stays in the cache, of which a processor overlaps more rounds than of one long loop, and two pairs a round,
// which read each constant once.
import { LOG_SERIES, logArgument, logExponent } from '../math/logarithm';
import { BLOCK_VECTORS, copy_tail, fill_words, WORDS } from './stream';

// Taylor series on [−π/4, π/4]: sine to t⁹ (the rest is below 2·10⁻⁹), cosine to t⁸ (below 3·10⁻⁸).
const TABLE: usize = memory.data<f32>([
  0.5, 0.5, 0.5, 0.5,
  -4, -4, -4, -4,
  -1.3862943611198906, -1.3862943611198906, -1.3862943611198906, -1.3862943611198906, // −2 log 2
  3.657295198167899e-10, 3.657295198167899e-10, 3.657295198167899e-10, 3.657295198167899e-10, // (π/4) · 2^−31
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
  158, 158, 158, 158, // what an exponent of x has more than one of u: the bias of f32 and 31
  <i32>0x80000000, <i32>0x80000000, <i32>0x80000000, <i32>0x80000000,
], 16);

/** Exponents of a block's first words, a vector for each pair. */
const EXPONENTS: usize = memory.data(512, 16);

/** value · z + constant: a step of Horner's scheme. */
@inline
function horner(value: v128, z: v128, constant: v128): v128 {
  return f32x4.add(f32x4.mul(z, value), constant);
}

/** The first words of two pairs become the argument of the logarithm's series; their exponents go to `exponents`. */
@inline
function startLogs(at: usize, exponents: usize): void {
  // u = (31 bits + ½) · 2^−31, in (0, 1]: at 1 the radius is 0.
  const half = v128.load(TABLE);
  const bias = v128.load(INTEGERS);
  const x0 = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(v128.load(at), 1)), half);
  const x1 = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(v128.load(at, 32), 1)), half);
  v128.store(exponents, logExponent(x0, bias));
  v128.store(exponents, logExponent(x1, bias), 16);
  v128.store(at, logArgument(x0));
  v128.store(at, logArgument(x1), 32);
}

/** The series' arguments of two pairs become √(−2 log u) · deviation, the radius of eight draws each. */
@inline
function finishRadii(at: usize, exponents: usize, deviations: v128): void {
  const s0 = v128.load(at);
  const s1 = v128.load(at, 32);
  const z0 = f32x4.mul(s0, s0);
  const z1 = f32x4.mul(s1, s1);
  const ninth = v128.load(LOG_SERIES, 64);
  const seventh = v128.load(LOG_SERIES, 48);
  let p0 = horner(ninth, z0, seventh);
  let p1 = horner(ninth, z1, seventh);
  const fifth = v128.load(LOG_SERIES, 32);
  p0 = horner(p0, z0, fifth);
  p1 = horner(p1, z1, fifth);
  const third = v128.load(LOG_SERIES, 16);
  p0 = horner(p0, z0, third);
  p1 = horner(p1, z1, third);
  const one = v128.load(LOG_SERIES);
  const minusFour = v128.load(TABLE, 16);
  // −2 times the two terms of the logarithm, 2 s·p and e·log 2: a power of two, so the digits are the logarithm's.
  p0 = f32x4.mul(f32x4.mul(s0, minusFour), horner(p0, z0, one));
  p1 = f32x4.mul(f32x4.mul(s1, minusFour), horner(p1, z1, one));
  const minusLog4 = v128.load(TABLE, 32);
  p0 = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(v128.load(exponents)), minusLog4), p0);
  p1 = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(v128.load(exponents, 16)), minusLog4), p1);
  v128.store(at, f32x4.mul(f32x4.sqrt(p0), deviations));
  v128.store(at, f32x4.mul(f32x4.sqrt(p1), deviations), 32);
}

/** Radius and second words of two pairs become eight draws each, in their place. */
@inline
function turn(at: usize): void {
  const words0 = v128.load(at, 16);
  const words1 = v128.load(at, 48);
  const angle = v128.load(TABLE, 48);
  const t0 = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(words0, 3)), angle);
  const t1 = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(words1, 3)), angle);
  const z0 = f32x4.mul(t0, t0);
  const z1 = f32x4.mul(t1, t1);
  const one = v128.load(TABLE, 64);
  const s9 = v128.load(TABLE, 128);
  const s7 = v128.load(TABLE, 112);
  let sine0 = horner(s9, z0, s7);
  let sine1 = horner(s9, z1, s7);
  const s5 = v128.load(TABLE, 96);
  sine0 = horner(sine0, z0, s5);
  sine1 = horner(sine1, z1, s5);
  const s3 = v128.load(TABLE, 80);
  sine0 = horner(sine0, z0, s3);
  sine1 = horner(sine1, z1, s3);
  sine0 = f32x4.mul(horner(sine0, z0, one), t0);
  sine1 = f32x4.mul(horner(sine1, z1, one), t1);
  const c8 = v128.load(TABLE, 192);
  const c6 = v128.load(TABLE, 176);
  let cosine0 = horner(c8, z0, c6);
  let cosine1 = horner(c8, z1, c6);
  const c4 = v128.load(TABLE, 160);
  cosine0 = horner(cosine0, z0, c4);
  cosine1 = horner(cosine1, z1, c4);
  const c2 = v128.load(TABLE, 144);
  cosine0 = horner(horner(cosine0, z0, c2), z0, one);
  cosine1 = horner(horner(cosine1, z1, c2), z1, one);
  const signBit = v128.load(INTEGERS, 16);
  // What changes sine into cosine and back, where the bit says so.
  const swap0 = v128.and(v128.xor(sine0, cosine0), i32x4.shr_s(i32x4.shl(words0, 2), 31));
  const swap1 = v128.and(v128.xor(sine1, cosine1), i32x4.shr_s(i32x4.shl(words1, 2), 31));
  const radius0 = v128.load(at);
  const radius1 = v128.load(at, 32);
  v128.store(at, f32x4.mul(radius0, v128.xor(v128.xor(cosine0, swap0), v128.and(words0, signBit))));
  v128.store(at, f32x4.mul(radius0, v128.xor(v128.xor(sine0, swap0), v128.and(i32x4.shl(words0, 1), signBit))), 16);
  v128.store(at, f32x4.mul(radius1, v128.xor(v128.xor(cosine1, swap1), v128.and(words1, signBit))), 32);
  v128.store(at, f32x4.mul(radius1, v128.xor(v128.xor(sine1, swap1), v128.and(i32x4.shl(words1, 1), signBit))), 48);
}

/** Words from `at` to `end`, an even number of pairs and a block at most, become normals times `deviations`. */
function boxMuller(at: usize, end: usize, deviations: v128): void {
  for (let pairs = at, exponents = EXPONENTS; pairs < end; pairs += 64, exponents += 32) startLogs(pairs, exponents);
  for (let pairs = at, exponents = EXPONENTS; pairs < end; pairs += 64, exponents += 32) finishRadii(pairs, exponents, deviations);
  for (let pairs = at; pairs < end; pairs += 64) turn(pairs);
}

/** out[i] = deviation · z, z standard normal; n floats. Draws ⌈n/8⌉ · 8 words; what is past n is thrown away. */
export function fill_normal(state: usize, n: usize, out: usize, deviation: f32): void {
  const deviations = f32x4.splat(deviation);
  while (n >= 4 * BLOCK_VECTORS || (n > 0 && (n & 15) == 0)) {
    const vectors = min(BLOCK_VECTORS, n >> 2);
    const end = out + 16 * vectors;
    fill_words(state, vectors, out);
    boxMuller(out, end, deviations);
    out = end;
    n -= 4 * vectors;
  }
  if (n) {
    // Not an even number of pairs: the last one or two have room beside the block only. A pair without words of its own gives
    // numbers that nobody takes.
    const vectors: usize = 2 * ((n + 7) >> 3);
    fill_words(state, vectors, WORDS);
    boxMuller(WORDS, WORDS + 16 * ((vectors + 3) & ~3), deviations);
    copy_tail(WORDS, n, out);
  }
}
