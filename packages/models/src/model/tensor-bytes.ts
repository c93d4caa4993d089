/** Where a tensor's bytes lie: in a range of a source, across shards, in a compressed entry. */
import { checkRange } from '../source/check-range.js';
import type { Source } from '../source/source.js';

/** A tensor's bytes: little-endian, row-major. */
export interface TensorBytes {
  /** How many. */
  readonly length: number;
  /**
   * All of them in order; every piece has `most` bytes, save the last. A piece is valid until the next one is asked for.
   *
   * @param most an integer ≥ 1
   */
  pieces(most: number): AsyncIterable<Uint8Array>;
}

/** The bytes of a range of a source. The range is checked here, so that a forged one fails when the model is opened. */
export function bytesInSource(source: Source, offset: number, length: number): TensorBytes {
  checkRange('openModel', source, offset, length);
  return {
    length,
    async *pieces(most) {
      for (let at = 0; at < length; at += most) {
        yield await source.read(offset + at, Math.min(most, length - at));
      }
    },
  };
}

/** Bytes in memory. */
export function bytesInMemory(bytes: Uint8Array): TensorBytes {
  return {
    length: bytes.byteLength,
    async *pieces(most) {
      for (let at = 0; at < bytes.byteLength; at += most) yield bytes.subarray(at, at + most);
    },
  };
}
