/**
 * Philox4x32-10 in big integers (Salmon, Moraes, Dror & Shaw, SC 2011): a third writing of it, straight from the paper and
 * slow, beside the kernel and `random/philox`.
 */
import type { Words } from '../random/philox.js';

const mask = 0xffff_ffffn;

/** Philox4x32-10 of a counter of four words under a key of two. */
export function philox(counter: Words, key: readonly [number, number]): Words {
  let [c0, c1, c2, c3] = [BigInt(counter[0]), BigInt(counter[1]), BigInt(counter[2]), BigInt(counter[3])];
  let [k0, k1] = [BigInt(key[0]), BigInt(key[1])];
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd251_1f53n * c0;
    const p1 = 0xcd9e_8d57n * c2;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & mask, (p0 >> 32n) ^ c3 ^ k1, p0 & mask];
    k0 = (k0 + 0x9e37_79b9n) & mask;
    k1 = (k1 + 0xbb67_ae85n) & mask;
  }
  return [Number(c0), Number(c1), Number(c2), Number(c3)];
}
