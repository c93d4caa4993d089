/** What the values of an attribute or a data set are, and how many. */
import type { DType } from '../../model/dtype.js';
import type { Cursor } from './metadata.js';

/** Types of values that are told apart. */
export type ValueType =
  | { readonly kind: 'number'; readonly dtype: DType; readonly size: number }
  | { readonly kind: 'text'; readonly size: number }
  /** Text of any length in a global heap. */
  | { readonly kind: 'heap-text'; readonly size: number }
  /** Anything else, in words. */
  | { readonly kind: 'other'; readonly what: string; readonly size: number };

const integers: Readonly<Record<string, DType>> = {
  '1 true': 'i8',
  '2 true': 'i16',
  '4 true': 'i32',
  '8 true': 'i64',
  '1 false': 'u8',
  '2 false': 'u16',
  '4 false': 'u32',
  '8 false': 'u64',
};

/** Size, first bit, bits, place and bits of exponent and fraction, bias. */
const floats: Readonly<Record<string, DType>> = {
  '8 0 64 52 11 0 52 1023': 'f64',
  '4 0 32 23 8 0 23 127': 'f32',
  '2 0 16 10 5 0 10 15': 'f16',
  '2 0 16 7 8 0 7 127': 'bf16',
};

/** Reads a datatype message, of which all versions have the same fields in the classes that are known here. */
export function readValueType(cursor: Cursor): ValueType {
  const head = cursor.u8();
  const bits = cursor.u8() | (cursor.u8() << 8) | (cursor.u8() << 16);
  const size = cursor.u32();
  const other = (what: string): ValueType => ({ kind: 'other', what, size });
  switch (head & 15) {
    case 0:
      return readInteger(cursor, bits, size);
    case 1: {
      const fields = [cursor.u16(), cursor.u16(), ...cursor.take(4), cursor.u32()];
      const dtype = floats[[size, ...fields].join(' ')];
      if ((bits & 0x41) !== 0) return other('big-endian floats');
      // The sign is the highest bit, the leading one of the fraction is implied.
      const usual = ((bits >> 4) & 3) === 2 && ((bits >> 8) & 255) === 8 * size - 1;
      return dtype === undefined || !usual ? other('unusual floats') : { kind: 'number', dtype, size };
    }
    case 3:
      return { kind: 'text', size };
    case 8: {
      // NumPy's booleans are an enumeration of two values of one byte. Its base is an integer: anything else could nest endlessly.
      const baseHead = cursor.u8();
      const baseBits = cursor.u8() | (cursor.u8() << 8) | (cursor.u8() << 16);
      const baseSize = cursor.u32();
      if ((baseHead & 15) !== 0 || baseSize !== size)
        return other('an enumeration of other values than integers');
      return readInteger(cursor, baseBits, baseSize);
    }
    case 9:
      return (bits & 15) === 1 ? { kind: 'heap-text', size } : other('lists of any length');
    default:
      return other(`values of HDF5 class ${head & 15}`);
  }
}

function readInteger(cursor: Cursor, bits: number, size: number): ValueType {
  const [first, precision] = [cursor.u16(), cursor.u16()];
  const dtype = integers[`${size} ${(bits & 8) !== 0}`];
  if ((bits & 1) !== 0) return { kind: 'other', what: 'big-endian integers', size };
  if (dtype === undefined || first !== 0 || precision !== 8 * size) {
    return { kind: 'other', what: 'unusual integers', size };
  }
  return { kind: 'number', dtype, size };
}

/** Sizes along the axes; empty for a single value, `null` for no value at all. */
export function readExtents(cursor: Cursor): readonly number[] | null {
  const [version, rank, , kind] = [cursor.u8(), cursor.u8(), cursor.u8(), cursor.u8()];
  if (version === 1) cursor.skip(4);
  else if (version !== 2) return null;
  else if (kind === 2) return null;
  return Array.from({ length: rank }, () => cursor.u64());
}
