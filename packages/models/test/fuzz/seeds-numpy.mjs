import { zipSync } from 'fflate';

/** @typedef {import('./run-fuzz.mjs').FuzzSeed} FuzzSeed */

/** @returns {readonly FuzzSeed[]} */
export function numpySeeds() {
  const kernel = npy('<f4', '12, 5', false, 240);
  const bias = npy('<f8', '5,', false, 40);
  const turned = npy('<i2', '3, 4', true, 24);
  const zeros = npy('<f4', '50, 20', false, 4000, 0);
  const entries = {
    'dense/kernel.npy': kernel,
    'dense/bias.npy': bias,
    'turned.npy': turned,
    'zeros.npy': zeros,
  };
  const archive = (/** @type {0 | 9} */ level) => zipSync(entries, { level, mtime: '2020-01-01' });
  return [
    { name: 'npy', files: { 'a.npy': kernel } },
    { name: 'npy-fortran', files: { 'a.npy': turned } },
    { name: 'npz-stored', files: { 'a.npz': archive(0) }, forge: forgeDirectory },
    { name: 'npz-deflated', files: { 'a.npz': archive(9) }, forge: forgeDirectory },
  ];
}

/**
 * @param {string} descr
 * @param {string} shape
 * @param {boolean} fortran
 * @param {number} length
 * @param {number} [step]
 */
function npy(descr, shape, fortran, length, step = 7) {
  const header =
    `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape}), }`.padEnd(
      117,
    );
  const bytes = new Uint8Array(128 + length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  bytes.set(new TextEncoder().encode(`${header}\n`), 10);
  for (let i = 0; i < length; i++) bytes[128 + i] = (step * i) % 251;
  return bytes;
}

/**
 * Sizes, offsets and checksums of the directory, where a zip bomb lies.
 *
 * @type {NonNullable<FuzzSeed['forge']>}
 */
function forgeDirectory(files, random) {
  const bytes = (files['a.npz'] ?? new Uint8Array(22)).slice();
  const view = new DataView(bytes.buffer);
  let at = view.getUint32(bytes.length - 6, true);
  for (let skipped = random.below(4); skipped > 0; skipped--) {
    const next =
      at + 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next + 46 < bytes.length - 22) at = next;
  }
  const field = at + random.pick([10, 16, 20, 24, 28, 30, 42]);
  const value = random.pick([
    0,
    1,
    8,
    0x7fffffff,
    0xfffffffe,
    0xffffffff,
    view.getUint32(field, true) * 1000,
    random.below(bytes.length),
  ]);
  view.setUint32(field, value >>> 0, true);
  return { 'a.npz': bytes };
}
