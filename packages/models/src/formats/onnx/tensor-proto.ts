/** Tensors of an ONNX file: type, shape, and where the numbers are, in one of the format's seven ways of writing them. */
import { quotedName } from '../../errors/printable-name.js';
import type { DType } from '../../model/dtype.js';
import { collect, type Fields, integers, message, text } from './field-values.js';
import type { ByteRange, ProtobufFile, WireField } from './protobuf-file.js';

/** A file beside the model, and a part of it. */
export interface ExternalData {
  /** Relative to the model, as it stands in the file: not yet checked. */
  readonly location: string;
  readonly offset: number;
  /** `null`: to the end of the file. */
  readonly length: number | null;
}

/** Where the numbers are. */
export type TensorContent =
  | {
      /** Little-endian, in one piece or several. */
      readonly kind: 'bytes';
      readonly ranges: readonly ByteRange[];
    }
  | {
      /** As varints, every number in as many bytes as it needs; 16-bit floats as the integer of their bits. */
      readonly kind: 'varints';
      readonly fields: readonly WireField[];
    }
  | { readonly kind: 'external'; readonly data: ExternalData };

export interface TensorProto {
  readonly name: string;
  /** `null` for a type that holds no numbers of whole bytes: text, complex, 4-bit. */
  readonly dtype: DType | null;
  /** The format's number of the type. */
  readonly type: number;
  readonly shape: readonly number[];
  readonly content: TensorContent;
  /** Of the message, for errors. */
  readonly offset: number;
}

/** The format's numbers of types. Kinds of 8-bit floats without the OCP's zero are not read. */
const types: Readonly<Record<number, DType>> = {
  1: 'f32',
  2: 'u8',
  3: 'i8',
  4: 'u16',
  5: 'i16',
  6: 'i32',
  7: 'i64',
  9: 'bool',
  10: 'f16',
  11: 'f64',
  12: 'u32',
  13: 'u64',
  16: 'bf16',
  17: 'f8e4m3',
  19: 'f8e5m2',
};

/** The fields float_data, int32_data, int64_data, double_data and uint64_data, with the types that the format writes into each. */
const typedFields: ReadonlyMap<number, readonly DType[]> = new Map([
  [4, ['f32']],
  [5, ['i32', 'i16', 'i8', 'u16', 'u8', 'bool', 'f16', 'bf16', 'f8e4m3', 'f8e5m2']],
  [7, ['i64']],
  [10, ['f64']],
  [11, ['u64', 'u32']],
]);

/** @throws ModelFormatError for a broken message, or numbers written in two ways at once or in a field of another type's */
export async function readTensorProto(file: ProtobufFile, range: ByteRange): Promise<TensorProto> {
  const fields = await collect(file, range);
  const type = (await integers(file, fields.get(2))).at(-1) ?? 0;
  const dtype = types[type] ?? null;
  return {
    name: await text(file, fields.get(8)),
    type,
    dtype,
    shape: await integers(file, fields.get(1)),
    content: await contentOf(file, fields, dtype, range.offset),
    offset: range.offset,
  };
}

async function contentOf(
  file: ProtobufFile,
  fields: Fields,
  dtype: DType | null,
  offset: number,
): Promise<TensorContent> {
  const location = (await integers(file, fields.get(14))).at(-1) ?? 0;
  const typed = [...typedFields.keys()].filter((number) => fields.has(number));
  const raw = fields.get(9)?.at(-1);
  // An empty raw_data beside external data is written by some.
  const ways = typed.length + (raw !== undefined && raw.length > 0 ? 1 : 0) + (location === 1 ? 1 : 0);
  if (ways > 1) throw file.broken(offset, 'a tensor written in one way', `${ways} ways`);
  if (location === 1) return { kind: 'external', data: await externalData(file, fields, offset) };
  const [number] = typed;
  const found = number === undefined ? undefined : fields.get(number);
  if (number === undefined || found === undefined) {
    return { kind: 'bytes', ranges: raw === undefined ? [] : [message(file, raw)] };
  }
  if (dtype !== null && !typedFields.get(number)?.includes(dtype)) {
    throw file.broken(offset, `numbers of type ${dtype} in the field of their type`, `field ${number}`);
  }
  if (number !== 4 && number !== 10) return { kind: 'varints', fields: found };
  const wireType = number === 4 ? 5 : 1;
  const wrong = found.find((field) => field.wireType !== 2 && field.wireType !== wireType);
  if (wrong !== undefined) throw file.broken(wrong.offset, 'numbers', `wire type ${wrong.wireType}`);
  return { kind: 'bytes', ranges: found };
}

async function externalData(file: ProtobufFile, fields: Fields, offset: number): Promise<ExternalData> {
  const settings = new Map<string, string>();
  for (const field of fields.get(13) ?? []) {
    const entry = await collect(file, message(file, field));
    settings.set(await text(file, entry.get(1)), await text(file, entry.get(2)));
  }
  const location = settings.get('location');
  if (location === undefined) throw file.broken(offset, 'the location of external data', 'none');
  const number = (key: string) => {
    const value = settings.get(key);
    if (value === undefined) return null;
    if (/^\d{1,15}$/.test(value)) return Number(value);
    throw file.broken(offset, `external data with a whole ${key}`, quotedName(value));
  };
  return { location, offset: number('offset') ?? 0, length: number('length') };
}
