/** Types of numbers in files, and how their bytes become floats. */

/** `bf16`: the upper half of an f32. `f8e4m3` has no infinities, `f8e5m2` has. A `bool` is a byte. */
export type DType =
  | 'f64'
  | 'f32'
  | 'f16'
  | 'bf16'
  | 'f8e4m3'
  | 'f8e5m2'
  | 'i64'
  | 'i32'
  | 'i16'
  | 'i8'
  | 'u64'
  | 'u32'
  | 'u16'
  | 'u8'
  | 'bool';

/** Bytes of one number. */
export const bytesOf: Readonly<Record<DType, number>> = {
  f64: 8,
  f32: 4,
  f16: 2,
  bf16: 2,
  f8e4m3: 1,
  f8e5m2: 1,
  i64: 8,
  i32: 4,
  i16: 2,
  i8: 1,
  u64: 8,
  u32: 4,
  u16: 2,
  u8: 1,
  bool: 1,
};

/** Floats that hold every number of a type: f64 for f64 and integers of 32 or 64 bits (those beyond 2⁵³ are rounded), else f32. */
export type Floats = Float32Array | Float64Array;

/** Whether numbers of this type are decoded to f64. */
export function needsDouble(dtype: DType): boolean {
  return dtype === 'f64' || dtype === 'i64' || dtype === 'u64' || dtype === 'i32' || dtype === 'u32';
}
