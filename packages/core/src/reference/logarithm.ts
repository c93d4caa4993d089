/**
 * Twins of `log_f64` and of the four-lane logarithm inside the samplers. The first is the host's, whose last digit is the
 * host's choice; the second does what the lanes do.
 */
import { bitsOf, floatOf, hornerF32, round32 } from './f32.js';

/** bits of √½ and of 1. */
const sqrtHalf = 0x3f3504f3;
const one = 0x3f800000;

/** log x by the host. */
export function logarithm(x: number): number {
  return Math.log(x);
}

/**
 * log(x · 2^−shift) of a positive normal f32, with the lanes' bits: x = 2^e · m, m in [√½, √2), log m = 2 artanh s with
 * s = (m − 1)/(m + 1), by its series to s⁹.
 *
 * @param shift integer, default 0
 */
export function logarithmF32(x: number, shift = 0): number {
  const pattern = (bitsOf(x) + one - sqrtHalf) | 0;
  const exponent = (pattern >> 23) - 127 - shift;
  const m = floatOf((pattern & 0x007fffff) + sqrtHalf);
  const s = round32(round32(m - 1) / round32(m + 1));
  const series = hornerF32(round32(s * s), [1 / 9, 1 / 7, 1 / 5, 1 / 3, 1]);
  const logM = round32(round32(s + s) * series);
  return round32(round32(exponent * round32(Math.LN2)) + logM);
}
