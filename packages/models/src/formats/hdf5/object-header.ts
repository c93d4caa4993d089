/** Headers of groups and data sets: lists of messages, in the forms of HDF5 1.0 (version 1) and 1.8 (version 2). */
import { lookup3 } from './checksum.js';
import { Cursor, letters, type Metadata } from './metadata.js';

/** A message: what it is about, and its content. */
export interface HeaderMessage {
  readonly type: number;
  /** Its content is kept elsewhere; what is here says where. */
  readonly shared: boolean;
  readonly bytes: Uint8Array;
}

/** Numbers of the messages that are read. */
export const messageType = {
  dataspace: 1,
  linkInfo: 2,
  datatype: 3,
  link: 6,
  externalFiles: 7,
  layout: 8,
  filters: 11,
  attribute: 12,
  continuation: 16,
  symbolTable: 17,
  attributeInfo: 21,
} as const;

/** Blocks of a header beyond the first. */
const mostBlocks = 4096;
/** Bytes of one block: version 1 has no limit of its own, messages have one of 64 KiB. */
const mostBlockBytes = 16_777_216;

interface Block {
  readonly address: number;
  readonly length: number;
}

/** @throws ModelFormatError for a header that is broken, has a wrong checksum, or goes on for ever */
export async function readObjectHeader(
  metadata: Metadata,
  address: number,
): Promise<readonly HeaderMessage[]> {
  const start = letters((await metadata.at(address, 4)).take(4));
  return start === 'OHDR' ? readVersion2(metadata, address) : readVersion1(metadata, address);
}

/** A content as numbers. */
export function contentOf(metadata: Metadata, message: HeaderMessage): Cursor {
  if (message.shared) throw metadata.unsupported('shares types between its objects');
  return new Cursor(message.bytes, () =>
    metadata.broken(0, `a whole message of type ${message.type}`, `${message.bytes.length} bytes`),
  );
}

async function readVersion1(metadata: Metadata, address: number): Promise<readonly HeaderMessage[]> {
  const prefix = await metadata.at(address, 16);
  const version = prefix.u8();
  if (version !== 1) throw metadata.broken(address, 'the header of an object', `version ${version}`);
  prefix.skip(1);
  const count = prefix.u16();
  prefix.skip(4);
  const messages: HeaderMessage[] = [];
  const blocks: Block[] = [{ address: address + 16, length: prefix.u32() }];
  // Messages of all blocks together are counted, and what is left of a block is none.
  for (let i = 0; i < blocks.length && messages.length < count; i++) {
    const cursor = await openBlock(metadata, blocks, i);
    while (cursor.left >= 8 && messages.length < count) {
      const [type, size, flags] = [cursor.u16(), cursor.u16(), cursor.u8()];
      cursor.skip(3);
      keep(metadata, messages, blocks, { type, shared: (flags & 2) !== 0, bytes: cursor.take(size) });
    }
  }
  if (messages.length < count) {
    throw metadata.broken(address, `${count} messages in a header`, `${messages.length}`);
  }
  return messages;
}

async function readVersion2(metadata: Metadata, address: number): Promise<readonly HeaderMessage[]> {
  const prefix = await metadata.at(address, Math.min(34, metadata.source.size - address));
  prefix.skip(4);
  const [version, flags] = [prefix.u8(), prefix.u8()];
  if (version !== 2) throw metadata.broken(address, 'the header of an object', `version ${version}`);
  prefix.skip(((flags & 0x20) === 0 ? 0 : 16) + ((flags & 0x10) === 0 ? 0 : 4));
  const length = prefix.unsigned(1 << (flags & 3));
  const messages: HeaderMessage[] = [];
  const blocks: Block[] = [{ address, length: prefix.at + length + 4 }];
  for (let i = 0; i < blocks.length; i++) {
    const cursor = await openBlock(metadata, blocks, i);
    verify(metadata, blocks[i], cursor);
    if (i > 0 && letters(cursor.bytes.subarray(0, 4)) !== 'OCHK') {
      throw metadata.broken(blocks[i]?.address ?? 0, 'OCHK', 'other letters');
    }
    cursor.skip(i === 0 ? prefix.at : 4);
    const extra = (flags & 4) === 0 ? 0 : 2;
    // A gap shorter than a message may lie before the checksum.
    while (cursor.left - 4 >= 4 + extra) {
      const [type, size, messageFlags] = [cursor.u8(), cursor.u16(), cursor.u8()];
      cursor.skip(extra);
      if (size > cursor.left - 4) throw metadata.broken(address, 'messages inside a header', 'a longer one');
      keep(metadata, messages, blocks, { type, shared: (messageFlags & 2) !== 0, bytes: cursor.take(size) });
    }
  }
  return messages;
}

async function openBlock(metadata: Metadata, blocks: readonly Block[], index: number): Promise<Cursor> {
  const { address, length } = blocks[index] ?? { address: 0, length: 0 };
  if (index >= mostBlocks || length > mostBlockBytes) {
    throw metadata.broken(address, `a header of at most ${mostBlocks} blocks of 16 MiB`, 'a longer one');
  }
  return metadata.at(address, length);
}

function verify(metadata: Metadata, block: Block | undefined, { bytes }: Cursor): void {
  const end = bytes.length - 4;
  const stored = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (end < 4 || stored.getUint32(end, true) !== lookup3(bytes.subarray(0, end))) {
    throw metadata.broken(block?.address ?? 0, 'metadata with its checksum', 'another one');
  }
}

function keep(metadata: Metadata, messages: HeaderMessage[], blocks: Block[], message: HeaderMessage): void {
  messages.push(message);
  if (message.type !== messageType.continuation) return;
  const cursor = contentOf(metadata, message);
  blocks.push({ address: cursor.u64(), length: cursor.u64() });
}
