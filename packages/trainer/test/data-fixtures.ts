/** Small idx files for the tests of the data readers, and a seeded source of bytes to damage them with. */
import { gzipSync } from 'node:zlib';
import { type IdxFileRole, type IdxFiles, idxFileNames, idxFileRoles } from '../src/data/index.js';

/** An idx file of unsigned bytes. */
export function idxFile(shape: readonly number[], data: ArrayLike<number>): Uint8Array {
  const headerLength = 4 + 4 * shape.length;
  const bytes = new Uint8Array(headerLength + data.length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, 0x0800 | shape.length);
  shape.forEach((size, dimension) => {
    header.setUint32(4 + 4 * dimension, size);
  });
  bytes.set(data, headerLength);
  return bytes;
}

/** The bytes of each of the four files: 20 training and 10 test images of 3 × 4, labels 0 … 9 in turn. */
export function smallFiles(): Record<IdxFileRole, Uint8Array> {
  const pixels = (count: number, seed: number) => {
    const next = seededBytes(seed);
    return idxFile([count, 3, 4], Array.from({ length: count * 12 }, next));
  };
  const labels = (count: number) =>
    idxFile(
      [count],
      Array.from({ length: count }, (_, index) => index % 10),
    );
  return {
    trainImages: pixels(20, 1),
    trainLabels: labels(20),
    testImages: pixels(10, 2),
    testLabels: labels(10),
  };
}

/** As `datasetFromIdx` takes them, under their usual names. */
export function asParts(bytes: Record<IdxFileRole, Uint8Array>): IdxFiles {
  const part = (role: IdxFileRole) => ({ file: idxFileNames[role], bytes: bytes[role] });
  return {
    trainImages: part('trainImages'),
    trainLabels: part('trainLabels'),
    testImages: part('testImages'),
    testLabels: part('testLabels'),
  };
}

/** The same files compressed. */
export function compressed(bytes: Record<IdxFileRole, Uint8Array>): Record<IdxFileRole, Uint8Array> {
  const result = { ...bytes };
  for (const role of idxFileRoles) result[role] = new Uint8Array(gzipSync(bytes[role]));
  return result;
}

/** A generator of bytes that is the same on every run (xorshift32, Marsaglia 2003). `seed` must not be 0. */
export function seededBytes(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 8) & 255;
  };
}

/** What a promise rejects with; fails the test if it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('rejection: expected the promise to be rejected, and it was fulfilled');
}
