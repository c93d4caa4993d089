/** What figures of weights are made of: bins, quantile points, and parts of large matrices. */
import { describe, expect, it } from 'vitest';
import {
  histogramDensity,
  marchenkoPasturDensity,
  marchenkoPasturEdges,
  marchenkoPasturLaw,
  normalQuantile,
  openMatrixSample,
  quantilePoints,
  singularValues,
  topSingularValue,
  weightHistogram,
} from '../src/index.js';
import { normals } from './parameter-draws.js';
import { drawLaw } from './weight-draws.js';

describe('weightHistogram', () => {
  it('has the bins of Freedman and Diaconis, and every number in one', () => {
    const sorted = drawLaw({ law: 'normal', deviation: 0.2 }, 5000, 1).sort();
    const { edges, counts, count, rule } = weightHistogram(sorted);
    const spread = (sorted[3750] ?? 0) - (sorted[1250] ?? 0);
    const range = (sorted[4999] ?? 0) - (sorted[0] ?? 0);
    expect(counts).toHaveLength(Math.ceil(range / (2 * spread * 5000 ** (-1 / 3))));
    expect(edges).toHaveLength(counts.length + 1);
    expect([edges[0], edges.at(-1)]).toEqual([sorted[0], sorted[4999]]);
    expect(rule).toBe('freedman-diaconis');
    const finer = weightHistogram(sorted, { finer: 2.5 }).counts.length;
    expect(Math.abs(finer - 2.5 * counts.length)).toBeLessThan(2.5);
    expect(count).toBe(5000);
    for (const [bin, own] of counts.entries()) {
      const [from, to] = [edges[bin] ?? 0, edges[bin + 1] ?? 0];
      const last = bin === counts.length - 1;
      expect(own).toBe(sorted.filter((x) => x >= from && (last ? x <= to : x < to)).length);
    }
    const density = histogramDensity({ edges, counts, count, rule });
    const total = density.reduce((sum, d, i) => sum + d * ((edges[i + 1] ?? 0) - (edges[i] ?? 0)), 0);
    expect(total).toBeCloseTo(1, 12);
    expect(Math.max(...density) / (1 / (0.2 * Math.sqrt(2 * Math.PI)))).toBeCloseTo(1, 0);
  });

  it('is capped where one number is far away, and says so', () => {
    const sorted = Float64Array.from([...drawLaw({ law: 'normal', deviation: 1 }, 1000, 2), 1e6]).sort();
    expect(weightHistogram(sorted)).toMatchObject({ rule: 'capped' });
    expect(weightHistogram(sorted).counts).toHaveLength(200);
    expect(weightHistogram(sorted, { most: 7 }).counts).toHaveLength(7);
    expect(weightHistogram(sorted).counts.reduce((sum, own) => sum + own, 0)).toBe(1001);
  });

  it('of numbers half of which are one, of constants and of a single number', () => {
    const pruned = Float64Array.from([...new Array<number>(900).fill(0), ...normals(100, 1)]).sort();
    expect(weightHistogram(pruned)).toMatchObject({ rule: 'sturges' });
    expect(weightHistogram(pruned).counts).toHaveLength(11);
    expect(weightHistogram(Float64Array.of(2, 2, 2))).toEqual({
      edges: Float64Array.of(2, 2),
      counts: Uint32Array.of(3),
      count: 3,
      rule: 'constant',
    });
    expect(weightHistogram(Float64Array.of(-1, 5)).counts.reduce((sum, own) => sum + own, 0)).toBe(2);
    expect(() => weightHistogram(new Float64Array(0))).toThrow('there are no numbers; expected at least one');
    expect(() => weightHistogram(Float64Array.of(1), { most: 0 })).toThrow(
      'most is 0; expected an integer ≥ 1',
    );
    expect(() => weightHistogram(Float64Array.of(1), { finer: 0 })).toThrow(
      'finer is 0; expected a number > 0',
    );
  });
});

describe('quantilePoints', () => {
  it('lie on the diagonal for the law, 95 of 100 in their band, and leave it for another', () => {
    const sample = (trial: number) => drawLaw({ law: 'normal', deviation: 2 }, 100, trial).sort();
    const band = quantilePoints(sample(0), (p) => 2 * normalQuantile(p));
    const trials = 400;
    const samples = Array.from({ length: trials }, (_, trial) => sample(trial));
    let inside = 0;
    for (const { rank, low, high, expected } of band) {
      expect(low).toBeLessThan(expected);
      expect(high).toBeGreaterThan(expected);
      const own = Array.from({ length: trials }, (_, trial) => samples[trial]?.[rank - 1] ?? Number.NaN);
      const share = own.filter((x) => x >= low && x <= high).length / trials;
      expect(Math.abs(share - 0.95), `rank ${rank}`).toBeLessThan(4.5 * Math.sqrt((0.95 * 0.05) / trials));
      inside += share / 100;
    }
    // Ranks of a sample depend on each other: worth some four numbers each.
    expect(Math.abs(inside - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / (4 * trials)));
    const heavy = drawLaw({ law: 'laplace', deviation: 2 }, 4000, 1).sort();
    const points = quantilePoints(heavy, (p) => 2 * normalQuantile(p));
    expect(points.slice(0, 20).every(({ found, low }) => found < low)).toBe(true);
  });

  it('of many numbers keep all at the ends and no rank twice', () => {
    const sorted = drawLaw({ law: 'normal', deviation: 1 }, 20_000, 1).sort();
    const points = quantilePoints(sorted, normalQuantile, 100);
    const ranks = points.map(({ rank }) => rank);
    expect(ranks).toHaveLength(100);
    // No gap of the plot is wide: a quarter of a deviation at most between neighbors that are not the outermost.
    const gaps = points.slice(1).map(({ expected }, i) => expected - (points[i]?.expected ?? 0));
    expect(Math.max(...gaps.slice(5, -5))).toBeLessThan(0.25);
    expect(ranks.slice(0, 31)).toEqual(Array.from({ length: 31 }, (_, i) => i + 1));
    expect(ranks.slice(-30)).toEqual(Array.from({ length: 30 }, (_, i) => 19_971 + i));
    expect(new Set(ranks).size).toBe(100);
    const few = quantilePoints(sorted.subarray(0, 105), normalQuantile, 100).map(({ rank }) => rank);
    expect(few.length).toBeGreaterThan(80);
    expect(few.length).toBeLessThanOrEqual(100);
    expect(few).toEqual([...new Set(few)].sort((a, b) => a - b));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(quantilePoints(Float64Array.of(3), normalQuantile)).toMatchObject([{ rank: 1, found: 3 }]);
    expect(() => quantilePoints(new Float64Array(0), normalQuantile)).toThrow('there are no numbers');
    expect(() => quantilePoints(sorted, normalQuantile, 9)).toThrow('most is 9; expected an integer ≥ 62');
  });
});

