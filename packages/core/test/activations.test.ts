/** `relu`, `leaky_relu`, `leaky_relu_backward`, `selu`, `selu_backward`, `axpy` and `dot` against their twins, bit by bit, at every length. */
import { describe, expect, it } from 'vitest';
import { createEngine, type Pointer } from '../src/index.js';
import * as reference from '../src/reference/index.js';
import { firstDifference, floatsWithSpecials, randomFloats } from './floats.js';
import { borrowing, guardedRows, guardedVector } from './guarded.js';

const engine = createEngine();
const { kernels } = engine;
const lengths = [...Array.from({ length: 19 }, (_, i) => i), 31, 32, 33, 100, 1023];

/** Runs an in-place kernel on `values`; fails if it writes past them. */
function inPlace(values: Float32Array, kernel: (pointer: Pointer) => void): Float32Array {
  return borrowing(engine, () => {
    const block = guardedVector(engine, values);
    kernel(block.pointer);
    expect(block.brokenGuard()).toBeNull();
    return engine.arena.floats(block.pointer, values.length).slice();
  });
}

describe('relu and leaky_relu', () => {
  it('are their twins at every length, specials included', () => {
    for (const n of lengths) {
      const x = floatsWithSpecials(n, n, 3);
      const cut = inPlace(x, (pointer) => kernels.relu(n, pointer));
      expect(firstDifference(cut, Float32Array.from(reference.relu(x))), `n=${n}`).toBeNull();
      for (const slope of [0.01, 0, 1, 0.3]) {
        const got = inPlace(x, (pointer) => kernels.leaky_relu(n, pointer, slope));
        expect(firstDifference(got, reference.leakyReluF32(x, slope)), `n=${n}, slope=${slope}`).toBeNull();
      }
    }
  });

  it('keep NaN, cut −∞, let +∞ through', () => {
    const values = Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -2, 3);
    const relu = inPlace(values, (pointer) => kernels.relu(5, pointer));
    expect([...relu]).toEqual([Number.NaN, 0, Number.POSITIVE_INFINITY, 0, 3]);
    const leaky = inPlace(values, (pointer) => kernels.leaky_relu(5, pointer, 0.5));
    expect([...leaky]).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -1, 3]);
  });
});

describe('leaky_relu_backward', () => {
  it('is its twin at every length, specials included', () => {
    for (const n of lengths) {
      const [gradient, activation] = [floatsWithSpecials(n, n, 4), floatsWithSpecials(n + 1, n, 3)];
      const got = inPlace(gradient, (pointer) => {
        kernels.leaky_relu_backward(n, pointer, guardedVector(engine, activation).pointer, 0.01);
      });
      const want = reference.leakyReluBackwardF32(gradient, activation, 0.01);
      expect(firstDifference(got, want), `n=${n}`).toBeNull();
    }
  });

  it('is the derivative of leaky_relu, from its input as from its output', () => {
    const x = randomFloats(1, 50);
    const y = reference.leakyRelu(x, 0.1);
    const ones = new Float32Array(50).fill(1);
    const slopes = Float64Array.from(x, (value) => {
      const [up = 0, down = 0] = reference.leakyRelu([value + 1e-6, value - 1e-6], 0.1);
      return Math.round((up - down) / 2e-7) / 10;
    });
    expect(reference.leakyReluBackward(ones, x, 0.1)).toEqual(slopes);
    expect(reference.leakyReluBackward(ones, y, 0.1)).toEqual(slopes);
  });
});

