/**
 * orthonormalize_rows: bits against the f32 twin, orthonormality, and that normals become Haar's law: moments of the entries
 * in standard errors, with the law that forgets the sign of R as the one to be caught.
 */
import { describe, expect, it } from 'vitest';
import { createEngine, deriveKey, openStream, rootKey } from '../src/index.js';
import { orthonormalizeRows, orthonormalizeRowsF32 } from '../src/reference/index.js';
import { firstDifference, firstOutside, floatsWithSpecials, randomFloats } from './floats.js';
import { borrowing, guardedRows, readRows } from './guarded.js';
import { manyErrors } from './laws.js';

const engine = createEngine();
const { kernels } = engine;
const shapes = [
  [0, 0],
  [0, 3],
  [1, 1],
  [1, 2],
  [2, 2],
  [2, 5],
  [3, 3],
  [4, 4],
  [5, 7],
  [16, 16],
  [17, 33],
  [60, 61],
] as const;

function run(m: number, n: number, x: Float32Array, padding = 0): Float32Array {
  return borrowing(engine, () => {
    const rows = { rows: m, columns: n, ld: n + padding };
    const block = guardedRows(engine, rows, x);
    kernels.orthonormalize_rows(m, n, block.pointer, rows.ld);
    expect(block.brokenGuard()).toBeNull();
    const all = engine.arena.floats(block.pointer, m * rows.ld);
    expect(all.every((value, i) => i % rows.ld < n || Number.isNaN(value))).toBe(true);
    return readRows(engine, block.pointer, rows);
  });
}

/** Largest |QQᵀ − 1|, in f64. */
function worstProduct(m: number, n: number, q: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? -1 : 0;
      for (let k = 0; k < n; k++) sum += Number(q[i * n + k]) * Number(q[j * n + k]);
      worst = Math.max(worst, Math.abs(sum));
    }
  }
  return worst;
}

describe('orthonormalize_rows', () => {
  it('has the bits of its twin for all shapes, padding untouched, specials included', () => {
    for (const [m, n] of shapes) {
      for (const every of [1e9, 50]) {
        const x = floatsWithSpecials(m + n, m * n, every);
        const want = orthonormalizeRowsF32(m, n, x);
        expect(firstDifference(run(m, n, x, (m + n) % 4), want), `${m}×${n}`).toBeNull();
      }
    }
  });

  it('gives orthonormal rows within 8u√n, in f64 to its own rounding', () => {
    for (const [m, n] of [...shapes, [128, 128]] as const) {
      const x = randomFloats(2 * m + n, m * n);
      const tolerance = (u: number) => 8 * u * Math.sqrt(Math.max(n, 1));
      expect(worstProduct(m, n, run(m, n, x)), `${m}×${n}`).toBeLessThanOrEqual(tolerance(2 ** -24));
      expect(worstProduct(m, n, orthonormalizeRows(m, n, x))).toBeLessThanOrEqual(tolerance(2 ** -53));
    }
  });

  it('keeps to its tolerance for rows that are almost the same, where one pass would not', () => {
    const [m, n] = [6, 20];
    const base = randomFloats(9, n);
    const noise = randomFloats(10, m * n);
    const x = Float32Array.from({ length: m * n }, (_, i) => Number(base[i % n]) + 1e-4 * Number(noise[i]));
    expect(worstProduct(m, n, run(m, n, x))).toBeLessThanOrEqual(8 * 2 ** -24 * Math.sqrt(n));
  });

  it('is near f64 for well-conditioned rows, and spans what the rows spanned: R has a positive diagonal', () => {
    const [m, n] = [10, 40];
    const x = randomFloats(11, m * n);
    const q = run(m, n, x);
    expect(firstOutside(q, orthonormalizeRows(m, n, x), () => 1e-6)).toBeNull();
    for (let i = 0; i < m; i++) {
      const along = (row: number) => {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += Number(x[i * n + k]) * Number(q[row * n + k]);
        return sum;
      };
      expect(along(i)).toBeGreaterThan(0);
      for (let later = i + 1; later < m; later++) expect(Math.abs(along(later))).toBeLessThan(1e-5);
    }
  });

  it('makes NaN of a row of zeros and changes no row before it', () => {
    const x = randomFloats(12, 12).fill(0, 8);
    const q = run(3, 4, x);
    expect([...q.subarray(8)].every(Number.isNaN)).toBe(true);
    expect(firstDifference(q.slice(0, 8), run(2, 4, x.slice(0, 8)))).toBeNull();
  });
});

describe('of independent normals', () => {
  const n = 6;
  const draws = 4000;

  /** All entries of many orthogonal matrices, one matrix after the other. */
  const entries = borrowing(engine, () => {
    const state = openStream(engine, deriveKey(rootKey(301), 3));
    const size = n * n;
    const out = engine.arena.allocateFloats(size * draws);
    kernels.fill_normal(state, size * draws, out, 1);
    for (let t = 0; t < draws; t++) kernels.orthonormalize_rows(n, n, out + 4 * size * t, n);
    return engine.arena.floats(out, size * draws).slice();
  });

  /** How far the mean over matrices of entry (i, j)'s f is from `want`, in standard errors. */
  function errors(
    values: Float32Array,
    at: number,
    f: (x: number) => number,
    want: number,
    variance: number,
  ) {
    let sum = 0;
    for (let t = 0; t < draws; t++) sum += f(Number(values[t * n * n + at]));
    return Math.abs(sum / draws - want) / Math.sqrt(variance / draws);
  }

  // Moments of one entry of Haar's law: E q² = 1/n, E q⁴ = 3/(n(n+2)), E q⁸ = 105/(n(n+2)(n+4)(n+6)).
  const second = 1 / n;
  const fourth = 3 / (n * (n + 2));
  const eighth = 105 / (n * (n + 2) * (n + 4) * (n + 6));

  it('every entry has mean 0, variance 1/n and excess kurtosis −6/(n + 2), in the first row and in the last', () => {
    expect(fourth / second ** 2 - 3).toBeCloseTo(-6 / (n + 2), 12);
    for (let at = 0; at < n * n; at++) {
      expect(
        errors(entries, at, (q) => q, 0, second),
        `entry ${at}`,
      ).toBeLessThan(manyErrors);
      const square = errors(entries, at, (q) => q ** 2, second, fourth - second ** 2);
      expect(square, `entry ${at}`).toBeLessThan(manyErrors);
      const power = errors(entries, at, (q) => q ** 4, fourth, eighth - fourth ** 2);
      expect(power, `entry ${at}`).toBeLessThan(manyErrors);
    }
  });

  it('the control: signs as a reflection leaves them, and normals of the same variance, are caught', () => {
    // Householder's R has a diagonal of one sign only by a choice; here Q's own diagonal is made positive.
    const folded = entries.map((q, i) => (i % (n * n) === 0 ? Math.abs(q) : q));
    expect(errors(folded, 0, (q) => q, 0, second)).toBeGreaterThan(manyErrors);
    const normals = borrowing(engine, () => {
      const out = engine.arena.allocateFloats(n * n * draws);
      const state = openStream(engine, deriveKey(rootKey(302), 3));
      kernels.fill_normal(state, n * n * draws, out, Math.sqrt(second));
      return engine.arena.floats(out, n * n * draws).slice();
    });
    expect(errors(normals, 0, (q) => q ** 4, fourth, eighth - fourth ** 2)).toBeGreaterThan(manyErrors);
  });
});
