/** What is in an entry of a zip archive, unpacked piece by piece. */

import { Inflate } from 'fflate';
import { ModelFormatError } from '../../errors/model-format-error.js';
import { printableName, quotedName } from '../../errors/printable-name.js';
import { UnsupportedModelError } from '../../errors/unsupported-model-error.js';
import { bytesInSource, type TensorBytes } from '../../model/tensor-bytes.js';
import { checkRange } from '../../source/check-range.js';
import type { Source } from '../../source/source.js';
import { crc32 } from './crc32.js';
import type { ZipEntry } from './zip-directory.js';

/** Packed bytes unpacked at once: at most 1,032 times as many come out, 8 MiB. */
const packedPiece = 8192;

/**
 * The bytes of an entry. Stored ones are read where they lie; deflated ones are unpacked anew every time, a few MiB at once.
 * While unpacking, more or fewer bytes than declared, or another checksum, is an error.
 *
 * @throws ModelFormatError for a local header that is broken
 * @throws UnsupportedModelError for an entry that is encrypted or packed otherwise
 */
export async function zipEntryBytes(source: Source, entry: ZipEntry): Promise<TensorBytes> {
  const start = await dataStart(source, entry);
  const packed = bytesInSource(source, start, entry.packedSize);
  const pieces =
    entry.method === 0
      ? (most: number) => checked(source, entry, packed.pieces(most))
      : (most: number) => regroup(checked(source, entry, inflated(source, entry, packed)), most);
  return { length: entry.size, pieces };
}

/**
 * A whole entry in memory.
 *
 * @param mostBytes a larger one is refused before anything is unpacked
 * @throws ModelFormatError for a larger entry, or one that does not unpack to what it declares
 */
export async function readZipEntry(source: Source, entry: ZipEntry, mostBytes: number): Promise<Uint8Array> {
  if (entry.size > mostBytes) {
    throw wrong(source, entry, `at most ${mostBytes} bytes`, `${entry.size}`);
  }
  const bytes = await zipEntryBytes(source, entry);
  const all = new Uint8Array(entry.size);
  let at = 0;
  for await (const piece of bytes.pieces(1_048_576)) {
    all.set(piece, at);
    at += piece.byteLength;
  }
  return all;
}

/**
 * A stored entry as a source, read where it lies. Its checksum is not looked at, for that would read all of it.
 *
 * @param entry of method 0
 * @throws ModelFormatError for a local header that is broken
 */
export async function storedEntrySource(source: Source, entry: ZipEntry): Promise<Source> {
  const start = await dataStart(source, entry);
  checkRange('openModel', source, start, entry.size);
  const place = { name: entry.name, size: entry.size };
  return {
    ...place,
    read(offset, length) {
      checkRange('read', place, offset, length);
      return source.read(start + offset, length);
    },
  };
}

async function dataStart(source: Source, entry: ZipEntry): Promise<number> {
  if (entry.encrypted || (entry.method !== 0 && entry.method !== 8)) {
    const what = entry.encrypted ? 'encrypted' : `packed by method ${entry.method}`;
    throw new UnsupportedModelError(
      `openModel: ${quotedName(entry.name)} in ${source.name} is ${what}; expected stored or deflated`,
      { details: { file: source.name, entry: printableName(entry.name), got: what } },
    );
  }
  const header = await source.read(entry.offset, 30);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (view.getUint32(0, true) !== 0x04034b50) throw wrong(source, entry, 'a local header', 'other bytes');
  return entry.offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
}

async function* inflated(source: Source, entry: ZipEntry, packed: TensorBytes): AsyncGenerator<Uint8Array> {
  let out: Uint8Array[] = [];
  const inflate = new Inflate((piece) => {
    out.push(piece);
  });
  let left = packed.length;
  for await (const piece of packed.pieces(packedPiece)) {
    left -= piece.byteLength;
    try {
      // A copy: fflate keeps what it was given.
      inflate.push(piece.slice(), left === 0);
    } catch (cause) {
      throw wrong(
        source,
        entry,
        'deflated bytes',
        cause instanceof Error ? cause.message : String(cause),
        cause,
      );
    }
    const ready = out;
    out = [];
    yield* ready;
  }
}

/** Passes pieces on, and holds them to the declared length and checksum. */
async function* checked(
  source: Source,
  entry: ZipEntry,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let [length, sum] = [0, 0];
  for await (const piece of pieces) {
    length += piece.byteLength;
    if (length > entry.size) throw wrong(source, entry, `${entry.size} bytes, as declared`, 'more');
    sum = crc32(piece, sum);
    if (length === entry.size && sum !== entry.crc32) {
      throw wrong(source, entry, `the checksum ${entry.crc32}`, `${sum}`);
    }
    yield piece;
  }
  if (length < entry.size) throw wrong(source, entry, `${entry.size} bytes, as declared`, `${length}`);
}

/** Pieces of exactly `most` bytes, save the last. */
async function* regroup(pieces: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let [kept, held] = [new Uint8Array(0), 0];
  for await (const piece of pieces) {
    let at = 0;
    while (held + piece.byteLength - at >= most) {
      if (kept.byteLength < most) kept = grown(kept, held, most, most);
      kept.set(piece.subarray(at, at + most - held), held);
      at += most - held;
      held = 0;
      yield kept.subarray(0, most);
    }
    const rest = piece.byteLength - at;
    if (held + rest > kept.byteLength) kept = grown(kept, held, held + rest, most);
    kept.set(piece.subarray(at), held);
    held += rest;
  }
  if (held > 0) yield kept.subarray(0, held);
}

/** Room for `needed` bytes, at least doubled so that growing costs little, never more than `most`. */
function grown(kept: Uint8Array, held: number, needed: number, most: number): Uint8Array<ArrayBuffer> {
  const room = new Uint8Array(Math.min(most, Math.max(needed, 2 * kept.byteLength)));
  room.set(kept.subarray(0, held));
  return room;
}

function wrong(
  source: Source,
  entry: ZipEntry,
  expected: string,
  got: string,
  cause?: unknown,
): ModelFormatError {
  const name = quotedName(entry.name);
  return new ModelFormatError(
    `openModel: ${name} in ${source.name} is broken; expected ${expected}, got ${got}`,
    { details: { file: source.name, format: 'zip', offset: entry.offset, expected, got }, cause },
  );
}
