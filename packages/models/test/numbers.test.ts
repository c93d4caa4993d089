/** Numbers of every width, decoded and encoded. */
import { encodeFloats, openModel } from '@kindling/models';
import { describe, expect, it } from 'vitest';
import { bytesOfArray, oneFile, safetensorsBytes } from './model-files.js';

async function decode(dtype: string, bytes: Uint8Array, count: number) {
  const header = JSON.stringify({ a: { dtype, shape: [count], data_offsets: [0, bytes.length] } });
  const { tensors } = await openModel(oneFile(safetensorsBytes(header, bytes)));
  return (await tensors[0]?.read()) ?? new Float32Array(0);
}

const everyHalf = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

/** IEEE 754's definition, in powers. */
function half(bits: number, exponentBits: number, fractionBits: number, hasInfinity: boolean): number {
  const sign = bits >> (exponentBits + fractionBits) === 1 ? -1 : 1;
  const exponent = (bits >> fractionBits) & (2 ** exponentBits - 1);
  const fraction = bits & (2 ** fractionBits - 1);
  const bias = 2 ** (exponentBits - 1) - 1;
  if (hasInfinity && exponent === 2 ** exponentBits - 1)
    return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - fractionBits);
  return sign * (1 + fraction * 2 ** -fractionBits) * 2 ** (exponent - bias);
}

describe('decoding', () => {
  it('gives all 65,536 halves their value', async () => {
    const decoded = await decode('F16', bytesOfArray(everyHalf), 65536);
    expect(decoded).toEqual(Float32Array.from(everyHalf, (bits) => half(bits, 5, 10, true)));
  });

  it('gives all 65,536 brain floats their value', async () => {
    const decoded = await decode('BF16', bytesOfArray(everyHalf), 65536);
    expect(decoded).toEqual(Float32Array.from(everyHalf, (bits) => half(bits, 8, 7, true)));
  });

  it('gives all floats of eight bits their value', async () => {
    const every = Uint8Array.from({ length: 256 }, (_, bits) => bits);
    expect(await decode('F8_E5M2', every, 256)).toEqual(
      Float32Array.from(every, (bits) => half(bits, 5, 2, true)),
    );
    const e4m3 = (bits: number) => ((bits & 127) === 127 ? Number.NaN : half(bits, 4, 3, false));
    expect(await decode('F8_E4M3', every, 256)).toEqual(Float32Array.from(every, e4m3));
  });

  it('rounds integers of 64 bits once', async () => {
    const numbers = [-1n, 2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n, 12345678901n];
    const bytes = new Uint8Array(BigInt64Array.from(numbers).buffer);
    expect(await decode('I64', bytes, 5)).toEqual(Float64Array.from(numbers, Number));
    const unsigned = [2n ** 64n - 1n, 2n ** 63n + 1025n];
    expect(await decode('U64', new Uint8Array(BigUint64Array.from(unsigned).buffer), 2)).toEqual(
      Float64Array.from(unsigned, Number),
    );
  });
});

describe('encoding', () => {
  it('gives every half its bits back', () => {
    const numbers = Float32Array.from(everyHalf, (bits) => half(bits, 5, 10, true));
    const bits = new Uint16Array(encodeFloats('f16', numbers).buffer);
    expect([...everyHalf].filter((value) => !Number.isNaN(numbers[value]) && bits[value] !== value)).toEqual(
      [],
    );
  });

  it('gives every brain float its bits back', () => {
    const numbers = Float32Array.from(everyHalf, (bits) => half(bits, 8, 7, true));
    const bits = new Uint16Array(encodeFloats('bf16', numbers).buffer);
    expect([...everyHalf].filter((value) => !Number.isNaN(numbers[value]) && bits[value] !== value)).toEqual(
      [],
    );
  });

  it('rounds doubles once on their way to brain floats', () => {
    const bits = (value: number) => new Uint16Array(encodeFloats('bf16', Float64Array.of(value)).buffer)[0];
    expect(bits(1 + 2 ** -8)).toBe(0x3f80);
    expect(bits(1 + 2 ** -8 + 2 ** -40)).toBe(0x3f81);
    expect(bits(-1 - 2 ** -8 - 2 ** -40)).toBe(0xbf81);
    expect(bits(1 + 3 * 2 ** -8 - 2 ** -40)).toBe(0x3f81);
    expect(bits(3.4e38)).toBe(0x7f80);
    expect(bits(1e300)).toBe(0x7f80);
    expect(bits(-1e-300)).toBe(0x8000);
  });

  it('rounds to nearest, halves to even, and beyond the range to infinity', () => {
    const bits = (dtype: 'f16' | 'bf16', value: number) =>
      new Uint16Array(encodeFloats(dtype, Float64Array.of(value)).buffer)[0];
    expect(bits('f16', 1 + 2 ** -11)).toBe(0x3c00);
    expect(bits('f16', 1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(bits('f16', 1 + 2 ** -11 + 2 ** -30)).toBe(0x3c01);
    expect(bits('f16', 65519)).toBe(0x7bff);
    expect(bits('f16', 65520)).toBe(0x7c00);
    expect(bits('f16', 2 ** -25)).toBe(0);
    expect(bits('f16', 1.0001 * 2 ** -25)).toBe(1);
    expect(bits('bf16', 1 + 2 ** -8)).toBe(0x3f80);
    expect(bits('bf16', 1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(bits('bf16', Number.NaN)).toBe(0x7fc0);
    expect(bits('bf16', 3.4e38)).toBe(0x7f80);
  });

  it('refuses integers', () => {
    expect(() => encodeFloats('i8', Float32Array.of(1))).toThrow('expected f64, f32, f16 or bf16');
  });
});
