import { allocateMatrix, createEngine, deriveKey, type Matrix, readMatrix, rootKey } from '@kindling/core';
import { drawWeights, type LayerShape, type WeightLaw } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import {
  chiSquare,
  chiSquareLimit,
  kolmogorovLimit,
  kolmogorovSmirnov,
  uniformCdf,
} from './probability-laws.js';

const engine = createEngine();
const limit = kolmogorovLimit(1e-6);

function draw(law: WeightLaw, shape: LayerShape, trial = 0): { matrix: Matrix; values: Float32Array } {
  const [height, width] = shape.kernel ?? [1, 1];
  const mark = engine.arena.mark();
  const matrix = allocateMatrix(engine, shape.fanIn, shape.fanOut / (height * width));
  drawWeights(engine, law, shape, deriveKey(rootKey(8), 77, trial), matrix);
  const values = readMatrix(engine, matrix);
  engine.arena.release(mark);
  return { matrix, values };
}

/** Largest |⟨a, b⟩ − gain² δ| over pairs of rows, or of columns. */
function worstProduct(
  values: Float32Array,
  rows: number,
  columns: number,
  along: 'rows' | 'columns',
  gain: number,
) {
  const [count, length] = along === 'rows' ? [rows, columns] : [columns, rows];
  const at = (vector: number, i: number) =>
    values[along === 'rows' ? vector * columns + i : i * columns + vector] ?? Number.NaN;
  let worst = 0;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let product = 0;
      for (let i = 0; i < length; i++) product += at(a, i) * at(b, i);
      worst = Math.max(worst, Math.abs(product - (a === b ? gain * gain : 0)));
    }
  }
  return worst;
}

describe('orthogonal', () => {
  it.each([
    [1, 1],
    [1, 7],
    [7, 1],
    [16, 16],
    [30, 47],
    [47, 30],
    [128, 129],
  ])('%d × %d: the fewer of rows and columns are orthonormal times the gain', (rows, columns) => {
    const { values } = draw({ kind: 'orthogonal', gain: 1.5 }, { fanIn: rows, fanOut: columns });
    const along = rows <= columns ? 'rows' : 'columns';
    expect(worstProduct(values, rows, columns, along, 1.5)).toBeLessThan(2e-6);
    if (rows !== columns) {
      const other = along === 'rows' ? 'columns' : 'rows';
      expect(worstProduct(values, rows, columns, other, 1.5)).toBeGreaterThan(0.1);
    }
  });

  it('is Haar: in three dimensions every entry is uniform on (−1, 1) (Archimedes; false alarm 1e-6)', () => {
    const draws = Array.from({ length: 20_000 }, (_, trial) => {
      return draw({ kind: 'orthogonal', gain: 1 }, { fanIn: 3, fanOut: 3 }, trial).values;
    });
    for (const place of [0, 4, 8, 6]) {
      const entries = draws.map((values) => values[place] ?? Number.NaN);
      expect(kolmogorovSmirnov(entries, (x) => uniformCdf(x, -1, 1))).toBeLessThan(limit);
      // Negative control: a QR whose signs are not mended has a diagonal of one sign, one that is mended wrongly folds.
      expect(kolmogorovSmirnov(entries.map(Math.abs), (x) => uniformCdf(x, -1, 1))).toBeGreaterThan(limit);
    }
    const turning = draws.filter((values) => determinant(values) > 0).length;
    expect(chiSquare([turning, draws.length - turning], draws.length / 2)).toBeLessThan(chiSquareLimit(1));
  });
});

function determinant([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0]: Float32Array): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

describe('delta-orthogonal', () => {
  it.each([
    [3, 3, 5, 8],
    [1, 5, 4, 4],
    [1, 1, 6, 9],
  ])(
    'a %d × %d kernel of %d → %d channels is zero but for an orthonormal center',
    (height, width, inputs, units) => {
      const area = height * width;
      const shape = { fanIn: inputs * area, fanOut: units * area, kernel: [height, width] } as const;
      const { values } = draw({ kind: 'delta-orthogonal', gain: 2 }, shape);
      const center = new Float32Array(inputs * units);
      values.forEach((value, place) => {
        const row = Math.floor(place / units);
        if (row % area === (area - 1) / 2) center[Math.floor(row / area) * units + (place % units)] = value;
        else expect(value).toBe(0);
      });
      expect(worstProduct(center, inputs, units, 'rows', 2)).toBeLessThan(2e-6);
    },
  );
});

describe('sparse', () => {
  it.each([
    [0.9, 100, 90],
    [0.07, 100, 7],
    [0.95, 10, 9],
    [0.5, 7, 4],
    [0, 5, 0],
    [0.9, 1, 0],
  ])('sparsity %d of %d inputs leaves %d zeros in every unit', (sparsity, fanIn, zeros) => {
    const { values } = draw({ kind: 'sparse', sparsity, deviation: 0.5 }, { fanIn, fanOut: 40 });
    for (let unit = 0; unit < 40; unit++) {
      let count = 0;
      for (let i = 0; i < fanIn; i++) count += values[i * 40 + unit] === 0 ? 1 : 0;
      expect(count).toBe(zeros);
    }
  });

  it('leaves any input as often as any other (χ², false alarm 1e-6)', () => {
    const fanIn = 20;
    const units = 5000;
    const { values } = draw({ kind: 'sparse', sparsity: 0.95, deviation: 1 }, { fanIn, fanOut: units });
    const uses = Array.from({ length: fanIn }, (_, i) => {
      return values.subarray(i * units, (i + 1) * units).filter((value) => value !== 0).length;
    });
    expect(chiSquare(uses, units / fanIn)).toBeLessThan(chiSquareLimit(fanIn - 1));
    // Negative control: two inputs of twenty half as much again.
    const favored = uses.map((count, i) => (i < 2 ? count * 1.5 : count));
    expect(chiSquare(favored, units / fanIn)).toBeGreaterThan(chiSquareLimit(fanIn - 1));
  });
});

it('identity has its gain where row is column', () => {
  const { values } = draw({ kind: 'identity', gain: -2 }, { fanIn: 3, fanOut: 5 });
  expect([...values]).toEqual([-2, 0, 0, 0, 0, 0, -2, 0, 0, 0, 0, 0, -2, 0, 0]);
});
