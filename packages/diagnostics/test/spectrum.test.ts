/** Spectra of weight matrices: singular values by hand and by invariants, random matrices by their laws, spikes and power laws that are there. */
import { createEngine } from '@kindling/core';
import { describe, expect, it } from 'vitest';
import {
  fitPowerLaw,
  marchenkoPasturEdges,
  marchenkoPasturLaw,
  shuffleTest,
  singularValues,
  topEigenvalueLaw,
  topSingularValue,
  tracyWidom,
  type WeightMatrix,
  weightSpectrum,
} from '../src/index.js';
import { normals } from './parameter-draws.js';

const engine = createEngine();

function randomMatrix(rows: number, columns: number, number: number): WeightMatrix {
  return { rows, columns, values: normals(rows * columns, number) };
}

/** Adds strength·√rows·u·vᵀ, u and v of length 1: an eigenvalue of WᵀW/rows near strength² in the absence of the rest. */
function withSpike(matrix: WeightMatrix, strength: number): WeightMatrix {
  const { rows, columns } = matrix;
  const [u, v] = [normals(rows, 901), normals(columns, 902)];
  const length = (x: Float32Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
  const factor = (strength * Math.sqrt(rows)) / (length(u) * length(v));
  const values = Float64Array.from(
    { length: rows * columns },
    (_, i) => (matrix.values[i] ?? 0) + factor * (u[Math.floor(i / columns)] ?? 0) * (v[i % columns] ?? 0),
  );
  return { rows, columns, values };
}

describe('singularValues', () => {
  it('are those of matrices one knows', () => {
    const [first, second] = singularValues({ rows: 2, columns: 2, values: [3, 0, 4, 5] });
    expect(first).toBeCloseTo(Math.sqrt(45), 13);
    expect(second).toBeCloseTo(Math.sqrt(5), 13);
    expect([...singularValues({ rows: 1, columns: 3, values: [2, -3, 6] })]).toEqual([expect.closeTo(7, 13)]);
    expect([...singularValues({ rows: 2, columns: 3, values: new Array(6).fill(0) })]).toEqual([0, 0]);
    const ones = singularValues({ rows: 4, columns: 9, values: new Array(36).fill(1) });
    expect(ones[0]).toBeCloseTo(6, 13);
    expect(Math.max(...ones.slice(1))).toBeLessThan(1e-14);
  });

  it('are the roots of a chain: the bidiagonal matrix of ones has 2·cos(kπ/(2n + 1))', () => {
    const n = 12;
    const values = Array.from({ length: n * n }, (_, i) => {
      const [row, column] = [Math.floor(i / n), i % n];
      return column === row || column === row + 1 ? 1 : 0;
    });
    [...singularValues({ rows: n, columns: n, values })].forEach((value, k) => {
      expect(value).toBeCloseTo(2 * Math.cos(((k + 1) * Math.PI) / (2 * n + 1)), 13);
    });
  });

  it('keep Σs² = Σw² and Σs⁴ = ‖WᵀW‖², do not mind transposing, and scale with the matrix', () => {
    for (const [rows, columns] of [
      [40, 40],
      [57, 23],
      [9, 31],
    ] as const) {
      const matrix = randomMatrix(rows, columns, 1);
      const found = singularValues(matrix);
      const w = (i: number, j: number) => matrix.values[i * columns + j] ?? 0;
      let [squares, fourths] = [0, 0];
      for (let j = 0; j < columns; j++) {
        for (let k = 0; k < columns; k++) {
          let product = 0;
          for (let i = 0; i < rows; i++) product += w(i, j) * w(i, k);
          fourths += product * product;
          if (j === k) squares += product;
        }
      }
      const powers = (power: number) => found.reduce((sum, value) => sum + value ** power, 0);
      expect(powers(2) / squares).toBeCloseTo(1, 12);
      expect(powers(4) / fourths).toBeCloseTo(1, 12);
      expect([...found]).toEqual([...found].sort((a, b) => b - a));
      const values = Array.from({ length: rows * columns }, (_, i) => w(i % rows, Math.floor(i / rows)));
      singularValues({ rows: columns, columns: rows, values }).forEach((value, i) => {
        expect(value).toBeCloseTo(found[i] ?? 0, 11);
      });
      for (const factor of [2 ** -200, 2 ** 500]) {
        const scaled = Float64Array.from(matrix.values, (value) => value * factor);
        expect(singularValues({ rows, columns, values: scaled }).map((x) => x / factor)).toEqual(found);
      }
    }
  });

  it('refuse what is no matrix', () => {
    const values = [1, 2, 3, 4, 5, 6];
    expect(() => singularValues({ rows: 2, columns: 2, values })).toThrow(
      'singularValues: values hold 6 numbers; expected 2 × 2 = 4',
    );
    expect(() => singularValues({ rows: 0, columns: 2, values: [] })).toThrow(
      'rows is 0; expected an integer ≥ 1',
    );
    expect(() => singularValues({ rows: 1e5, columns: 1e5, values })).toThrow('at most 50000000 numbers');
    expect(() => singularValues({ rows: 2, columns: 1, values: [1, Number.NaN] })).toThrow(
      'the number in row 1, column 0 is NaN; expected finite numbers',
    );
  });
});

describe('topSingularValue', () => {
  it('is the first of all', () => {
    for (const [rows, columns] of [
      [200, 120],
      [30, 90],
      [5, 5],
      [1, 1],
    ] as const) {
      const matrix = randomMatrix(rows, columns, 2);
      expect(topSingularValue(matrix) / (singularValues(matrix)[0] ?? 0)).toBeCloseTo(1, 9);
    }
    expect(topSingularValue({ rows: 3, columns: 3, values: new Float64Array(9) })).toBe(0);
    expect(topSingularValue({ rows: 3, columns: 3, values: [1, 0, 0, 0, 1, 0, 0, 0, 1] })).toBeCloseTo(1, 14);
  });
});

describe('the law of Marchenko and Pastur', () => {
  it('has its published edges, a share of 1 and its moments', () => {
    expect(marchenkoPasturEdges(2).upper).toBeCloseTo(2.914, 3);
    expect(marchenkoPasturEdges(1)).toEqual({ lower: 0, upper: 4 });
    expect(marchenkoPasturEdges(4, 3)).toEqual({ lower: 0.75, upper: 6.75 });
    expect(() => marchenkoPasturEdges(0.5)).toThrow('expected rows/columns ≥ 1');
    for (const aspect of [1, 1.3, 2, 10]) {
      const law = marchenkoPasturLaw(aspect);
      const { upper } = marchenkoPasturEdges(aspect);
      expect(law.shareBelow(upper - 1e-12)).toBeCloseTo(1, 6);
      expect(law.shareBelow(law.quantile(0.3))).toBeCloseTo(0.3, 9);
      // E[λ] = ∫ (1 − F) = 1, E[λ²] = ∫ 2x(1 − F) = 1 + 1/Q.
      const points = 4000;
      let [mean, square] = [0, 0];
      for (let i = 0; i < points; i++) {
        const x = ((i + 0.5) / points) * upper;
        mean += ((1 - law.shareBelow(x)) * upper) / points;
        square += (2 * x * (1 - law.shareBelow(x)) * upper) / points;
      }
      expect(mean).toBeCloseTo(1, 3);
      expect(square).toBeCloseTo(1 + 1 / aspect, 3);
    }
  });

  it('is the law of random matrices, whose largest eigenvalue is at the edge with the deviation of Tracy and Widom', () => {
    const [rows, columns, matrices] = [120, 60, 100];
    const deviations = Array.from({ length: matrices }, (_, i) => {
      const top = topSingularValue(randomMatrix(rows, columns, 100 + i));
      const { center, scale } = topEigenvalueLaw(rows, columns);
      return ((top * top) / rows - center) / scale;
    });
    const mean = deviations.reduce((sum, value) => sum + value, 0) / matrices;
    const variance = deviations.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (matrices - 1);
    const error = Math.sqrt(tracyWidom.variance / matrices);
    // Ma's error is of order 60^(−2/3) = 0.07.
    expect(Math.abs(mean - tracyWidom.mean)).toBeLessThan(4 * error + 0.07);
    expect(Math.abs(variance / tracyWidom.variance - 1)).toBeLessThan(4 * Math.sqrt(2.2 / matrices) + 0.07);
  });
});

describe('weightSpectrum', () => {
  it('fits the bulk of a random matrix, with next to no spikes', () => {
    const spectrum = weightSpectrum(randomMatrix(240, 120, 3));
    expect(spectrum.rows).toBe(240);
    expect(spectrum.bulk.variance).toBeCloseTo(1, 1);
    expect(spectrum.bulk.upper).toBeCloseTo(2.914, 0);
    // Eigenvalues repel each other: far closer to their law than 120 independent numbers.
    expect(spectrum.bulk.distance).toBeLessThan(0.03);
    expect(spectrum.spikes).toEqual([]);
    expect(Math.abs(spectrum.topDeviation - tracyWidom.mean)).toBeLessThan(
      4 * Math.sqrt(tracyWidom.variance),
    );
    expect(spectrum.stableRank).toBeCloseTo(120 / 2.9, -1);
  });

  it('finds a spike where theory puts it, which the bulk does not feel', () => {
    // λ = (1 + θ²)(1 + γ/θ²) for θ² > √γ, γ = columns/rows (Baik & Silverstein): θ² = 4, γ = ½ gives 5.625.
    const plain = weightSpectrum(randomMatrix(240, 120, 3));
    const spectrum = weightSpectrum(withSpike(randomMatrix(240, 120, 3), 2));
    expect(spectrum.spikes).toHaveLength(1);
    expect(Math.abs((spectrum.spikes[0] ?? 0) - 5.625)).toBeLessThan(4 * 2 * 5 * Math.sqrt(2 / 240));
    expect(spectrum.bulk.variance / plain.bulk.variance).toBeCloseTo(1, 1);
    expect(spectrum.meanSquare).toBeGreaterThan(1.02);
    // Below the threshold θ² = √γ = 0.71 a spike hides in the bulk.
    expect(weightSpectrum(withSpike(randomMatrix(240, 120, 3), 0.6)).spikes).toEqual([]);
  });

  it('says what it can of zeros', () => {
    const spectrum = weightSpectrum({ rows: 4, columns: 2, values: new Float64Array(8) });
    expect(spectrum.stableRank).toBeNaN();
    expect(spectrum.powerLaw).toBeNull();
    expect(spectrum.spikes).toEqual([]);
  });
});

describe('shuffleTest', () => {
  it('has uniform p-values on random entries, heavy-tailed ones too, and finds what is not in the entries', () => {
    const trials = 60;
    const p = Array.from({ length: trials }, (_, i) => {
      const cubes = normals(30 * 20, 300 + i).map((x) => x * x * x);
      return shuffleTest(engine, { rows: 30, columns: 20, values: cubes }).pValue;
    });
    // p takes the values 0.05 … 1 in steps of 0.05, each equally likely: mean 0.525, deviation 0.288.
    const mean = p.reduce((sum, value) => sum + value, 0) / trials;
    expect(Math.abs(mean - 0.525)).toBeLessThan((4 * 0.288) / Math.sqrt(trials));
    const spiked = shuffleTest(engine, withSpike(randomMatrix(60, 40, 5), 2), { shuffles: 39 });
    expect(spiked.pValue).toBe(1 / 40);
    expect(spiked.shuffled).toHaveLength(39);
    expect(spiked.top).toBeGreaterThan(Math.max(...spiked.shuffled));
    const again = shuffleTest(engine, withSpike(randomMatrix(60, 40, 5), 2), { shuffles: 39 });
    expect(again).toEqual(spiked);
    expect(() => shuffleTest(engine, randomMatrix(3, 3, 1), { shuffles: 0 })).toThrow(
      'shuffles is 0; expected',
    );
  });
});

describe('fitPowerLaw', () => {
  /** Quantiles of a share that is uniform, seen through the inverse of the law. */
  function uniforms(count: number, number: number): Float64Array {
    const x = normals(2 * count, number);
    // exp(−(x² + y²)/2) of two normals is uniform.
    return Float64Array.from({ length: count }, (_, i) =>
      Math.exp(-((x[2 * i] ?? 0) ** 2 + (x[2 * i + 1] ?? 0) ** 2) / 2),
    );
  }

  it('finds the exponent of a tail, and where it begins', () => {
    for (const alpha of [2, 2.5, 4]) {
      const all = uniforms(1500, 7).map((u) => 3 * u ** (-1 / (alpha - 1)));
      const fit = fitPowerLaw(all);
      expect(Math.abs((fit?.alpha ?? 0) - alpha)).toBeLessThan(4 * (fit?.standardError ?? 0));
      expect(fit?.distance).toBeLessThan(0.03);
      // A body that is uniform up to 3 and a tail behind it.
      const mixed = Float64Array.from([...all, ...uniforms(1500, 8).map((u) => 3 * u)]);
      const found = fitPowerLaw(mixed);
      expect(Math.abs((found?.alpha ?? 0) - alpha)).toBeLessThan(4 * (found?.standardError ?? 0) + 0.1);
      expect(found?.start).toBeGreaterThan(2);
      expect(found?.start).toBeLessThan(12);
    }
  });

  it('is far from numbers without such a tail', () => {
    const uniform = fitPowerLaw(uniforms(1000, 9).map((u) => 1 + u));
    expect(uniform?.alpha).toBeGreaterThan(6);
    expect(fitPowerLaw(new Array(50).fill(2))).toBeNull();
    expect(fitPowerLaw([1, 2, 3])).toBeNull();
    expect(fitPowerLaw([...new Array(40).fill(-1), 0])).toBeNull();
    expect(() => fitPowerLaw([1, Number.POSITIVE_INFINITY])).toThrow(
      'a value is Infinity; expected finite numbers',
    );
  });
});
