import { gzipSync } from 'node:zlib';
import { InvalidArgumentError } from '@kindling/core';
import { describe, expect, it } from 'vitest';
import { DataFormatError, gunzip, isGzip } from '../src/data/index.js';
import { rejection, seededBytes } from './data-fixtures.js';

function noise(length: number, seed = 7): Uint8Array {
  return Uint8Array.from({ length }, seededBytes(seed));
}

function gz(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

async function refusal(bytes: Uint8Array, maxBytes?: number): Promise<DataFormatError> {
  const error = await rejection(gunzip(bytes, 'some.gz', maxBytes === undefined ? {} : { maxBytes }));
  if (error instanceof DataFormatError) return error;
  throw error;
}

describe('gunzip', () => {
  it('gives back what was compressed, at sizes about its slices of 64 KiB', async () => {
    for (const length of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
      const bytes = noise(length);
      expect(Buffer.compare(await gunzip(gz(bytes), 'f'), bytes)).toBe(0);
    }
  });

  it('reads a view into a larger buffer, and shared memory', async () => {
    const bytes = noise(1000);
    const packed = gz(bytes);
    const larger = joined(Uint8Array.of(1, 2, 3), packed, Uint8Array.of(4, 5)).subarray(3, 3 + packed.length);
    expect(await gunzip(larger, 'f')).toEqual(bytes);
    const shared = new Uint8Array(new SharedArrayBuffer(packed.length));
    shared.set(packed);
    expect(await gunzip(shared, 'f')).toEqual(bytes);
  });

  it('refuses a file cut anywhere, naming it', async () => {
    const packed = gz(noise(400));
    for (let length = 2; length < packed.length; length += 1) {
      const error = await refusal(packed.subarray(0, length));
      expect(error.message).toMatch(/^gunzip: some\.gz is truncated or damaged; .+ — download it again$/);
      expect(error.details).toMatchObject({ file: 'some.gz' });
    }
  });

  it('refuses a damaged checksum and damaged data, with the engine’s error as the cause', async () => {
    for (const at of [-6, -2]) {
      const packed = gz(noise(200_000));
      const index = packed.length + at;
      packed[index] = (packed[index] ?? 0) ^ 0xff;
      expect((await refusal(packed)).cause).toBeInstanceOf(Error);
    }
  });

  it('refuses anything behind the end: text, zeros, a second member', async () => {
    const packed = gz(noise(1000));
    for (const tail of [new TextEncoder().encode('tail'), new Uint8Array(30), packed, gz(noise(5, 3))]) {
      // Engines differ in whether they notice a tail themselves, so either message may come.
      expect((await refusal(joined(packed, tail))).message).toMatch(
        /bytes after its end|truncated or damaged/,
      );
    }
  });

  it('refuses what is not gzip at all', async () => {
    expect((await refusal(new Uint8Array(0))).message).toContain('not a gzip file');
    expect((await refusal(noise(50))).message).toContain('not a gzip file');
    expect(isGzip(noise(50))).toBe(false);
    expect(isGzip(gz(noise(50)))).toBe(true);
  });

  it('stops at the limit given, and takes what is exactly as long', async () => {
    const packed = gz(new Uint8Array(100_000));
    expect(await gunzip(packed, 'f', { maxBytes: 100_000 })).toHaveLength(100_000);
    const error = await refusal(packed, 99_999);
    expect(error.message).toContain('unpacks to too much; expected at most 99999 bytes');
    expect(await rejection(gunzip(packed, 'f', { maxBytes: Number.NaN }))).toBeInstanceOf(
      InvalidArgumentError,
    );
  });

  it('stops at 256 MiB without being told to', async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(256 * 1024 * 1024 + 1), { level: 1 }));
    expect(bomb.length).toBeLessThan(2_000_000);
    expect((await refusal(bomb)).message).toContain('at most 268435456 bytes');
  });
});
