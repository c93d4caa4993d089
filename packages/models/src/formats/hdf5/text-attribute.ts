/** Attributes that hold text: names of layers and weights, a model's configuration. */
import { printableName, quotedName } from '../../errors/printable-name.js';
import { Cursor, type HeapEntry, type Metadata } from './metadata.js';
import { contentOf, type HeaderMessage, messageType } from './object-header.js';
import { readExtents, readValueType, type ValueType } from './value-type.js';

/** Texts of one attribute: the names of the weights of a layer. */
const mostTexts = 65_536;
/** Bytes of one text: a configuration of ten thousand layers. */
const mostTextBytes = 67_108_864;

/** An attribute, its values not yet read. */
export interface Attribute {
  readonly name: string;
  readonly type: ValueType;
  /** Number of values. */
  readonly count: number;
  readonly content: Uint8Array;
}

/**
 * The attributes of an object by name.
 *
 * @throws ModelFormatError for a broken attribute
 * @throws UnsupportedModelError for attributes in a heap
 */
export function readAttributes(
  metadata: Metadata,
  messages: readonly HeaderMessage[],
): ReadonlyMap<string, Attribute> {
  const info = messages.find(({ type }) => type === messageType.attributeInfo);
  if (info !== undefined) refuseDense(metadata, contentOf(metadata, info));
  const attributes = new Map<string, Attribute>();
  for (const message of messages.filter(({ type }) => type === messageType.attribute)) {
    const attribute = readAttribute(metadata, message);
    if (attributes.has(attribute.name)) {
      throw metadata.broken(0, 'every attribute once', `${quotedName(attribute.name)} twice`);
    }
    attributes.set(attribute.name, attribute);
  }
  return attributes;
}

/**
 * The texts of an attribute, which may be cut into `name0`, `name1`, …, as Keras does when a header has no room for it.
 *
 * @returns `null` where there is no such attribute, or it holds no text
 * @throws ModelFormatError for text that is not there
 */
export async function attributeTexts(
  metadata: Metadata,
  attributes: ReadonlyMap<string, Attribute>,
  name: string,
): Promise<readonly string[] | null> {
  const whole = attributes.get(name);
  if (whole !== undefined) return textsOf(metadata, whole);
  const texts: string[] = [];
  for (let i = 0; ; i++) {
    const part = attributes.get(`${name}${i}`);
    const found = part === undefined ? null : await textsOf(metadata, part);
    if (found === null) return i === 0 ? null : texts;
    for (const text of found) texts.push(text);
  }
}

async function textsOf(metadata: Metadata, attribute: Attribute): Promise<readonly string[] | null> {
  const { name, type, count } = attribute;
  if (count > mostTexts)
    throw metadata.broken(0, `at most ${mostTexts} texts in ${printableName(name)}`, `${count}`);
  const content = pieceOf(metadata, attribute.content);
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    if (type.kind === 'text') texts.push(decode(metadata, content.take(type.size)));
    else if (type.kind === 'heap-text') texts.push(await heapText(metadata, content));
    else return null;
  }
  return texts;
}

function pieceOf(metadata: Metadata, bytes: Uint8Array = new Uint8Array(0)): Cursor {
  return new Cursor(bytes, () => metadata.broken(0, 'a whole attribute', 'the end of a part'));
}

function readAttribute(metadata: Metadata, message: HeaderMessage): Attribute {
  const cursor = contentOf(metadata, message);
  const [version, flags] = [cursor.u8(), cursor.u8()];
  if (version < 1 || version > 3) throw metadata.broken(0, 'an attribute', `version ${version}`);
  if (version > 1 && (flags & 3) !== 0) throw metadata.unsupported('shares types between its attributes');
  const sizes = [cursor.u16(), cursor.u16(), cursor.u16()];
  if (version === 3) cursor.skip(1);
  const [name, type, extents] = sizes.map((size) => {
    const bytes = cursor.take(size);
    // The first version fills every part up to eight bytes.
    if (version === 1) cursor.skip((8 - (size % 8)) % 8);
    return bytes;
  });
  const shape = readExtents(pieceOf(metadata, extents));
  return {
    name: decode(metadata, name ?? new Uint8Array(0)),
    type: readValueType(pieceOf(metadata, type)),
    count: shape === null ? 0 : shape.reduce((product, extent) => product * extent, 1),
    content: cursor.take(cursor.left),
  };
}

/** Attributes that do not fit the header lie in a heap, which newer versions of the library write. */
function refuseDense(metadata: Metadata, cursor: Cursor): void {
  cursor.skip(1);
  const flags = cursor.u8();
  cursor.skip((flags & 1) === 0 ? 0 : 2);
  if (cursor.u64() < metadata.source.size)
    throw metadata.unsupported('keeps attributes in a heap of their own');
}

/** One text of a global heap: its length, the heap's address, its number there. */
async function heapText(metadata: Metadata, cursor: Cursor): Promise<string> {
  const [length, address, wanted] = [cursor.u32(), cursor.u64(), cursor.u32()];
  if (length === 0) return '';
  if (length > mostTextBytes)
    throw metadata.broken(address, `a text of at most ${mostTextBytes} bytes`, `${length}`);
  const entry = (await readHeap(metadata, address)).get(wanted);
  if (entry === undefined || entry.size < length) {
    throw metadata.broken(
      address,
      `${length} bytes of text ${wanted} in a global heap`,
      `${entry?.size ?? 'none'}`,
    );
  }
  return decode(metadata, (await metadata.at(entry.address, length)).take(length));
}

async function readHeap(metadata: Metadata, address: number): Promise<ReadonlyMap<number, HeapEntry>> {
  const before = metadata.heaps.get(address);
  if (before !== undefined) return before;
  const head = await metadata.signed(address, 'GCOL', 16);
  head.skip(4);
  const end = address + head.u64();
  const entries = new Map<number, HeapEntry>();
  for (let at = address + 16; at + 16 <= end; ) {
    const entry = await metadata.at(at, 16);
    const index = entry.u16();
    entry.skip(6);
    const size = entry.u64();
    // What is free stands last, as entry 0.
    if (index === 0) break;
    entries.set(index, { address: at + 16, size });
    at += 16 + 8 * Math.ceil(size / 8);
  }
  metadata.heaps.set(address, entries);
  return entries;
}

/** UTF-8 up to the first zero. */
function decode(metadata: Metadata, bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(end < 0 ? bytes : bytes.subarray(0, end));
  } catch {
    throw metadata.broken(0, 'text in UTF-8', 'other bytes');
  }
}
