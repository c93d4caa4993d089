/** The kernels over vectors and columns against their f32 twins, bit by bit: their order of operations is fixed. */
import { describe, expect, it } from 'vitest';
import { createEngine, type Pointer } from '../src/index.js';
import {
  columnSums,
  columnSumsF32,
  gatherLabels,
  gatherPixels,
  gatherPixelsF32,
  positiveSquareSum,
  reluBackward,
  roundingBound,
  scale,
  scaleF32,
  sgdUpdate,
  sgdUpdateF32,
  sumSquares,
} from '../src/reference/index.js';
import {
  firstDifference,
  firstOutside,
  floatsWithSpecials,
  randomFloats,
  seededNumbers,
  specialFloats,
} from './floats.js';
import { borrowing, guardedBlock, guardedRows, guardedVector, placeBytes, placeWords } from './guarded.js';

const engine = createEngine();
const { kernels } = engine;
const lengths = [...Array.from({ length: 19 }, (_, i) => i), 31, 32, 33, 63, 64, 65, 100, 1023];

/** Runs an in-place kernel on `values`; fails if it writes past them. */
function inPlace(values: Float32Array, kernel: (pointer: Pointer) => void): Float32Array {
  return borrowing(engine, () => {
    const block = guardedVector(engine, values);
    kernel(block.pointer);
    expect(block.brokenGuard()).toBeNull();
    return engine.arena.floats(block.pointer, values.length).slice();
  });
}

