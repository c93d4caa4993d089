import { describe, expect, it } from 'vitest';
import { DataFormatError, type IdxKind, parseIdx } from '../src/data/index.js';
import { idxFile } from './data-fixtures.js';

function refusal(bytes: Uint8Array, kind?: IdxKind): DataFormatError {
  try {
    parseIdx(bytes, 'some-file', kind);
  } catch (error) {
    if (error instanceof DataFormatError) return error;
    throw error;
  }
  throw new Error('expected parseIdx to refuse these bytes, and it took them');
}

const images = idxFile([2, 2, 3], [0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255]);
const labels = idxFile([3], [7, 0, 9]);

describe('parseIdx', () => {
  it('reads images and labels, whichever the caller expects or does not', () => {
    for (const kind of [undefined, 'images'] as const) {
      const { shape, data } = parseIdx(images, 'f', kind);
      expect(shape).toEqual([2, 2, 3]);
      expect([...data]).toEqual([0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255]);
    }
    expect(parseIdx(labels, 'f', 'labels')).toEqual({ shape: [3], data: Uint8Array.of(7, 0, 9) });
  });

  it('reads from the middle of a larger buffer without copying', () => {
    const larger = new Uint8Array(labels.length + 10);
    larger.set(labels, 5);
    const { data } = parseIdx(larger.subarray(5, 5 + labels.length), 'f');
    expect([...data]).toEqual([7, 0, 9]);
    expect(data.buffer).toBe(larger.buffer);
  });

  it('takes an array of nothing: whether that is a data set is not its business', () => {
    expect(parseIdx(idxFile([0, 28, 28], []), 'f').data).toHaveLength(0);
  });

  it('names the file, the remedy and the byte counts of a truncated file, at every length', () => {
    for (let length = 16; length < images.length; length += 1) {
      const error = refusal(images.subarray(0, length), 'images');
      expect(error.code).toBe('data-format');
      expect(error.message).toContain('some-file is truncated; expected 28 bytes for 2 × 2 × 3');
      expect(error.message).toContain(`got ${length} — download or unpack it again`);
      expect(error.details).toMatchObject({ file: 'some-file', expectedBytes: 28, gotBytes: length });
    }
  });

  it('tells a file cut inside its header from one cut in its data', () => {
    for (let length = 4; length < 16; length += 1) {
      expect(refusal(images.subarray(0, length)).message).toContain('truncated inside its header');
    }
    for (let length = 1; length < 4; length += 1) {
      expect(refusal(images.subarray(0, length)).message).toContain('truncated; expected a header');
    }
  });

  it('refuses bytes after the end', () => {
    const longer = new Uint8Array(images.length + 1);
    longer.set(images);
    expect(refusal(longer).message).toContain(
      'has bytes after its end; expected 28 bytes for 2 × 2 × 3, got 29',
    );
  });

  it('tells labels given as images, and images given as labels, by their magic numbers', () => {
    expect(refusal(labels, 'images').message).toContain(
      'holds labels where images should be; expected magic 2051 (images), got 2049 (labels)',
    );
    expect(refusal(images, 'labels').message).toContain(
      'holds images where labels should be; expected magic 2049 (labels), got 2051 (images)',
    );
    expect(refusal(labels, 'images').details).toMatchObject({ expected: 'images', got: 'labels' });
  });

  it('refuses an empty file, a web page, a compressed file, other types and other dimensions, each in its own words', () => {
    const page = new TextEncoder().encode('<!DOCTYPE html><title>403 Forbidden</title>');
    const messages = [
      refusal(new Uint8Array(0)).message,
      refusal(page).message,
      refusal(new TextEncoder().encode('not an idx file at all')).message,
      refusal(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0)).message,
      refusal(Uint8Array.of(0, 0, 0x0d, 3, 0, 0, 0, 0)).message,
      refusal(Uint8Array.of(0, 0, 0x77, 1, 0, 0, 0, 0)).message,
      refusal(idxFile([2, 2], [1, 2, 3, 4])).message,
      refusal(idxFile([], [])).message,
    ];
    const expected = [
      'is empty',
      'looks like a web page',
      'is not an idx file; expected two zero bytes at the start, got 0x6e 0x6f 0x74 0x20',
      'gzip-compressed',
      'holds 32-bit floats',
      'values of an unknown type',
      'has 2 dimensions',
      'has 0 dimensions',
    ];
    messages.forEach((message, index) => {
      expect(message).toContain(expected[index]);
      expect(message).toMatch(/^parseIdx: some-file .+; expected .+ — .+/);
    });
    expect(new Set(messages).size).toBe(messages.length);
  });

  it('refuses sizes whose product is beyond any memory', () => {
    const huge = new Uint8Array(16).fill(0xff);
    huge.set([0, 0, 8, 3]);
    expect(refusal(huge).message).toContain('is truncated');
  });
});
