/** The header of an npy file (NEP 1; versions 1 to 3): magic, version, length, a Python dictionary of three keys. */
import { ModelFormatError } from '../../errors/model-format-error.js';
import { UnsupportedModelError } from '../../errors/unsupported-model-error.js';
import type { DType } from '../../model/dtype.js';
import { isNpy } from '../signatures.js';

export interface NpyHeader {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** The first axis runs fastest. */
  readonly isFortran: boolean;
  /** Bytes before the numbers. */
  readonly length: number;
}

/** Longest header that is taken; numpy refuses more than 10,000 characters of a file it does not trust. */
export const mostNpyHeaderBytes = 10_012;

const dtypes: Readonly<Record<string, DType>> = {
  f8: 'f64',
  f4: 'f32',
  f2: 'f16',
  i8: 'i64',
  i4: 'i32',
  i2: 'i16',
  i1: 'i8',
  u8: 'u64',
  u4: 'u32',
  u2: 'u16',
  u1: 'u8',
  b1: 'bool',
};

/**
 * @param head the first 10,012 bytes, or all
 * @param name for messages
 * @throws ModelFormatError for another magic, a length beyond the head, a dictionary that is not understood
 * @throws UnsupportedModelError for objects (which are pickles), structures, strings, complex and big-endian numbers
 */
export function readNpyHeader(head: Uint8Array, name: string): NpyHeader {
  if (!isNpy(head) || head.length < 12) throw wrong(name, 0, 'the magic of npy', 'other bytes');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const version = view.getUint8(6);
  if (version < 1 || version > 3) throw wrong(name, 6, 'version 1, 2 or 3', `${version}`);
  const start = version === 1 ? 10 : 12;
  const size = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + size > head.length)
    throw wrong(name, 8, `a header of at most ${head.length - start} bytes`, `${size}`);
  const text = new TextDecoder().decode(head.subarray(start, start + size)).trim();
  const found =
    /^\{\s*'descr':\s*'([^']*)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}$/.exec(
      text,
    );
  if (found === null) {
    if (/'descr':/.test(text) && /'shape':/.test(text) && /'descr':\s*\[/.test(text)) {
      throw unsupported(name, 'structures');
    }
    throw wrong(
      name,
      start,
      'a dictionary of descr, fortran_order and shape',
      JSON.stringify(text.slice(0, 120)),
    );
  }
  const [, descr = '', fortran, list = ''] = found;
  const extents = list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const shape = extents.map(Number);
  if (shape.some((extent) => !Number.isSafeInteger(extent))) {
    throw wrong(name, start, 'extents below 2^53', extents.slice(0, 8).join(', '));
  }
  return { dtype: dtypeOf(name, descr), shape, isFortran: fortran === 'True', length: start + size };
}

function dtypeOf(name: string, descr: string): DType {
  const key = descr.replace(/^[<|=]/, '');
  const dtype = Object.hasOwn(dtypes, key) ? dtypes[key] : undefined;
  if (dtype === undefined) {
    throw unsupported(
      name,
      descr.includes('O') ? 'Python objects, which are pickles' : `numbers of type ${descr.slice(0, 20)}`,
    );
  }
  return dtype;
}

function unsupported(name: string, what: string): UnsupportedModelError {
  return new UnsupportedModelError(
    `openModel: ${name} holds ${what}; expected little-endian floats, integers or booleans`,
    { details: { file: name, format: 'npy', got: what } },
  );
}

function wrong(name: string, offset: number, expected: string, got: string): ModelFormatError {
  return new ModelFormatError(
    `openModel: ${name} is no sound npy file at byte ${offset}; expected ${expected}, got ${got}`,
    { details: { file: name, format: 'npy', offset, expected, got } },
  );
}
