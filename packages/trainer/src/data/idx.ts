/**
 * Reads the idx format of MNIST and its relatives: a big-endian header (two zero bytes, a type, a number of dimensions,
 * one unsigned 32-bit size a dimension) and then the values. Only what image data sets use is read: unsigned bytes, in one
 * dimension (labels) or three (images). Nothing is guessed or repaired: a file with a byte too many is refused too.
 *
 * Format: "THE IDX FILE FORMAT" on the MNIST page of LeCun, Cortes and Burges.
 */
import type { ErrorDetails } from '@kindling/core';
import { DataFormatError } from './data-format-error.js';

/** What an idx file holds. */
export interface IdxArray {
  /** `[count]` for labels, `[count, rows, columns]` for images. */
  readonly shape: readonly number[];
  /** The values in row-major order: a view into the bytes given, not a copy. Its length is the product of `shape`. */
  readonly data: Uint8Array;
}

/** What a caller expects in a file: images (three dimensions, magic 2051) or labels (one dimension, magic 2049). */
export type IdxKind = 'images' | 'labels';

const unsignedByte = 0x08;

// The other type codes of the format, for a message that says what was found.
const otherTypes: ReadonlyMap<number, string> = new Map([
  [0x09, 'signed bytes'],
  [0x0b, '16-bit integers'],
  [0x0c, '32-bit integers'],
  [0x0d, '32-bit floats'],
  [0x0e, '64-bit floats'],
]);

const dimensionsOf: Readonly<Record<IdxKind, number>> = { images: 3, labels: 1 };
const again = 'download or unpack it again';

/**
 * Reads one uncompressed idx file.
 *
 * @param bytes The whole file.
 * @param file Its name, for the messages.
 * @param kind What the file should hold. Default: either.
 * @returns The shape and the values, the latter as a view into `bytes`.
 * @throws DataFormatError (`data-format`) if the file is empty, is not an idx file, is still compressed, holds anything but
 *   unsigned bytes in one or three dimensions, holds labels where `kind` says images or the reverse, or is shorter or
 *   longer than its header says.
 */
export function parseIdx(bytes: Uint8Array, file: string, kind?: IdxKind): IdxArray {
  const refuse = (what: string, remedy: string, details: ErrorDetails = {}): DataFormatError =>
    new DataFormatError(`parseIdx: ${file} ${what} — ${remedy}`, { details: { file, ...details } });

  const [zero0, zero1, type, dimensions] = bytes;
  if (bytes.length === 0) throw refuse('is empty; expected an idx file, got 0 bytes', again);
  if (zero0 === undefined || zero1 === undefined || type === undefined || dimensions === undefined) {
    throw refuse(`is truncated; expected a header of at least 8 bytes, got ${bytes.length}`, again);
  }
  if (zero0 === 0x1f && zero1 === 0x8b) {
    throw refuse(
      'is gzip-compressed; expected plain idx bytes, got a gzip header',
      'decompress it with gunzip first',
    );
  }
  if (zero0 !== 0 || zero1 !== 0) {
    // Mirrors answer a wrong address with a web page, and download scripts save it under the file's name.
    const guess = zero0 === 0x3c ? ' (it looks like a web page)' : '';
    const got = [zero0, zero1, type, dimensions].map(hexByte).join(' ');
    throw refuse(`is not an idx file${guess}; expected two zero bytes at the start, got ${got}`, again);
  }
  if (type !== unsignedByte) {
    throw refuse(
      `holds ${otherTypes.get(type) ?? 'values of an unknown type'}; expected unsigned bytes (type 0x08), got type ${hexByte(type)}`,
      'convert the values to bytes 0 … 255, or download the original file',
    );
  }
  if (dimensions !== 1 && dimensions !== 3) {
    throw refuse(
      `has ${dimensions} dimensions; expected 1 (labels, magic 2049) or 3 (images, magic 2051)`,
      'write images as count × rows × columns and labels as count, or download the original file',
    );
  }
  if (kind !== undefined && dimensions !== dimensionsOf[kind]) {
    const found: IdxKind = kind === 'images' ? 'labels' : 'images';
    throw refuse(
      `holds ${found} where ${kind} should be; expected magic ${magicOf(kind)} (${kind}), got ${magicOf(found)} (${found})`,
      'the files may have been renamed or swapped: give each its own name back, or download them again',
      { expected: kind, got: found },
    );
  }

  const headerLength = 4 + 4 * dimensions;
  if (bytes.length < headerLength) {
    throw refuse(
      `is truncated inside its header; expected ${headerLength} bytes of header, got ${bytes.length}`,
      again,
    );
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerLength);
  const shape = Array.from({ length: dimensions }, (_, dimension) => header.getUint32(4 + 4 * dimension));
  // Up to 2^96 for a nonsense header. A double keeps that well enough: it only has to differ from a real length.
  const expected = headerLength + shape.reduce((product, size) => product * size, 1);
  const lengths = `expected ${expected} bytes for ${shape.join(' × ')}, got ${bytes.length}`;
  const details = { expectedBytes: expected, gotBytes: bytes.length };
  if (bytes.length < expected) throw refuse(`is truncated; ${lengths}`, again, details);
  if (bytes.length > expected) throw refuse(`has bytes after its end; ${lengths}`, again, details);
  return { shape, data: bytes.subarray(headerLength) };
}

function magicOf(kind: IdxKind): number {
  return (unsignedByte << 8) | dimensionsOf[kind];
}

function hexByte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
