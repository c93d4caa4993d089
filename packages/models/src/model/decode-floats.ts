/** Bytes of a file to floats. */
import { bytesOf, type DType, type Floats, needsDouble } from './dtype.js';
import type { Quantization } from './model-tensor.js';

/** 2^(i − 24) for i = 0 … 31, exact. */
const powersFromMinus24 = Float64Array.from({ length: 32 }, (_, i) =>
  i < 24 ? 1 / (1 << (24 - i)) : 1 << (i - 24),
);

/**
 * Numbers of little-endian bytes; exact but for integers beyond 2⁵³, which are rounded to nearest. What is left of the bytes
 * behind the last whole number is ignored.
 *
 * @param bytes any alignment; the result never shares their memory
 */
export function decodeFloats(dtype: DType, bytes: Uint8Array): Floats {
  const count = Math.floor(bytes.byteLength / bytesOf[dtype]);
  if (dtype === 'f32') return new Float32Array(copyOf(bytes, 4 * count));
  if (dtype === 'f64') return new Float64Array(copyOf(bytes, 8 * count));
  const floats = needsDouble(dtype) ? new Float64Array(count) : new Float32Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readers[dtype];
  for (let i = 0; i < count; i++) floats[i] = read(view, i);
  return floats;
}

/**
 * Dequantized numbers: scale · q + min computed in f64 and rounded once to f32, as TensorFlow.js does; rounded to an integer
 * where integers were quantized.
 *
 * @param dtype what the numbers stand for
 */
export function decodeQuantized(dtype: DType, quantization: Quantization, bytes: Uint8Array): Floats {
  const stored = decodeFloats(quantization.dtype, bytes);
  const { scale, min } = quantization;
  const floats = needsDouble(dtype) ? new Float64Array(stored.length) : new Float32Array(stored.length);
  // Nothing to compute, which would make 0 of −0: float16 quantization is a narrower type.
  if (scale === 1 && min === 0) {
    floats.set(stored);
    return floats;
  }
  const isInteger = /^[iu]/.test(dtype);
  for (let i = 0; i < stored.length; i++) {
    const value = (stored[i] ?? 0) * scale + min;
    floats[i] = isInteger ? Math.round(value) : value;
  }
  return floats;
}

const readers: Readonly<Record<Exclude<DType, 'f32' | 'f64'>, (view: DataView, index: number) => number>> = {
  f16: (view, i) => halfFloat(view.getUint16(2 * i, true)),
  bf16: (view, i) => brainFloat(view.getUint16(2 * i, true)),
  f8e4m3: (view, i) => float8E4M3(view.getUint8(i)),
  // The same exponents as f16, two of its ten fraction bits.
  f8e5m2: (view, i) => halfFloat(view.getUint8(i) << 8),
  i64: (view, i) => view.getInt32(8 * i + 4, true) * 4294967296 + view.getUint32(8 * i, true),
  u64: (view, i) => view.getUint32(8 * i + 4, true) * 4294967296 + view.getUint32(8 * i, true),
  i32: (view, i) => view.getInt32(4 * i, true),
  u32: (view, i) => view.getUint32(4 * i, true),
  i16: (view, i) => view.getInt16(2 * i, true),
  u16: (view, i) => view.getUint16(2 * i, true),
  i8: (view, i) => view.getInt8(i),
  u8: (view, i) => view.getUint8(i),
  bool: (view, i) => (view.getUint8(i) === 0 ? 0 : 1),
};

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const sign = bits >= 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * (powersFromMinus24[0] ?? 0);
  return sign * (1024 + fraction) * (powersFromMinus24[exponent - 1] ?? 0);
}

const word = new DataView(new ArrayBuffer(4));

function brainFloat(bits: number): number {
  word.setUint32(0, bits * 65536);
  return word.getFloat32(0);
}

/** OCP 8-bit float E4M3: bias 7, no infinities, NaN is all ones. */
function float8E4M3(bits: number): number {
  const sign = bits >= 128 ? -1 : 1;
  const exponent = (bits >> 3) & 15;
  const fraction = bits & 7;
  if (exponent === 15 && fraction === 7) return Number.NaN;
  // 2^−9 is entry 15 of the powers from 2^−24.
  if (exponent === 0) return sign * fraction * (powersFromMinus24[15] ?? 0);
  return sign * (8 + fraction) * (powersFromMinus24[14 + exponent] ?? 0);
}

function copyOf(bytes: Uint8Array, length: number): ArrayBuffer {
  const copy = new Uint8Array(length);
  copy.set(bytes.subarray(0, length));
  return copy.buffer;
}
