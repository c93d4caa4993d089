/** Values of a message's fields. Repeated numbers may stand one by one or packed: readers take both. */
import type { ByteRange, ProtobufFile, WireField } from './protobuf-file.js';

/** Fields by number, each in order. */
export type Fields = ReadonlyMap<number, readonly WireField[]>;

/** Lists of an attribute or a shape; those of tensors are read piece by piece instead. */
const mostListBytes = 1_048_576;

/** The fields of a message by number. */
export async function collect(file: ProtobufFile, range: ByteRange): Promise<Fields> {
  const fields = new Map<number, WireField[]>();
  await file.walk(range, (field) => {
    const before = fields.get(field.number);
    if (before === undefined) fields.set(field.number, [field]);
    else before.push(field);
  });
  return fields;
}

/** Integers of a repeated field, one by one or packed. */
export async function integers(file: ProtobufFile, fields: readonly WireField[] = []): Promise<number[]> {
  const all: number[] = [];
  for (const field of fields) {
    if (field.wireType === 0) all.push(Number(field.value));
    else if (field.wireType === 2) {
      if (field.length > mostListBytes)
        throw file.broken(field.offset, 'a short list', `${field.length} bytes`);
      const bytes = await file.bytes(field);
      let value = 0n;
      let shift = 0n;
      for (const byte of bytes) {
        value |= BigInt(byte & 127) << shift;
        shift += 7n;
        if (shift > 70n) throw file.broken(field.offset, 'integers of 64 bits', 'a longer one');
        if (byte < 128) {
          all.push(Number(BigInt.asIntN(64, value)));
          [value, shift] = [0n, 0n];
        }
      }
      if (shift !== 0n) throw file.broken(field.offset, 'whole integers', 'half of one');
    } else throw file.broken(field.offset, 'integers', `wire type ${field.wireType}`);
  }
  return all;
}

/** 32-bit floats of a repeated field. */
export async function floats(file: ProtobufFile, fields: readonly WireField[] = []): Promise<number[]> {
  const all: number[] = [];
  for (const field of fields) {
    if (
      (field.wireType !== 5 && field.wireType !== 2) ||
      field.length % 4 !== 0 ||
      field.length > mostListBytes
    ) {
      throw file.broken(field.offset, 'floats', `wire type ${field.wireType} of ${field.length} bytes`);
    }
    const bytes = await file.bytes(field);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.byteLength; at += 4) all.push(view.getFloat32(at, true));
  }
  return all;
}

/** A field as message, text or bytes. */
export function message(file: ProtobufFile, field: WireField): ByteRange {
  if (field.wireType === 2) return field;
  throw file.broken(field.offset, `a message in field ${field.number}`, `wire type ${field.wireType}`);
}

/** The last text of a field; empty without one. */
export async function text(file: ProtobufFile, fields: readonly WireField[] | undefined): Promise<string> {
  const field = fields?.at(-1);
  return field === undefined ? '' : file.text(message(file, field));
}

/** Every text of a field. */
export async function texts(
  file: ProtobufFile,
  fields: readonly WireField[] = [],
): Promise<readonly string[]> {
  const all: string[] = [];
  for (const field of fields) all.push(await file.text(message(file, field)));
  return all;
}
