/** The counting kernels of the runs test against their twins, bit by bit: pieces, ties, tails, special numbers. */
import { describe, expect, it } from 'vitest';
import { createEngine, type Pointer } from '../src/index.js';
import {
  countFloatGroups,
  countFloatKeys,
  floatBitRuns,
  floatRuns,
  type RunState,
  type SideLimits,
} from '../src/reference/index.js';
import { floatsWithSpecials, randomFloats, seededNumbers, specialFloats } from './floats.js';
import { borrowing, guardedBlock, guardedVector, placeWords } from './guarded.js';

const engine = createEngine();
const { arena, kernels } = engine;
const lengths = [0, 1, 2, 15, 16, 17, 63, 64, 65, 100, 127, 128, 129, 200, 1023];

/** Limits of every kind: a median that is a value, one between two values, both ends of a byte. */
const limitSets: readonly (readonly SideLimits[])[] = [
  [127, 128, 64, 126].map((at) => ({ below: at, above: at })),
  [128, 200, 32, 127].map((at) => ({ below: at, above: at - 1 })),
  [
    { below: 0, above: 255 }, // nothing but ties
    { below: 255, above: 254 },
    { below: 1, above: 126 },
    { below: 120, above: 127 },
  ],
];

function readStates(pointer: Pointer, count: number): readonly RunState[] {
  const words = arena.words(pointer, 4 * count);
  return Array.from({ length: count }, (_, i) => ({
    above: words[4 * i] ?? 0,
    below: words[4 * i + 1] ?? 0,
    changes: words[4 * i + 2] ?? 0,
    last: ([null, 'below', 'above'] as const)[words[4 * i + 3] ?? 0] ?? null,
  }));
}

/** Cleared u32 between guards, as a kernel leaves them after `run`. */
function counted(count: number, run: (pointer: Pointer) => void): Uint32Array {
  return borrowing(engine, () => {
    const block = guardedBlock(engine, count);
    arena.words(block.pointer, count).fill(0);
    run(block.pointer);
    expect(block.brokenGuard()).toBeNull();
    return arena.words(block.pointer, count).slice();
  });
}

/** The states after the pieces of `x` that end at `cuts`. */
function bitRuns(x: Float32Array, limits: readonly SideLimits[], cuts: readonly number[]) {
  return borrowing(engine, () => {
    const state = placeWords(engine, new Array(144).fill(0));
    const words = placeWords(
      engine,
      limits.flatMap(({ below, above }) => [below, above]),
    );
    for (const [i, end] of [...cuts, x.length].entries()) {
      const piece = x.slice(i === 0 ? 0 : cuts[i - 1], end);
      kernels.float_bit_runs(piece.length, guardedVector(engine, piece).pointer, words, state);
    }
    return readStates(state, 36);
  });
}

describe('count_float_groups and count_float_keys', () => {
  it('are their twins at every length, specials included', () => {
    for (const n of lengths) {
      const x = floatsWithSpecials(n, n, 5);
      const groups = counted(1024, (counts) =>
        kernels.count_float_groups(n, guardedVector(engine, x).pointer, counts),
      );
      expect(groups, `n=${n}`).toEqual(countFloatGroups(x));
      for (const prefix of [-1, 0xbf00, 0x8000, 0x7fff]) {
        const keys = counted(65_536, (counts) =>
          kernels.count_float_keys(n, guardedVector(engine, x).pointer, prefix, counts),
        );
        const want = countFloatKeys(x, prefix);
        expect(
          keys.findIndex((count, key) => count !== want[key]),
          `n=${n} prefix=${prefix}`,
        ).toBe(-1);
      }
    }
  });

  it('add to what they find', () => {
    const x = randomFloats(3, 70);
    const twice = counted(1024, (counts) => {
      const { pointer } = guardedVector(engine, x);
      kernels.count_float_groups(70, pointer, counts);
      kernels.count_float_groups(70, pointer, counts);
    });
    expect(twice).toEqual(countFloatGroups(x).map((count) => 2 * count));
  });

  it('sort keys as numbers, with both zeros in one place', () => {
    const sorted = [...specialFloats, 1, -1, 0.5, -2]
      .filter((x) => !Number.isNaN(x))
      .sort((a, b) => a - b || 0);
    const keys = sorted.map((x) => {
      const place = (prefix: number) =>
        counted(65_536, (counts) =>
          kernels.count_float_keys(1, guardedVector(engine, [x]).pointer, prefix, counts),
        ).indexOf(1);
      const upper = place(-1);
      return 65_536 * upper + place(upper);
    });
    keys.forEach((key, i) => {
      if (i === 0) return;
      if (sorted[i] === sorted[i - 1]) expect(key).toBe(keys[i - 1]);
      else expect(key).toBeGreaterThan(keys[i - 1] ?? 0);
    });
  });
});