describe('marchenkoPasturDensity', () => {
  it('has the integral that the law has, in singular values', () => {
    for (const [aspect, variance] of [
      [1, 1],
      [2, 0.04],
      [9, 3],
    ] as const) {
      const { lower, upper } = marchenkoPasturEdges(aspect, variance);
      const [from, to] = [Math.sqrt(lower), Math.sqrt(upper)];
      const law = marchenkoPasturLaw(aspect);
      const steps = 20_000;
      let share = 0;
      for (let i = 0; i < steps; i++) {
        const s = from + ((i + 0.5) / steps) * (to - from);
        share += (marchenkoPasturDensity(aspect, variance, s) * (to - from)) / steps;
        if (i % 5000 === 2500) {
          expect(share).toBeCloseTo(law.shareBelow((s * s) / variance), 3);
        }
      }
      expect(share).toBeCloseTo(1, 5);
      expect(marchenkoPasturDensity(aspect, variance, to * 1.01)).toBe(0);
    }
    expect(marchenkoPasturDensity(1, 1, 0)).toBeCloseTo(2 / Math.PI, 12);
    expect(marchenkoPasturDensity(1, 1, 1e-6)).toBeCloseTo(2 / Math.PI, 5);
  });
});

describe('openMatrixSample', () => {
  const [rows, columns] = [50, 30];
  const values = Float64Array.from({ length: rows * columns }, (_, i) => i);

  it('is the matrix itself where that is small enough', () => {
    const sampler = openMatrixSample(rows, columns);
    sampler.add(values.subarray(0, 7));
    sampler.add(values.subarray(7));
    expect(sampler.finish()).toEqual({ rows, columns, values, ofRows: rows, ofColumns: columns });
  });

  it('is evenly spaced rows and columns of a larger one, the same whatever the pieces', () => {
    const of = (pieces: number) => {
      const sampler = openMatrixSample(rows, columns, { products: 50 * 30 * 30 * 0.125 });
      for (let from = 0; from < values.length; from += pieces)
        sampler.add(values.subarray(from, from + pieces));
      return sampler.finish();
    };
    const part = of(values.length);
    expect(part).toMatchObject({ rows: 25, columns: 15, ofRows: 50, ofColumns: 30 });
    for (const [index, value] of Array.from(part.values).entries()) {
      expect(value).toBe(2 * Math.floor(index / 15) * columns + 2 * (index % 15));
    }
    expect(of(1)).toEqual(part);
    expect(of(31)).toEqual(part);
    expect(of(450)).toEqual(part);
  });

  it('keeps a matrix of rank one of rank one, and its bulk where the sizes say', () => {
    const big = { rows: 300, columns: 150 };
    const noise = normals(45_000, 5);
    const sampler = openMatrixSample(big.rows, big.columns, { products: 60 * 30 * 30 });
    sampler.add(noise);
    const part = sampler.finish();
    expect([part.rows, part.columns]).toEqual([60, 30]);
    const top = topSingularValue(part) ** 2 / 60;
    expect(Math.abs(top - marchenkoPasturEdges(2).upper)).toBeLessThan(0.9);
    const product = openMatrixSample(big.rows, big.columns, { numbers: 1800 });
    product.add(Float64Array.from({ length: 45_000 }, (_, i) => (1 + Math.floor(i / 150)) * (2 + (i % 150))));
    const rankOne = product.finish();
    expect([rankOne.rows, rankOne.columns]).toEqual([60, 30]);
    const [first = 0, second = 0] = singularValues(rankOne);
    expect(second / first).toBeLessThan(1e-12);
  });

  it('refuses sizes that are none, and numbers that are too few', () => {
    expect(() => openMatrixSample(0, 3)).toThrow('rows is 0; expected an integer ≥ 1');
    expect(() => openMatrixSample(3, 3, { products: 0 })).toThrow('products is 0; expected a number ≥ 1');
    expect(() => openMatrixSample(3, 3).finish()).toThrow('0 numbers came; expected 9');
  });
});