describe('selu', () => {
  it('is its twin at every length, specials included', () => {
    for (const n of lengths) {
      const x = floatsWithSpecials(n, n, 3);
      const got = inPlace(x, (pointer) => kernels.selu(n, pointer));
      expect(firstDifference(got, reference.seluF32(x)), `n=${n}`).toBeNull();
    }
  });

  it('is within two roundings of f64, and ends at −λα', () => {
    const x = Float32Array.from(randomFloats(3, 999), (value) => 6 * value);
    const got = inPlace(x, (pointer) => kernels.selu(999, pointer));
    reference.selu(x).forEach((want, i) => {
      expect(Math.abs((got[i] ?? 0) - want)).toBeLessThan(2 ** -23 * Math.max(2, Math.abs(want)));
    });
    const ends = Float32Array.of(Number.NEGATIVE_INFINITY, -100, -0, Number.NaN, Number.POSITIVE_INFINITY);
    const end = Math.fround(-reference.seluHeight);
    expect([...inPlace(ends, (pointer) => kernels.selu(5, pointer))]).toEqual([
      end,
      end,
      0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('keeps mean 0 and variance 1 of normal numbers, as its constants were chosen to', () => {
    // ∫ selu(z) φ(z) dz and ∫ selu(z)² φ(z) dz by the midpoint rule, whose error is far below 10⁻⁹ here but for the kink.
    const step = 1e-3;
    const z = Float64Array.from({ length: 20_000 }, (_, i) => (i - 9999.5) * step);
    const weights = z.map((value) => (step * Math.exp(-value * value * 0.5)) / Math.sqrt(2 * Math.PI));
    const values = reference.selu(z);
    const meanOf = (power: number) =>
      values.reduce((sum, value, i) => sum + value ** power * (weights[i] ?? 0), 0);
    expect(meanOf(1)).toBeCloseTo(0, 5);
    expect(meanOf(2)).toBeCloseTo(1, 5);
  });
});

describe('selu_backward', () => {
  it('is its twin at every length, specials included', () => {
    for (const n of lengths) {
      const [gradient, activation] = [floatsWithSpecials(n, n, 4), floatsWithSpecials(n + 1, n, 3)];
      const got = inPlace(gradient, (pointer) => {
        kernels.selu_backward(n, pointer, guardedVector(engine, activation).pointer);
      });
      expect(firstDifference(got, reference.seluBackwardF32(gradient, activation)), `n=${n}`).toBeNull();
    }
  });

  it('is the derivative of selu, from its output', () => {
    const x = randomFloats(2, 60);
    const slopes = reference.seluBackward(new Float32Array(60).fill(1), reference.selu(x));
    x.forEach((value, i) => {
      const [up = 0, down = 0] = reference.selu([value + 1e-5, value - 1e-5]);
      expect(slopes[i]).toBeCloseTo((up - down) / 2e-5, 6);
    });
  });
});

describe('axpy', () => {
  it('is its twin at every length, specials included', () => {
    for (const n of lengths) {
      for (const factor of [0.1, -3, 0, 2 ** -130]) {
        const [x, y] = [floatsWithSpecials(n, n, 5), floatsWithSpecials(n + 1, n, 5)];
        const got = inPlace(y, (pointer) =>
          kernels.axpy(n, factor, guardedVector(engine, x).pointer, pointer),
        );
        expect(firstDifference(got, reference.axpyF32(factor, x, y)), `n=${n}, factor=${factor}`).toBeNull();
      }
    }
  });

  it('adds a vector to itself', () => {
    const x = randomFloats(1, 21);
    const got = inPlace(x, (pointer) => kernels.axpy(21, 2, pointer, pointer));
    expect(firstDifference(got, reference.axpyF32(2, x, x))).toBeNull();
  });
});

describe('dot', () => {
  it('is its twin in f64 for any shape, and reads nothing between rows', () => {
    for (const [m, n] of [
      [0, 3],
      [3, 0],
      [1, 1],
      [2, 4],
      [3, 5],
      [7, 19],
      [5, 128],
    ] as const) {
      const [x, y] = [randomFloats(m, m * n), randomFloats(n, m * n)];
      borrowing(engine, () => {
        const left = guardedRows(engine, { rows: m, columns: n, ld: n + 3 }, x);
        const right = guardedRows(engine, { rows: m, columns: n, ld: n + 1 }, y);
        const got = kernels.dot(m, n, left.pointer, n + 3, right.pointer, n + 1);
        expect(Object.is(got, reference.dot(m, n, x, y)), `${m} × ${n}`).toBe(true);
        const square = kernels.dot(m, n, left.pointer, n + 3, left.pointer, n + 3);
        expect(square).toBe(kernels.sum_squares(m, n, left.pointer, n + 3));
      });
    }
  });

  it('does not overflow where f32 would, and shows NaN', () => {
    borrowing(engine, () => {
      const huge = guardedVector(engine, new Float32Array(9).fill(3e38));
      expect(kernels.dot(1, 9, huge.pointer, 9, huge.pointer, 9)).toBeGreaterThan(8e77);
      const bad = guardedVector(engine, [1, 2, 3, 4, Number.NaN]);
      expect(kernels.dot(1, 5, bad.pointer, 5, huge.pointer, 5)).toBeNaN();
    });
  });
});