describe('float_bit_runs', () => {
  it('is its twin at every length, limit and special number', () => {
    for (const n of lengths) {
      for (const limits of limitSets) {
        for (const every of [1e9, 3]) {
          const x = floatsWithSpecials(n, n, every);
          expect(bitRuns(x, limits, []), `n=${n}`).toEqual(floatBitRuns(x, limits));
        }
      }
    }
  });

  it('does not depend on how an array is cut, also where a piece is all ties', () => {
    const next = seededNumbers(8);
    // Runs of equal numbers make long ties at every place of a block.
    const x = Float32Array.from({ length: 900 }, (_, i) => (Math.floor(i / 97) % 3 === 0 ? 1 : next() - 0.5));
    const limits = [0, 0, 0, 127].map((at) => ({ below: at, above: at }));
    const whole = floatBitRuns(x, limits);
    expect(whole.some(({ above, below }) => above + below < 700)).toBe(true);
    for (const cuts of [[], [1], [64], [63, 64, 65, 129], [97, 194, 300, 300, 301, 700]]) {
      expect(bitRuns(x, limits, cuts), cuts.join()).toEqual(whole);
    }
    const first = floatBitRuns(x.slice(0, 300), limits);
    expect(floatBitRuns(x.slice(300), limits, first)).toEqual(whole);
  });

  it('counts as one counts by hand', () => {
    const x = new Float32Array(Uint32Array.of(1, 1, 2, 0, 3, 1).buffer);
    const limits = [1, 0, 0, 0].map((at) => ({ below: at, above: at }));
    const states = bitRuns(x, limits, []);
    expect(states[0]).toEqual({ above: 4, below: 2, changes: 2, last: 'above' }); // 1 1 0 0 1 1
    expect(states[1]).toEqual({ above: 2, below: 4, changes: 4, last: 'below' }); // 0 0 1 0 1 0
    expect(states[32]).toEqual({ above: 2, below: 1, changes: 2, last: 'above' }); // · · + − + ·
    expect(states[33]).toEqual({ above: 0, below: 0, changes: 0, last: null });
  });
});

describe('float_runs', () => {
  it('is its twin at every length and cut, NaN being a tie and both zeros equal', () => {
    for (const n of lengths) {
      const x = floatsWithSpecials(n, n, 4);
      for (const limits of [
        { below: 0, above: 0 },
        { below: -0.125, above: 0.25 },
        { below: Number.NEGATIVE_INFINITY, above: Number.POSITIVE_INFINITY },
      ]) {
        for (const cut of [0, 5, 64, 70]) {
          const got = borrowing(engine, () => {
            const state = placeWords(engine, [0, 0, 0, 0]);
            for (const piece of [x.slice(0, cut), x.slice(cut)]) {
              const { pointer } = guardedVector(engine, piece);
              kernels.float_runs(piece.length, pointer, limits.below, limits.above, state);
            }
            return readStates(state, 1)[0];
          });
          expect(got, `n=${n} cut=${cut}`).toEqual(floatRuns(x, limits));
        }
      }
    }
  });
});
