// Philox4x32-10: a keyed bijection of 128-bit counters (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy
// as 1, 2, 3", SC 2011). Random numbers without state: the same counter and key give the same words for ever.

/** The two round multipliers and the two Weyl increments of the paper. */
export const M0: u64 = 0xd2511f53;
export const M1: u64 = 0xcd9e8d57;
export const W0: u32 = 0x9e3779b9; // golden ratio
export const W1: u32 = 0xbb67ae85; // √3 − 1

/** out[0..3] ← Philox4x32-10 of the counter (c0 … c3) under the key (k0, k1). */
export function philox(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32, out: usize): void {
  for (let round = 0; round < 10; round++) {
    const p0 = M0 * <u64>c0;
    const p1 = M1 * <u64>c2;
    c0 = <u32>(p1 >> 32) ^ c1 ^ k0;
    c2 = <u32>(p0 >> 32) ^ c3 ^ k1;
    c1 = <u32>p1;
    c3 = <u32>p0;
    k0 += W0;
    k1 += W1;
  }
  store<u32>(out, c0);
  store<u32>(out + 4, c1);
  store<u32>(out + 8, c2);
  store<u32>(out + 12, c3);
}
