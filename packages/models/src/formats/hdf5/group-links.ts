/** Links of an HDF5 group: in a tree of symbol tables (all versions, h5py's default) or as messages of its header (from 1.8). */
import { quotedName } from '../../errors/printable-name.js';
import { type Cursor, letters, type Metadata } from './metadata.js';
import { contentOf, type HeaderMessage, messageType } from './object-header.js';

/** Most links of a group. */
const mostLinks = 100_000;
/** Levels of a tree: each is at least twice as wide as the one above. */
const mostLevels = 16;

/**
 * Names and addresses of the objects in a group, in the order of the file.
 *
 * @returns `null` if the header is none of a group
 * @throws UnsupportedModelError for links to other places or files, and for links in a heap
 * @throws ModelFormatError for a name that stands twice, or a broken tree
 */
export async function readGroupLinks(
  metadata: Metadata,
  messages: readonly HeaderMessage[],
): Promise<ReadonlyMap<string, number> | null> {
  const table = messages.find(({ type }) => type === messageType.symbolTable);
  const info = messages.find(({ type }) => type === messageType.linkInfo);
  const links = new Map<string, number>();
  const add = (name: string, address: number) => {
    if (links.has(name)) throw metadata.broken(address, 'every name once', `${quotedName(name)} twice`);
    if (links.size >= mostLinks) throw metadata.broken(address, `at most ${mostLinks} links`, 'more');
    links.set(name, address);
  };
  if (table !== undefined) {
    const cursor = contentOf(metadata, table);
    const [tree, heap] = [cursor.u64(), cursor.u64()];
    const names = await readLocalHeap(metadata, heap);
    await readTree(metadata, tree, names, add, mostLevels);
    return links;
  }
  const inHeader = messages.filter(({ type }) => type === messageType.link);
  if (info === undefined && inHeader.length === 0) return null;
  if (info !== undefined) refuseDense(metadata, contentOf(metadata, info));
  for (const message of inHeader) readLink(metadata, contentOf(metadata, message), add);
  return links;
}

type Add = (name: string, address: number) => void;

async function readLocalHeap(metadata: Metadata, address: number): Promise<Cursor> {
  const head = await metadata.signed(address, 'HEAP', 32);
  head.skip(4);
  const size = head.u64();
  head.skip(8);
  return metadata.at(head.u64(), size);
}

/** @param below levels that may lie below; a child's is one less than its parent's, so no tree leads back into itself */
async function readTree(
  metadata: Metadata,
  address: number,
  names: Cursor,
  add: Add,
  below: number,
): Promise<void> {
  const head = await metadata.signed(address, 'TREE', 24);
  const [kind, level, entries] = [head.u8(), head.u8(), head.u16()];
  if (kind !== 0 || level >= below)
    throw metadata.broken(address, 'a tree of links', `kind ${kind}, level ${level}`);
  const cursor = await metadata.at(address + 24, 16 * entries);
  for (let i = 0; i < entries; i++) {
    cursor.skip(8);
    const child = cursor.u64();
    if (level > 0) await readTree(metadata, child, names, add, level);
    else await readSymbols(metadata, child, names, add);
  }
}

async function readSymbols(metadata: Metadata, address: number, names: Cursor, add: Add): Promise<void> {
  const head = await metadata.signed(address, 'SNOD', 8);
  head.skip(2);
  const count = head.u16();
  const cursor = await metadata.at(address + 8, 40 * count);
  for (let i = 0; i < count; i++) {
    const [name, object, cache] = [cursor.u64(), cursor.u64(), cursor.u32()];
    cursor.skip(20);
    const from = names.bytes.subarray(Math.min(name, names.bytes.length));
    const end = from.indexOf(0);
    if (end < 1) throw metadata.broken(address, 'a name in the heap', 'none');
    if (cache === 2) throw softLink(metadata, letters(from.subarray(0, Math.min(end, 60))));
    add(new TextDecoder().decode(from.subarray(0, end)), object);
  }
}

function readLink(metadata: Metadata, cursor: Cursor, add: Add): void {
  const [version, flags] = [cursor.u8(), cursor.u8()];
  if (version !== 1) throw metadata.broken(0, 'a link', `version ${version}`);
  const kind = (flags & 8) === 0 ? 0 : cursor.u8();
  cursor.skip(((flags & 4) === 0 ? 0 : 8) + ((flags & 16) === 0 ? 0 : 1));
  const name = new TextDecoder().decode(cursor.take(cursor.unsigned(1 << (flags & 3))));
  if (kind !== 0) throw softLink(metadata, name);
  add(name, cursor.u64());
}

function refuseDense(metadata: Metadata, cursor: Cursor): void {
  cursor.skip(1);
  const flags = cursor.u8();
  cursor.skip((flags & 1) === 0 ? 0 : 8);
  if (cursor.u64() < metadata.source.size)
    throw metadata.unsupported('keeps the links of a group in a heap of their own');
}

function softLink(metadata: Metadata, name: string) {
  return metadata.unsupported(`has a link to another place or file (${quotedName(name)})`);
}
