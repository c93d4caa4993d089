import { describe, expect, it } from 'vitest';
import { Arena, createEngine, InvalidArgumentError, KindlingError, OutOfMemoryError } from '../src/index.js';
import { seededNumbers } from './floats.js';

const page = 65536;

function freshArena(limitBytes?: number): Arena {
  return new Arena(new WebAssembly.Memory({ initial: 1, maximum: 65536 }), 100, limitBytes);
}

describe('Arena.allocate', () => {
  it('gives blocks at multiples of 64 that never overlap and leave room to read past their end', () => {
    const arena = freshArena();
    const next = seededNumbers(1);
    let end = 100;
    for (let i = 0; i < 500; i++) {
      const bytes = Math.floor(300 * next());
      const pointer = arena.allocate(bytes);
      expect(pointer % 64).toBe(0);
      expect(pointer).toBeGreaterThanOrEqual(end);
      // Kernels read up to three floats past the end.
      end = pointer + bytes + 12;
      expect(arena.memory.buffer.byteLength).toBeGreaterThanOrEqual(end);
    }
  });

  it('keeps the contents of what was allocated when the memory grows', () => {
    const arena = freshArena();
    const first = arena.allocateFloats(1000);
    arena.floats(first, 1000).forEach((_, i, view) => {
      view[i] = i;
    });
    const stale = arena.floats(first, 1000);
    arena.allocate(10 * page);
    expect(arena.memory.buffer.byteLength).toBeGreaterThan(10 * page);
    expect([...arena.floats(first, 1000)]).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    // What the module's comment warns of: a view from before the growth is empty.
    expect(stale.length).toBe(0);
  });

  it('counts what is used now and at most', () => {
    const arena = freshArena();
    expect([arena.usedBytes, arena.peakBytes]).toEqual([0, 0]);
    const mark = arena.mark();
    arena.allocate(1000);
    const used = arena.usedBytes;
    expect(used).toBeGreaterThanOrEqual(1000);
    expect(used).toBeLessThan(1000 + 2 * 64);
    arena.release(mark);
    expect([arena.usedBytes, arena.peakBytes]).toEqual([0, used]);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses %s bytes', (bytes) => {
    const arena = freshArena();
    expect(() => arena.allocate(bytes)).toThrow(InvalidArgumentError);
    expect(() => arena.allocate(bytes)).toThrow(`bytes is ${bytes}; expected an integer ≥ 0`);
    expect(arena.usedBytes).toBe(0);
  });
});

describe('Arena.release', () => {
  it('gives memory out again as it was left', () => {
    const arena = freshArena();
    const mark = arena.mark();
    const pointer = arena.allocateFloats(8);
    arena.floats(pointer, 8).fill(Number.NaN);
    arena.release(mark);
    expect(arena.allocateFloats(8)).toBe(pointer);
    expect(arena.floats(pointer, 8).every(Number.isNaN)).toBe(true);
  });

  it('goes back past inner marks, and refuses those afterwards', () => {
    const arena = freshArena();
    const outer = arena.mark();
    arena.allocate(64);
    const inner = arena.mark();
    arena.allocate(64);
    arena.release(outer);
    expect(() => arena.release(inner)).toThrow(InvalidArgumentError);
    expect(() => arena.release(inner)).toThrow(/release in the reverse order of marking/);
    arena.release(outer);
  });

  it('refuses a mark below its base', () => {
    expect(() => freshArena().release(64)).toThrow(InvalidArgumentError);
  });
});

describe('the limit', () => {
  it('is kept, named in the error, and survived', () => {
    const { arena } = createEngine({ limitBytes: 4 * page });
    const mark = arena.mark();
    const pointer = arena.allocate(2 * page);
    let error: unknown;
    try {
      arena.allocate(3 * page);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(OutOfMemoryError);
    if (!KindlingError.isInstance(error)) throw new Error('expected an error of Kindling');
    expect(error.code).toBe('out-of-memory');
    expect(error.message).toMatch(/would grow to 0\.\d MiB; expected at most 0\.3 MiB — use a smaller batch/);
    expect(error.details['limitBytes']).toBe(4 * page);
    expect(error.details['neededBytes']).toBeGreaterThan(5 * page);
    // The refused allocation took nothing.
    expect(arena.allocate(64)).toBe(pointer + 2 * page + 64);
    arena.release(mark);
    expect(arena.allocate(3 * page)).toBe(pointer);
    expect(arena.memory.buffer.byteLength).toBeLessThanOrEqual(4 * page);
  });

  it('allows the last byte of the last page, and no more', () => {
    const arena = freshArena(2 * page);
    const free = 2 * page - 128 - 16;
    expect(() => arena.allocate(free + 1)).toThrow(OutOfMemoryError);
    expect(arena.allocate(free)).toBe(128);
  });

  it('is that of the memory itself when it is smaller than asked for', () => {
    const arena = new Arena(new WebAssembly.Memory({ initial: 1, maximum: 3 }), 0);
    expect(() => arena.allocate(3 * page)).toThrow(OutOfMemoryError);
    expect(arena.allocate(2 * page)).toBe(0);
  });

  it('is never beyond what 32 bits reach', () => {
    expect(() => freshArena().allocate(2 ** 32)).toThrow(OutOfMemoryError);
  });
});
