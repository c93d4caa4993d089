// Natural logarithms that are the same everywhere.
//
// Four f32 at a time, for positive normal numbers only: x = 2^e · m with m in [√½, √2), log m = 2 artanh(s) with
// s = (m − 1)/(m + 1), |s| ≤ 0.1716, and artanh(s)/s = 1 + s²/3 + s⁴/5 + s⁶/7 + s⁸/9; the first term left out is
// below s¹⁰/11 < 2·10⁻⁹. Constants are read from memory: an engine would build each splat anew in every round.

/** bits of √½, and of 1. */
const SQRT_HALF: i32 = 0x3f3504f3;
const ONE: i32 = 0x3f800000;

/** 1, 1/3, 1/5, 1/7, 1/9, four times each. */
export const LOG_SERIES: usize = memory.data<f32>([
  1, 1, 1, 1,
  0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333,
  0.2, 0.2, 0.2, 0.2,
  0.14285714285714285, 0.14285714285714285, 0.14285714285714285, 0.14285714285714285,
  0.1111111111111111, 0.1111111111111111, 0.1111111111111111, 0.1111111111111111,
], 16);
const LOG_2: usize = memory.data<f32>([0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453], 16);
const INTEGERS: usize = memory.data<i32>([
  ONE - SQRT_HALF, ONE - SQRT_HALF, ONE - SQRT_HALF, ONE - SQRT_HALF,
  SQRT_HALF, SQRT_HALF, SQRT_HALF, SQRT_HALF,
  0x007fffff, 0x007fffff, 0x007fffff, 0x007fffff,
], 16);

/** e of four positive normal f32 times 2^−shift; `bias` is 127 + shift, four times. */
@inline
export function logExponent(x: v128, bias: v128): v128 {
  const bits = i32x4.add(x, v128.load(INTEGERS));
  return i32x4.sub(i32x4.shr_s(bits, 23), bias);
}

/** s of four positive normal f32. */
@inline
export function logArgument(x: v128): v128 {
  const bits = i32x4.add(x, v128.load(INTEGERS));
  const m = i32x4.add(v128.and(bits, v128.load(INTEGERS, 32)), v128.load(INTEGERS, 16));
  const one = v128.load(LOG_SERIES);
  return f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
}

/**
 * log(x · 2^−shift) of four positive normal f32; `bias` is 127 + shift, four times, so that a caller may keep x in the range
 * in which its bits are exact.
 */
@inline
export function log4(x: v128, bias: v128): v128 {
  const exponent = logExponent(x, bias);
  const s = logArgument(x);
  const z = f32x4.mul(s, s);
  let p = f32x4.add(f32x4.mul(z, v128.load(LOG_SERIES, 64)), v128.load(LOG_SERIES, 48));
  p = f32x4.add(f32x4.mul(z, p), v128.load(LOG_SERIES, 32));
  p = f32x4.add(f32x4.mul(z, p), v128.load(LOG_SERIES, 16));
  p = f32x4.add(f32x4.mul(z, p), v128.load(LOG_SERIES));
  const logM = f32x4.mul(f32x4.add(s, s), p);
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(exponent), v128.load(LOG_2)), logM);
}

/** log x in f64, by AssemblyScript's own implementation compiled into the module (error below 1 ulp). */
export function log_f64(x: f64): f64 {
  return NativeMath.log(x);
}
