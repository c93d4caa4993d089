/**
 * Twins of `exp_f64` and of the four-lane exponential inside `softmax_cross_entropy`. The first is the host's, whose last
 * digit is the host's choice; the second does what the lanes do.
 */
import { hornerF32, round32 } from './f32.js';

/** e^x by the host. */
export function exponential(x: number): number {
  return Math.exp(x);
}

/**
 * e^x of an f32 x ≤ 0 or NaN, with the lanes' bits: x = k·log 2 + r, Taylor series to r⁷ / 7!, times 2^k; 0 below −87.
 */
export function exponentialF32(x: number): number {
  if (x < -87) return 0;
  const k = roundHalfToEven(round32(x * round32(1 / Math.LN2)));
  // log 2 in two parts: k times the first, of 9 bits, is exact.
  const high = round32(x - round32(k * 0.693359375));
  const r = round32(high - round32(k * round32(-0.00021219444005469057)));
  const series = hornerF32(r, [1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1, 1]);
  return round32(series * 2 ** k);
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}
