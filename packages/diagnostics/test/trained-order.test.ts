/** Tests of the order of a matrix's entries: their null, what each is for, and the samples they are run on. */
import { InvalidArgumentError, mean, sampleVariance } from '@kindling/core';
import { type OrderTests, orderTestNames, testOrder } from '@kindling/diagnostics';
import { describe, expect, it } from 'vitest';
import {
  type KernelAxes,
  mostKernelColumns,
  mostKernelRows,
  openKernelSample,
} from '../src/parameters/trained/kernel-sample.js';
import { drawnWeights, normals } from './parameter-draws.js';

const [rows, columns] = [60, 40];

function ordered(values: ArrayLike<number>, height = rows, width = columns): OrderTests {
  const found = testOrder({ rows: height, columns: width, values });
  if (found === null) throw new Error('no tests');
  return found;
}

describe('under the null', () => {
  const draws = 150;

  it.each(['he-normal', 'he-uniform', 'he-laplace', 'tfjs:dense'])(
    'z of %s matrices is near a standard normal',
    (name) => {
      const found = Array.from({ length: draws }, (_, i) => ordered(drawnWeights(name, rows, columns, i)));
      for (const test of orderTestNames) {
        // The largest singular value of heavy tails is still above that of normal entries at this size.
        if (name === 'he-laplace' && test === 'topSingularValue') continue;
        const z = found.map((tests) => tests[test]);
        // Mean and variance of 150 standard normals, five standard errors; a tenth for what the approximations leave.
        expect(Math.abs(mean(z)), `${test} mean`).toBeLessThan(5 / Math.sqrt(draws) + 0.1);
        expect(Math.abs(sampleVariance(z) - 1), `${test} variance`).toBeLessThan(
          5 * Math.sqrt(2 / draws) + 0.1,
        );
        // P(z > 3.09) = 0.001: more than 4 of 150 has probability 6e-7.
        expect(z.filter((value) => value > 3.09).length, `${test} tail`).toBeLessThanOrEqual(4);
      }
    },
  );

  it('does not ask for scale, sign or mean', () => {
    const values = drawnWeights('he-normal', rows, columns, 1);
    const plain = ordered(values);
    const moved = ordered(Float64Array.from(values, (w) => 3 - 7 * w));
    for (const test of orderTestNames) expect(moved[test]).toBeCloseTo(plain[test], 8);
  });
});

describe('each test sees what it is for', () => {
  const fresh = drawnWeights('he-normal', rows, columns, 5);
  const deviation = Math.sqrt(2 / rows);
  const row = (i: number) => Math.floor(i / columns);
  const column = (i: number) => i % columns;
  const changes: Readonly<Record<keyof OrderTests, (w: number, i: number) => number>> = {
    columnMeans: (w, i) => w + (column(i) % 2 === 0 ? 0.3 : -0.3) * deviation,
    rowMeans: (w, i) => w + (row(i) % 2 === 0 ? 0.3 : -0.3) * deviation,
    columnSizes: (w, i) => w * (column(i) % 2 === 0 ? 1.4 : 1),
    rowSizes: (w, i) => w * (row(i) % 2 === 0 ? 1.4 : 1),
    neighbors: (w, i) => w + 0.7 * (fresh[i + columns] ?? 0),
    topSingularValue: (w, i) =>
      w + deviation * Math.SQRT1_2 * (row(i) % 2 === 0 ? 1 : -1) * (column(i) % 3 === 0 ? 1 : -1),
  };

  it.each(orderTestNames)('%s', (test) => {
    expect(ordered(Float64Array.from(fresh, changes[test]))[test]).toBeGreaterThan(6);
    expect(ordered(fresh)[test]).toBeLessThan(3);
  });

  it('and nothing once the entries of such a matrix are shuffled', () => {
    const trained = Float64Array.from(fresh, changes.topSingularValue);
    const lots = normals(trained.length, 9);
    const order = Array.from(trained, (_, i) => i).sort((a, b) => (lots[a] ?? 0) - (lots[b] ?? 0));
    const shuffled = Float64Array.from(order, (from) => trained[from] ?? 0);
    for (const test of orderTestNames) expect(Math.abs(ordered(shuffled)[test])).toBeLessThan(4.5);
  });

  it('answers nothing where there is no matrix, or no difference', () => {
    expect(testOrder({ rows: 1, columns: 9, values: new Float64Array(9) })).toBeNull();
    expect(
      testOrder({ rows: 3, columns: 3, values: Float64Array.from({ length: 9 }, (_, i) => i) }),
    ).toBeNull();
    expect(testOrder({ rows: 5, columns: 5, values: new Float64Array(25).fill(0.5) })).toBeNull();
    const signs = Float64Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 1 : -1));
    expect(Object.values(ordered(signs, 6, 4)).every(Number.isFinite)).toBe(true);
  });
});

