/**
 * Philox4x32-10 in plain integers: a keyed bijection of 128-bit counters (Salmon, Moraes, Dror & Shaw, SC 2011). The
 * same function is a kernel; this one derives keys without needing an engine. Both are checked against the published
 * known-answer vectors.
 */

/** Four unsigned 32-bit words. */
export type Words = readonly [number, number, number, number];

/** Round multipliers and Weyl increments of the paper (the increments are the golden ratio and √3 − 1, times 2^32). */
const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const increments = [0x9e3779b9, 0xbb67ae85] as const;

/** Philox4x32-10 of `counter` under `key`. Words are taken modulo 2^32. */
export function philox4x32(counter: Words, key: readonly [number, number]): Words {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const low0 = Math.imul(multipliers[0], c0);
    const low1 = Math.imul(multipliers[1], c2);
    const high0 = multiplyHigh(multipliers[0], c0);
    const high1 = multiplyHigh(multipliers[1], c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + increments[0]) | 0;
    k1 = (k1 + increments[1]) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** High 32 bits of the 64-bit product, by 16-bit halves: no intermediate leaves the integers a double holds. */
function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) | 0;
}
