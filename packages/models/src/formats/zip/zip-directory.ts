/** The directory of a zip archive, read without unpacking anything: PKWARE APPNOTE 6.3, sections 4.3 and 4.5.3 (zip64). */

import { ModelFormatError } from '../../errors/model-format-error.js';
import { quotedName } from '../../errors/printable-name.js';
import type { Source } from '../../source/source.js';

/** A file in the archive. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated; others are refused when the entry is read. */
  readonly method: number;
  readonly crc32: number;
  /** Bytes in the archive. */
  readonly packedSize: number;
  /** Bytes unpacked, as declared: held to when unpacking. */
  readonly size: number;
  /** Of its local header. */
  readonly offset: number;
  readonly encrypted: boolean;
}

/** Most entries that are taken. The largest npz and Keras files have some thousands. */
const mostEntries = 65_535;
/** A directory of that many entries with names of a usual length. */
const mostDirectoryBytes = 16_777_216;
/** Deflate makes at most 1,032 bytes of one (258 bytes from two bits). */
const mostExpansion = 1032;

/**
 * The entries in the order of the directory. Folders are left out.
 *
 * @throws ModelFormatError for a directory that is broken, too long, names an entry twice, declares what deflate cannot give, or
 * whose entries overlap (as those of a zip bomb do)
 */
export async function listZipEntries(source: Source): Promise<readonly ZipEntry[]> {
  const { at, bytes, count } = await readDirectory(source);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ZipEntry[] = [];
  let next = 0;
  for (let i = 0; i < count; i++) {
    if (next + 46 > bytes.length || view.getUint32(next, true) !== 0x02014b50) {
      throw broken(source, at + next, `entry ${i + 1} of ${count} in the directory`, 'none');
    }
    const lengths = [28, 30, 32].map((field) => view.getUint16(next + field, true));
    const [nameLength = 0, extraLength = 0, commentLength = 0] = lengths;
    const end = next + 46 + nameLength + extraLength + commentLength;
    if (end > bytes.length) throw broken(source, at + next, 'an entry inside the directory', 'a longer one');
    const name = new TextDecoder().decode(bytes.subarray(next + 46, next + 46 + nameLength));
    const extra = bytes.subarray(next + 46 + nameLength, next + 46 + nameLength + extraLength);
    const entry = sizesOf(source, view, next, extra, name, at);
    if (!name.endsWith('/')) entries.push(entry);
    next = end;
  }
  checkEntries(source, entries, at);
  return entries;
}

async function readDirectory(source: Source) {
  const tailLength = Math.min(source.size, 65_557);
  const tailStart = source.size - tailLength;
  const tail = await source.read(tailStart, tailLength);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  let end = tailLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw broken(source, tailStart, 'the end of a zip directory', 'none: the file is cut off');
  let count = view.getUint16(end + 10, true);
  let length = view.getUint32(end + 12, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || length === 0xffffffff || at === 0xffffffff) {
    const locator = end - 20;
    if (locator >= 0 && view.getUint32(locator, true) === 0x07064b50) {
      const position = wide(view, locator + 8);
      const record = await source.read(position, 56);
      const wideView = new DataView(record.buffer, record.byteOffset, record.byteLength);
      if (wideView.getUint32(0, true) !== 0x06064b50) {
        throw broken(source, position, 'a zip64 end of the directory', 'other bytes');
      }
      [count, length, at] = [wide(wideView, 32), wide(wideView, 40), wide(wideView, 48)];
    }
  }
  if (count > mostEntries || length > mostDirectoryBytes) {
    throw broken(source, tailStart + end, `at most ${mostEntries} entries`, `${count} in ${length} bytes`);
  }
  return { at, count, bytes: await source.read(at, length) };
}

/** Sizes and offset, from the zip64 field where the short ones are full. */
function sizesOf(
  source: Source,
  view: DataView,
  next: number,
  extra: Uint8Array,
  name: string,
  at: number,
): ZipEntry {
  const short = [24, 20, 42].map((field) => view.getUint32(next + field, true));
  const extraView = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  let fields = { at: 0, end: 0 };
  for (let field = 0; field + 4 <= extra.length; ) {
    const length = extraView.getUint16(field + 2, true);
    if (extraView.getUint16(field, true) === 1) fields = { at: field + 4, end: field + 4 + length };
    field += 4 + length;
  }
  const [size = 0, packedSize = 0, offset = 0] = short.map((value) => {
    if (value !== 0xffffffff) return value;
    if (fields.at + 8 > Math.min(fields.end, extra.length)) {
      throw broken(source, at + next, 'a zip64 size', `none for ${quotedName(name)}`);
    }
    const found = wide(extraView, fields.at);
    fields = { at: fields.at + 8, end: fields.end };
    return found;
  });
  return {
    name,
    method: view.getUint16(next + 10, true),
    crc32: view.getUint32(next + 16, true),
    packedSize,
    size,
    offset,
    encrypted: (view.getUint16(next + 8, true) & 1) === 1,
  };
}

function checkEntries(source: Source, entries: readonly ZipEntry[], directory: number): void {
  const names = new Set<string>();
  for (const { name, size, packedSize, method, offset } of entries) {
    const shown = quotedName(name);
    if (names.has(name)) throw broken(source, directory, 'every entry once', `${shown} twice`);
    names.add(name);
    const most = method === 0 ? packedSize : mostExpansion * packedSize + 64;
    if (size > most || (method === 0 && size !== packedSize)) {
      throw broken(source, offset, `at most ${most} bytes of ${packedSize}`, `${size} for ${shown}`);
    }
  }
  const placed = [...entries].sort((a, b) => a.offset - b.offset);
  placed.forEach(({ offset, packedSize, name }, i) => {
    const limit = placed[i + 1]?.offset ?? directory;
    if (offset + 30 + packedSize > limit) {
      throw broken(source, offset, `entries one after another`, `${quotedName(name)} over the next`);
    }
  });
}

function wide(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 4294967296 + view.getUint32(at, true);
}

function broken(source: Source, offset: number, expected: string, got: string): ModelFormatError {
  return new ModelFormatError(
    `openModel: ${source.name} is a broken zip archive at byte ${offset}; expected ${expected}, got ${got}`,
    { details: { file: source.name, format: 'zip', offset, expected, got } },
  );
}