describe('relu_backward', () => {
  it('is its twin at every length, specials included', () => {
    for (const n of lengths) {
      const gradient = floatsWithSpecials(n, n, 4);
      const activation = floatsWithSpecials(n + 1, n, 3);
      const got = inPlace(gradient, (pointer) => {
        kernels.relu_backward(n, pointer, guardedVector(engine, activation).pointer);
      });
      expect(
        firstDifference(got, Float32Array.from(reluBackward(gradient, activation))),
        `n=${n}`,
      ).toBeNull();
    }
  });

  it('lets the gradient through at a NaN, blocks it at ±0, in vectors and in the tail', () => {
    const activation = [Number.NaN, 0, -0, 2 ** -149, -1];
    for (const offset of [0, 4]) {
      const padded = [...new Array<number>(offset).fill(1), ...activation];
      const got = inPlace(new Float32Array(padded.length).fill(-3), (pointer) => {
        kernels.relu_backward(padded.length, pointer, guardedVector(engine, padded).pointer);
      });
      expect([...got.slice(offset)]).toEqual([-3, 0, 0, -3, 0]);
    }
  });

  it('erases a NaN or infinite gradient behind a dead unit', () => {
    const gradient = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, -1, 1, Number.NaN);
    const got = inPlace(gradient, (pointer) => {
      kernels.relu_backward(5, pointer, guardedVector(engine, new Float32Array(5)).pointer);
    });
    expect([...got]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('scale', () => {
  it('is its twin at every length, specials included', () => {
    for (const n of lengths) {
      for (const factor of [0.1, -3, 2 ** -130, 0, Number.POSITIVE_INFINITY]) {
        const x = floatsWithSpecials(n, n, 3);
        const got = inPlace(x, (pointer) => kernels.scale(n, pointer, factor));
        expect(firstDifference(got, scaleF32(x, factor)), `n=${n}, factor=${factor}`).toBeNull();
      }
    }
  });

  it('is exact for powers of two', () => {
    const x = randomFloats(1, 101);
    const got = inPlace(x, (pointer) => kernels.scale(101, pointer, 2 ** -40));
    expect(firstOutside(got, scale(x, 2 ** -40), () => 0)).toBeNull();
  });
});

describe('sgd_update', () => {
  it('is its twin at every length, specials included', () => {
    for (const n of lengths) {
      for (const rate of [0.01, 1, 0, 1e-40]) {
        const w = floatsWithSpecials(n, n, 5);
        const g = floatsWithSpecials(n + 1, n, 5);
        const got = inPlace(w, (pointer) => {
          kernels.sgd_update(n, pointer, guardedVector(engine, g).pointer, rate);
        });
        expect(firstDifference(got, sgdUpdateF32(w, g, rate)), `n=${n}, rate=${rate}`).toBeNull();
      }
    }
  });

  it('is within three roundings of f64: rate, product, difference', () => {
    const w = randomFloats(1, 999);
    const g = randomFloats(2, 999);
    const got = inPlace(w, (pointer) => {
      kernels.sgd_update(999, pointer, guardedVector(engine, g).pointer, 0.3);
    });
    const bound = (i: number) => roundingBound(3) * (Math.abs(w[i] ?? 0) + 0.3 * Math.abs(g[i] ?? 0));
    expect(firstOutside(got, sgdUpdate(w, g, 0.3), bound)).toBeNull();
  });
});

describe('column_sums', () => {
  function run(m: number, n: number, ld: number, x: Float32Array): Float32Array {
    return borrowing(engine, () => {
      const out = guardedBlock(engine, Math.ceil(n / 4) * 4);
      kernels.column_sums(m, n, guardedRows(engine, { rows: m, columns: n, ld }, x).pointer, ld, out.pointer);
      expect(out.brokenGuard()).toBeNull();
      return engine.arena.floats(out.pointer, n).slice();
    });
  }

  it('is its twin for all shapes, specials included, and within m roundings of f64', () => {
    for (const m of [0, 1, 2, 3, 5, 33, 257]) {
      for (const n of [0, 1, 2, 3, 4, 5, 7, 8, 9, 17, 100]) {
        const ld = Math.ceil(n / 4) * 4 + (m % 2) * 4;
        const odd = floatsWithSpecials(m + n, m * n, 40);
        expect(firstDifference(run(m, n, ld, odd), columnSumsF32(m, n, odd)), `${m}×${n}`).toBeNull();
        const x = randomFloats(m * n, m * n);
        const magnitudes = columnSums(m, n, x.map(Math.abs));
        const bound = (j: number) => roundingBound(Math.max(m, 1)) * (magnitudes[j] ?? 0);
        expect(firstOutside(run(m, n, ld, x), columnSums(m, n, x), bound), `${m}×${n}`).toBeNull();
      }
    }
  });
});

describe('sum_squares', () => {
  function run(m: number, n: number, ld: number, x: Float32Array): number {
    return borrowing(engine, () =>
      kernels.sum_squares(m, n, guardedRows(engine, { rows: m, columns: n, ld }, x).pointer, ld),
    );
  }

  it('has the bits of its twin, reading nothing between the rows', () => {
    for (const m of [0, 1, 2, 5, 32]) {
      for (const n of lengths) {
        const x = randomFloats(m + n, m * n);
        expect(run(m, n, n + 3, x), `${m}×${n}`).toBe(sumSquares(m, n, x));
      }
    }
  });

  it('is zero only if every number is', () => {
    for (let n = 1; n <= 9; n++) {
      const x = new Float32Array(n).fill(-0);
      expect(run(1, n, n, x)).toBe(0);
      for (let at = 0; at < n; at++) {
        const one = x.slice();
        one[at] = 2 ** -149;
        expect(run(1, n, n, one)).toBe(2 ** -298);
      }
    }
  });

  it('is finite exactly if every number is', () => {
    const largest = Number(specialFloats[9]);
    expect(run(100, 101, 101, new Float32Array(10100).fill(largest))).toBeCloseTo(10100 * largest ** 2, -70);
    for (let at = 0; at < 7; at++) {
      for (const [value, want] of [
        [Number.NaN, Number.NaN],
        [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      ] as const) {
        const x = new Float32Array(7).fill(largest);
        x[at] = value;
        expect(run(1, 7, 7, x)).toBe(want);
      }
    }
  });
});

describe('positive_square_sum', () => {
  const run = (x: Float32Array) =>
    borrowing(engine, () => kernels.positive_square_sum(x.length, guardedVector(engine, x).pointer));

  it('has the bits of its twin at every length, specials included', () => {
    for (const n of lengths) {
      for (const every of [1e9, 20]) {
        const x = floatsWithSpecials(n, n, every);
        expect(run(x), `n=${n}`).toBe(positiveSquareSum(x));
      }
    }
  });

  it('is what sum_squares finds after ReLU, zero for numbers ≤ 0, and keeps NaN', () => {
    const x = randomFloats(3, 1001);
    expect(run(x)).toBe(
      sumSquares(
        1,
        1001,
        x.map((value) => Math.max(value, 0)),
      ),
    );
    expect(run(Float32Array.of(-1, -0, 0, -3, Number.NEGATIVE_INFINITY, -(2 ** -149)))).toBe(0);
    for (let at = 0; at < 7; at++) {
      const one = new Float32Array(7).fill(-1);
      one[at] = 2 ** -149;
      expect(run(one)).toBe(2 ** -298);
      one[at] = Number.NaN;
      expect(run(one)).toBeNaN();
    }
  });
});

describe('gather_pixels and gather_labels', () => {
  it('give 0 for 0 and exactly 1 for 255, and every byte within two roundings of byte / 255', () => {
    const source = Uint8Array.from({ length: 256 }, (_, i) => i);
    const got = borrowing(engine, () => {
      const out = guardedBlock(engine, 256);
      kernels.gather_pixels(1, placeWords(engine, [0]), placeBytes(engine, source), 256, out.pointer, 256);
      return engine.arena.floats(out.pointer, 256).slice();
    });
    expect(got[0]).toBe(0);
    expect(got[255]).toBe(1);
    const want = gatherPixels([0], source, 256);
    expect(firstOutside(got, want, (i) => roundingBound(2) * (want[i] ?? 0))).toBeNull();
    expect(got.every((x, i) => i === 0 || x > Number(got[i - 1]))).toBe(true);
  });

  it('are their twins for any width, repeated and unordered indices, padded rows', () => {
    const next = seededNumbers(4);
    for (const width of [1, 2, 7, 8, 9, 15, 16, 17, 23, 784]) {
      const source = Uint8Array.from({ length: 20 * width }, () => Math.floor(256 * next()));
      const index = Uint32Array.from({ length: 33 }, () => Math.floor(20 * next()));
      const ld = Math.ceil(width / 4) * 4 + 4;
      borrowing(engine, () => {
        const out = guardedBlock(engine, 33 * ld);
        const from = placeBytes(engine, source);
        kernels.gather_pixels(33, placeWords(engine, index), from, width, out.pointer, ld);
        expect(out.brokenGuard()).toBeNull();
        const want = gatherPixelsF32(index, source, width);
        const rows = engine.arena.floats(out.pointer, 33 * ld);
        for (let i = 0; i < 33; i++) {
          const row = rows.slice(i * ld, i * ld + width);
          expect(
            firstDifference(row, want.slice(i * width, (i + 1) * width)),
            `width ${width}, row ${i}`,
          ).toBeNull();
          // Padding is left alone.
          expect(rows.slice(i * ld + width, (i + 1) * ld).every(Number.isNaN)).toBe(true);
        }
        const labels = engine.arena.allocate(34);
        engine.arena.bytes(labels, 34).fill(77);
        kernels.gather_labels(33, placeWords(engine, index), from, labels);
        expect([...engine.arena.bytes(labels, 34)]).toEqual([...gatherLabels(index, source), 77]);
      });
    }
  });

  it('do nothing for an empty batch', () => {
    borrowing(engine, () => {
      const out = guardedBlock(engine, 4);
      kernels.gather_pixels(0, out.pointer, out.pointer, 8, out.pointer, 8);
      kernels.gather_labels(0, out.pointer, out.pointer, out.pointer);
      expect(engine.arena.floats(out.pointer, 4).every(Number.isNaN)).toBe(true);
      expect(out.brokenGuard()).toBeNull();
    });
  });
});