describe('samples of kernels', () => {
  const sampled = (axes: KernelAxes, values: ArrayLike<number>, piece = 7) => {
    const sampler = openKernelSample(axes);
    for (let start = 0; start < values.length; start += piece) {
      sampler.add(Array.from(values).slice(start, start + piece));
    }
    return sampler.finish();
  };

  it('read the same matrix out of every order of axes', () => {
    // Height 2, width 3, 4 inputs, 5 units: a number says where it stands.
    const code = (h: number, w: number, i: number, o: number) => 1000 * h + 100 * w + 10 * i + o;
    const hwio: number[] = [];
    for (let h = 0; h < 2; h++)
      for (let w = 0; w < 3; w++)
        for (let i = 0; i < 4; i++) for (let o = 0; o < 5; o++) hwio.push(code(h, w, i, o));
    const oihw: number[] = [];
    for (let o = 0; o < 5; o++)
      for (let i = 0; i < 4; i++)
        for (let h = 0; h < 2; h++) for (let w = 0; w < 3; w++) oihw.push(code(h, w, i, o));
    const keras = sampled({ shape: [2, 3, 4, 5], rowAxes: [2, 0, 1], columnAxes: [3] }, hwio);
    const torch = sampled({ shape: [5, 4, 2, 3], rowAxes: [1, 2, 3], columnAxes: [0] }, oihw, 1000);
    expect(keras).toEqual(torch);
    expect(keras.whole).toBe(true);
    expect(keras.matrix).toMatchObject({ rows: 24, columns: 5 });
    // Rows go through the pixels of one input before those of the next.
    expect(Array.from(keras.matrix.values).filter((_, i) => i % 5 === 0)).toEqual(
      [0, 1, 2, 3].flatMap((i) => [0, 1].flatMap((h) => [0, 1, 2].map((w) => code(h, w, i, 0)))),
    );
  });

  it('leave rows and columns out of large ones, in runs of neighbors', () => {
    const shape = [mostKernelRows + 500, mostKernelColumns + 30];
    const [height = 0, width = 0] = shape;
    const values = Float64Array.from({ length: height * width }, (_, i) => i);
    const { matrix, whole } = sampled({ shape, rowAxes: [0], columnAxes: [1] }, values, 100_000);
    expect(whole).toBe(false);
    expect(matrix).toMatchObject({ rows: mostKernelRows, columns: mostKernelColumns });
    const taken = Array.from({ length: mostKernelRows }, (_, i) =>
      Math.floor((matrix.values[i * mostKernelColumns] ?? 0) / width),
    );
    expect(taken.slice(0, 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, taken[8]]);
    expect(taken[8]).toBeGreaterThan(8);
    expect(taken.at(-1)).toBe(height - 1);
    expect(new Set(taken).size).toBe(mostKernelRows);
    expect(matrix.values[1] ?? 0).toBe((matrix.values[0] ?? 0) + 1);
  });

  it('refuse axes that do not name each once, and numbers that do not come', () => {
    expect(() => openKernelSample({ shape: [2, 3], rowAxes: [0], columnAxes: [0] })).toThrow(
      InvalidArgumentError,
    );
    expect(() => sampled({ shape: [2, 3], rowAxes: [0], columnAxes: [1] }, [1, 2])).toThrow(/2 numbers came/);
  });
});
