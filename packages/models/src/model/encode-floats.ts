/** Floats to the bytes of a file. */
import { InvalidArgumentError } from '@kindling/core';
import type { DType, Floats } from './dtype.js';

/** Types that floats can be written as. */
export type FloatDType = Extract<DType, 'f64' | 'f32' | 'f16' | 'bf16'>;

/**
 * Little-endian bytes; narrower types are rounded to nearest, halves to even, beyond their range to infinity.
 *
 * @throws InvalidArgumentError for a type that is no float of 16 bits or more
 */
export function encodeFloats(dtype: DType, values: Floats): Uint8Array {
  switch (dtype) {
    case 'f64':
      return bytesOfArray(values instanceof Float64Array ? values : Float64Array.from(values));
    case 'f32':
      return bytesOfArray(values instanceof Float32Array ? values : Float32Array.from(values));
    case 'f16':
      return bytesOfArray(Uint16Array.from(values, halfBits));
    case 'bf16':
      return bytesOfArray(Uint16Array.from(values, brainBits));
    default:
      throw new InvalidArgumentError(`encodeFloats: the type is ${dtype}; expected f64, f32, f16 or bf16`);
  }
}

function bytesOfArray(array: Float32Array | Float64Array | Uint16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice();
}

const word = new DataView(new ArrayBuffer(4));

function brainBits(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  const single = Math.fround(value);
  word.setFloat32(0, single);
  let bits = word.getUint32(0);
  // Rounded to odd: towards zero, with the last bit set. Rounding to nearest twice would make halves of what is a little more.
  if (single !== value) bits = (Math.abs(single) > Math.abs(value) ? bits - 1 : bits) | 1;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  // 65,520 is half way between the largest half and what would be the next.
  if (size >= 65_520) return sign | 0x7c00;
  // The exponent whose numbers are spaced 2^(exponent − 10); below 2^−14 the spacing stays.
  let [exponent, power] = [-14, 1 / 16_384];
  while (2 * power <= size) {
    exponent++;
    power *= 2;
  }
  const steps = roundHalfEven(size / (power / 1024));
  // Steps beyond 2,047 carry into the exponent by themselves; below 1,024 the number is subnormal.
  return steps < 1024 ? sign | steps : sign | (((exponent + 15) << 10) + (steps - 1024));
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest > 0.5 ? floor + 1 : floor;
  return floor % 2 === 0 ? floor : floor + 1;
}
