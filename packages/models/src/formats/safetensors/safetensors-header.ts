/**
 * The header of a safetensors file: eight bytes of length, JSON, then the tensors' bytes without gaps (the format's specification,
 * huggingface/safetensors).
 */

import { ModelFormatError } from '../../errors/model-format-error.js';
import { printableName, quotedName } from '../../errors/printable-name.js';
import { UnsupportedModelError } from '../../errors/unsupported-model-error.js';
import { bytesOf, type DType } from '../../model/dtype.js';
import { elementCount } from '../../model/element-count.js';
import type { Source } from '../../source/source.js';
import { isShape } from '../json/is-shape.js';
import { fieldOf, isObject, parseJsonBytes } from '../json/parse-json.js';
import { safetensorsHeaderLength } from '../signatures.js';

/** A tensor's line of the header. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** In the file. */
  readonly offset: number;
  readonly length: number;
}

export interface SafetensorsHeader {
  /** Names of all tensors, those that are not read, too. */
  readonly all: readonly string[];
  /** Tensors of types that are not read, in words. */
  readonly unread: readonly string[];
  /** In the order of their bytes. */
  readonly entries: readonly SafetensorsEntry[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** Longest header that is taken; the reference takes no longer one. */
export const mostHeaderBytes = 100_000_000;

const dtypes: Readonly<Record<string, DType>> = {
  F64: 'f64',
  F32: 'f32',
  F16: 'f16',
  BF16: 'bf16',
  F8_E4M3: 'f8e4m3',
  F8_E5M2: 'f8e5m2',
  I64: 'i64',
  I32: 'i32',
  I16: 'i16',
  I8: 'i8',
  U64: 'u64',
  U32: 'u32',
  U16: 'u16',
  U8: 'u8',
  BOOL: 'bool',
};

/** The format's name of a type. */
export const safetensorsDTypes = new Map(Object.entries(dtypes).map(([name, dtype]) => [dtype, name]));

/**
 * @throws ModelFormatError for a header that is cut off, too long, no JSON, or names a tensor twice; for offsets out of range,
 * overlapping, or with gaps; for a shape that needs another number of bytes
 * @throws UnsupportedModelError when there are tensors and all are of types that are not read
 */
export async function readSafetensorsHeader(source: Source): Promise<SafetensorsHeader> {
  const length = safetensorsHeaderLength(await source.read(0, 8));
  if (length > mostHeaderBytes || length + 8 > source.size) {
    throw wrong(
      source,
      0,
      `a header of at most ${Math.min(mostHeaderBytes, source.size - 8)} bytes`,
      `${length}`,
    );
  }
  const json = parseJsonBytes(await source.read(8, length), source.name);
  if (!isObject(json)) throw wrong(source, 8, 'an object of tensors', 'other JSON');
  const start = 8 + length;
  const entries = Object.entries(json)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readEntry(source, name, value, start));
  // Of equal offsets the empty tensor comes first, else it would lie inside the other.
  entries.sort((a, b) => a.offset - b.offset || a.length - b.length);
  let expected = start;
  for (const { name, offset, length: bytes } of entries) {
    if (offset !== expected) {
      const what = offset < expected ? 'overlaps the one before' : 'leaves a gap before it';
      throw wrong(
        source,
        offset,
        `tensors without gaps from byte ${expected}`,
        `${quotedName(name)}, which ${what}`,
      );
    }
    expected = offset + bytes;
  }
  if (expected !== source.size) {
    throw wrong(
      source,
      expected,
      'the end of the file behind the last tensor',
      `${source.size - expected} more bytes`,
    );
  }
  const read = entries.filter((entry): entry is AnyEntry & SafetensorsEntry => entry.dtype !== null);
  const others = entries.filter(({ dtype }) => dtype === null);
  const [first] = others;
  if (read.length === 0 && first !== undefined) {
    throw new UnsupportedModelError(
      `openModel: the tensor ${quotedName(first.name)} in ${source.name} is of type ${first.type}; expected one of ${Object.keys(dtypes).join(', ')}`,
      { details: { file: source.name, tensor: printableName(first.name), got: first.type } },
    );
  }
  const unread = others.map(
    ({ name, type }) => `the tensor ${quotedName(name)} is of type ${type}, which is not read`,
  );
  const all = entries.map(({ name }) => name);
  return { entries: read, all, unread, metadata: readMetadata(json['__metadata__']) };
}

/** `dtype` is `null` for a type that is not read; its bytes count as those of any other tensor. */
type AnyEntry = Omit<SafetensorsEntry, 'dtype'> & { readonly dtype: DType | null; readonly type: string };

function readEntry(source: Source, name: string, value: unknown, start: number): AnyEntry {
  const type = fieldOf(value, 'dtype');
  const shape = fieldOf(value, 'shape');
  const offsets = fieldOf(value, 'data_offsets');
  if (typeof type !== 'string' || !isShape(shape) || !isShape(offsets) || offsets.length !== 2) {
    throw wrong(
      source,
      8,
      `dtype, shape and data_offsets of ${quotedName(name)}`,
      JSON.stringify(value).slice(0, 120),
    );
  }
  const dtype = Object.hasOwn(dtypes, type) ? (dtypes[type] ?? null) : null;
  const [from = 0, to = 0] = offsets;
  const bytes = dtype === null ? to - from : elementCount(shape) * bytesOf[dtype];
  if (to < from || start + to > source.size) {
    throw wrong(source, start + from, `bytes inside the file for ${quotedName(name)}`, `${from} to ${to}`);
  }
  if (to - from !== bytes) {
    throw wrong(
      source,
      start + from,
      `${bytes} bytes for ${quotedName(name)} of [${shape.slice(0, 8).join(', ')}]`,
      `${to - from}`,
    );
  }
  return {
    name,
    dtype,
    type: printableName(type.slice(0, 20)),
    shape,
    offset: start + from,
    length: to - from,
  };
}

function readMetadata(value: unknown): ReadonlyMap<string, string> {
  const pairs = isObject(value) ? Object.entries(value) : [];
  return new Map(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

function wrong(source: Source, offset: number, expected: string, got: string): ModelFormatError {
  return new ModelFormatError(
    `openModel: ${source.name} is no sound safetensors file at byte ${offset}; expected ${expected}, got ${got}`,
    { details: { file: source.name, format: 'safetensors', offset, expected, got } },
  );
}
