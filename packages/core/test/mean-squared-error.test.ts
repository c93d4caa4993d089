/** mean_squared_error: bits against the f32 twin, within rounding of f64, and its gradient against differences of its sum. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../src/index.js';
import { meanSquaredError, meanSquaredErrorF32, roundingBound } from '../src/reference/index.js';
import { firstDifference, firstOutside, floatsWithSpecials, randomFloats } from './floats.js';
import { borrowing, guardedRows, readRows } from './guarded.js';

const engine = createEngine();
const { kernels } = engine;

interface Shape {
  readonly m: number;
  readonly n: number;
  readonly padding?: number;
}

function run({ m, n, padding = 0 }: Shape, outputs: Float32Array, targets: Float32Array) {
  return borrowing(engine, () => {
    const rows = { rows: m, columns: n, ld: n + padding };
    const wantedRows = { rows: m, columns: n, ld: n + 2 * padding };
    const block = guardedRows(engine, rows, outputs);
    const wanted = guardedRows(engine, wantedRows, targets);
    const sum = kernels.mean_squared_error(m, n, block.pointer, rows.ld, wanted.pointer, wantedRows.ld);
    expect([block.brokenGuard(), wanted.brokenGuard()]).toEqual([null, null]);
    expect(firstDifference(readRows(engine, wanted.pointer, wantedRows), targets)).toBeNull();
    const all = engine.arena.floats(block.pointer, m * rows.ld);
    // Padding is left alone: still the NaN of the block.
    expect(all.every((x, i) => i % rows.ld < n || Number.isNaN(x))).toBe(true);
    return { sum, gradient: readRows(engine, block.pointer, rows) };
  });
}

describe('mean_squared_error', () => {
  it('is its twin for all shapes, specials included', () => {
    for (const m of [0, 1, 2, 3, 7, 100]) {
      for (const n of [0, 1, 2, 3, 4, 5, 9]) {
        for (const every of [1e9, 10]) {
          const outputs = floatsWithSpecials(m + n, m * n, every);
          const targets = floatsWithSpecials(m + n + 1, m * n, every);
          const got = run({ m, n, padding: m % 4 }, outputs, targets);
          const want = meanSquaredErrorF32(outputs, targets);
          expect(got.sum, `${m}×${n}`).toBe(want.sum);
          expect(firstDifference(got.gradient, want.gradient), `${m}×${n}`).toBeNull();
        }
      }
    }
  });

  it('is within three roundings of f64: 2/(m·n), difference and product', () => {
    const [outputs, targets] = [randomFloats(1, 300), randomFloats(2, 300)];
    const got = run({ m: 100, n: 3 }, outputs, targets);
    const want = meanSquaredError(outputs, targets);
    const bound = (i: number) => roundingBound(3) * Math.abs(want.gradient[i] ?? 0);
    expect(firstOutside(got.gradient, want.gradient, bound)).toBeNull();
  });

  it('has the gradient of the mean: central differences of its own sum', () => {
    const [outputs, targets] = [randomFloats(3, 21), randomFloats(4, 21)];
    const { gradient } = run({ m: 7, n: 3 }, outputs, targets);
    // A power of two on numbers of 2^-24: moved numbers are off by an f32 rounding at most, 2^-25 of 2^-8 steps.
    const step = 2 ** -8;
    outputs.forEach((value, i) => {
      const moved = (by: number) => {
        const other = outputs.slice();
        other[i] = value + by;
        return run({ m: 7, n: 3 }, other, targets).sum / 21;
      };
      const difference = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(difference - Number(gradient[i]))).toBeLessThan(1e-5);
    });
  });

  it('is zero, with a gradient of zeros, exactly where outputs are the targets', () => {
    const x = randomFloats(5, 10);
    const { sum, gradient } = run({ m: 5, n: 2 }, x, x);
    expect(sum).toBe(0);
    expect(gradient.every((g) => g === 0)).toBe(true);
  });
});
