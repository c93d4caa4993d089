/**
 * Protocol-buffer messages in a file, walked field by field without loading what is not asked for. A field's length is read, its
 * content stays where it is; the varints themselves are read by the library.
 */
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { ModelFormatError } from '../../errors/model-format-error.js';
import type { Source } from '../../source/source.js';

/** Part of a file. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** A field of a message: its number, and where its content lies. */
export interface WireField extends ByteRange {
  readonly number: number;
  /** 0 a varint, 1 eight bytes, 2 with a length (message, text, bytes, packed numbers), 5 four bytes. */
  readonly wireType: 0 | 1 | 2 | 5;
  /** Of a varint, as a signed 64-bit integer; 0n otherwise. */
  readonly value: bigint;
}

/** A tag of five bytes and a length or value of ten. */
const longestHeader = 15;
/** Read at once: many small messages, or the header of a large one. */
const windowBytes = 65_536;
/** Fields in all messages of a file, of which those of one message are held at once. A net of 50,000 nodes has about two million. */
const mostFields = 2_097_152;
/** Messages that are opened: graphs, nodes, attributes, tensors, each some hundred bytes of memory. That net has 300,000. */
const mostMessages = 524_288;
/** Names of tensors, nodes and operators. */
const mostTextBytes = 65_536;
/** Numbers written one by one are put together in memory, in all tensors of a file. Writers of large tensors use raw bytes. */
const mostGatheredBytes = 268_435_456;

/** A file of messages. Keeps one window of 64 KiB and counts fields, so that a forged file ends. */
export class ProtobufFile {
  readonly source: Source;
  private bytesHeld: Uint8Array = new Uint8Array(0);
  private window = new BinaryReader(this.bytesHeld);
  private windowStart = 0;
  private fields = 0;
  private messages = 0;
  private gathered = 0;

  constructor(source: Source) {
    this.source = source;
  }

  /**
   * Shows every field of a message, in order.
   *
   * @throws ModelFormatError for a tag, varint or length that breaks the wire format or leaves the message
   */
  async walk({ offset, length }: ByteRange, visit: (field: WireField) => void): Promise<void> {
    const end = offset + length;
    this.messages++;
    if (this.messages > mostMessages) {
      throw this.broken(offset, `at most ${mostMessages} messages`, 'more');
    }
    for (let at = offset; at < end; ) {
      await this.lookAt(at, Math.min(longestHeader, end - at));
      const field = this.readField(at, end);
      at = field.offset + field.length;
      this.fields++;
      if (this.fields > mostFields) {
        throw this.broken(at, `at most ${mostFields} fields`, 'more');
      }
      visit(field);
    }
  }

  /** UTF-8 text of at most 64 KiB. */
  async text(range: ByteRange): Promise<string> {
    if (range.length > mostTextBytes) {
      throw this.broken(range.offset, `a name of at most ${mostTextBytes} bytes`, `${range.length}`);
    }
    const bytes = await this.bytes(range);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (cause) {
      throw this.broken(range.offset, 'UTF-8', 'other bytes', cause);
    }
  }

  /** The content of a field; the caller bounds its length. */
  async bytes({ offset, length }: ByteRange): Promise<Uint8Array> {
    if (length > windowBytes) return this.source.read(offset, length);
    await this.lookAt(offset, length);
    const from = offset - this.windowStart;
    return this.bytesHeld.subarray(from, from + length);
  }

  /**
   * Room for numbers that do not lie in one piece.
   *
   * @param offset of the tensor, for the error
   * @throws ModelFormatError when all of them together would take more than 256 MiB
   */
  takeRoom(bytes: number, offset: number): Uint8Array<ArrayBuffer> {
    this.gathered += bytes;
    if (this.gathered <= mostGatheredBytes) return new Uint8Array(bytes);
    throw this.broken(
      offset,
      `at most ${mostGatheredBytes} bytes of numbers written one by one`,
      `${this.gathered} — write raw_data`,
    );
  }

  /** An error at a byte of the file. */
  broken(offset: number, expected: string, got: string, cause?: unknown): ModelFormatError {
    const { name } = this.source;
    return new ModelFormatError(
      `openModel: ${name} is no sound ONNX file at byte ${offset}; expected ${expected}, got ${got}`,
      { details: { file: name, format: 'onnx', offset, expected, got }, cause },
    );
  }

  /** Makes the window hold `length` bytes from `at`. */
  private async lookAt(at: number, length: number): Promise<void> {
    const held = this.windowStart + this.window.len;
    if (at >= this.windowStart && at + length <= held) return;
    const most = Math.max(0, Math.min(windowBytes, this.source.size - at));
    this.bytesHeld = await this.source.read(at, Math.max(length, most));
    this.window = new BinaryReader(this.bytesHeld);
    this.windowStart = at;
  }

  private readField(at: number, end: number): WireField {
    this.window.pos = at - this.windowStart;
    const field = readHeader(this.window);
    if (field === null) throw this.broken(at, 'a field of a message', 'other bytes');
    const offset = this.windowStart + field.offset;
    if (offset + field.length > end) {
      throw this.broken(at, `a field that ends by byte ${end}`, `one of ${field.length} bytes`);
    }
    return { ...field, offset };
  }
}

/** The field at a place in memory, whose content may end behind it; `null` if there is none. */
export function wireFieldAt(bytes: Uint8Array, at: number): WireField | null {
  const reader = new BinaryReader(bytes);
  reader.pos = at;
  return readHeader(reader);
}

/** Tag, value of a varint, length; groups, which ONNX does not have, count as broken. */
function readHeader(reader: BinaryReader): WireField | null {
  try {
    const [number, wireType] = reader.tag();
    if (wireType !== 0 && wireType !== 1 && wireType !== 2 && wireType !== 5) return null;
    const value = wireType === 0 ? BigInt(reader.int64()) : 0n;
    const length = wireType === 2 ? Number(reader.uint64()) : [0, 8, 0, 0, 0, 4][wireType];
    return { number, wireType, value, offset: reader.pos, length: length ?? 0 };
  } catch {
    // The library says only that the bytes end or a varint does not.
    return null;
  }
}
