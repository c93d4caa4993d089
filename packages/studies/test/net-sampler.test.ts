/** Drawing nets from fitted laws: factors, fits that find the law they were drawn from, draws that follow it. */
import {
  allocateNetwork,
  createEngine,
  denseArchitecture,
  InvalidArgumentError,
  openStream,
  type RandomKey,
  readMatrix,
  rootKey,
} from '@kindling/core';
import { findInitializer, initializeParameters } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { familyNet } from '../src/catalog/law-init/families.js';
import { cholesky, solveLower, timesLower, transposed } from '../src/linear-algebra/cholesky.js';
import { fitMatrixNormal, matrixNormalDraw } from '../src/weight-laws/matrix-normal.js';
import { drawNet, fitNet } from '../src/weight-laws/net-sampler.js';
import { copyTensors, type NamedTensor } from '../src/zoo/checkpoints.js';

const engine = createEngine();

function normals(count: number, key: RandomKey): Float64Array {
  const mark = engine.arena.mark();
  const room = engine.arena.allocateFloats(count);
  engine.kernels.fill_normal(openStream(engine, key), count, room, 1);
  const values = Float64Array.from(engine.arena.floats(room, count));
  engine.arena.release(mark);
  return values;
}

const outer = (factor: Float64Array, n: number) => timesLower(factor, n, transposed(factor, n, n), n);

/** Every number within a tolerance. */
function expectNear(values: Float64Array, expected: ArrayLike<number>, tolerance: number): void {
  for (const [i, value] of values.entries())
    expect(Math.abs(value - (expected[i] ?? 0))).toBeLessThan(tolerance);
}

describe('factors', () => {
  const matrix = Float64Array.from([4, 2, 1, 2, 5, 3, 1, 3, 6]);

  it('multiply to the matrix, and solve', () => {
    const factor = cholesky(matrix, 3);
    expectNear(outer(factor, 3), matrix, 1e-12);
    expect([factor[1], factor[2], factor[5]]).toEqual([0, 0, 0]);
    const right = Float64Array.from([1, 2, 3, 4, 5, 6]);
    const solution = Float64Array.from(right);
    solveLower(factor, 3, solution, 2);
    expectNear(timesLower(factor, 3, solution, 2), right, 1e-12);
  });

  it('are refused for a matrix that is not positive definite', () => {
    expect(() => cholesky(Float64Array.from([1, 2, 2, 1]), 2)).toThrow(InvalidArgumentError);
    expect(() => cholesky(Float64Array.from([Number.NaN]), 1)).toThrow(/pivot 0/);
  });
});

describe('a matrix normal law', () => {
  const [rows, columns] = [4, 3];
  const mean = Float64Array.from({ length: 12 }, (_, i) => i / 4);
  const truth = {
    rows,
    columns,
    mean,
    rowFactor: Float64Array.from([1.2, 0, 0, 0, 0.5, 0.8, 0, 0, 0, 0.3, 0.9, 0, -0.4, 0, 0, 0.7]),
    columnFactor: Float64Array.from([2, 0, 0, 0.5, 1, 0, 0, -0.3, 0.5]),
    meanSquare: Number.NaN,
    iterations: 0,
  };
  const samples = Array.from({ length: 3000 }, (_, i) => matrixNormalDraw(truth, normals(12, rootKey(i))));
  const open = {
    rows,
    columns,
    samples,
    rowSymmetry: 'any',
    columnSymmetry: 'any',
    shrinkage: 1e-6,
  } as const;

  it('is found again from its draws: mean, both covariances, mean square', () => {
    const found = fitMatrixNormal(open);
    expectNear(found.mean, mean, 0.25);
    // Only the product of the scales is known: compare covariances of trace n.
    const [u, v] = [outer(found.rowFactor, rows), outer(found.columnFactor, columns)];
    const [trueU, trueV] = [outer(truth.rowFactor, rows), outer(truth.columnFactor, columns)];
    const scale = (trueU[0] ?? 0) / (u[0] ?? 1);
    // 3,000 draws of 4 × 3 numbers know a covariance to some hundredths.
    expectNear(
      u.map((value) => value * scale),
      trueU,
      0.09,
    );
    expectNear(
      v.map((value) => value / scale),
      trueV,
      0.3,
    );
    const squares = samples.reduce(
      (sum, sample) => sum + sample.reduce((all, value) => all + value * value, 0),
      0,
    );
    expect(found.meanSquare / (squares / (12 * samples.length))).toBeCloseTo(1, 2);
  });

  it('does not find a covariance that was taken away: the control', () => {
    const shrunk = fitMatrixNormal({ ...open, shrinkage: 1 });
    expect(shrunk.rowFactor[4]).toBe(0);
    const found = fitMatrixNormal(open);
    expect(Math.abs(found.rowFactor[4] ?? 0)).toBeGreaterThan(0.3);
  });

  it('has one variance and one covariance along exchangeable axes, none along independent ones', () => {
    const law = fitMatrixNormal({ ...open, rowSymmetry: 'exchangeable', columnSymmetry: 'independent' });
    const u = outer(law.rowFactor, rows);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < rows; j++) expect(u[i * rows + j]).toBeCloseTo(i === j ? 1 : (u[1] ?? 0), 10);
    }
    const v = outer(law.columnFactor, columns);
    expect([v[1], v[2], v[5]]).toEqual([0, 0, 0]);
    expect(new Set(law.mean).size).toBe(1);
  });

  it('is fitted where there are fewer samples than places, at the samples’ scale', () => {
    const long = Array.from({ length: 2 }, (_, i) => normals(60 * 3, rootKey(i)).map((value) => 5 * value));
    const law = fitMatrixNormal({
      rows: 60,
      columns: 3,
      samples: long,
      rowSymmetry: 'any',
      columnSymmetry: 'exchangeable',
      shrinkage: 0.1,
    });
    expect(Math.sqrt(law.meanSquare)).toBeGreaterThan(4);
    expect(Math.sqrt(law.meanSquare)).toBeLessThan(6);
  });

  it.each([
    [{ samples: [] }, /no samples/],
    [{ samples: [new Float64Array(11)] }, /11 numbers; expected 4 × 3/],
    [{ shrinkage: 0 }, /shrinkage is 0/],
    [{ samples: [mean, mean] }, /pivot 0/],
  ])('is refused for %j', (change, words) => {
    expect(() => fitMatrixNormal({ ...open, ...change })).toThrow(words);
  });
});

describe('nets drawn from laws', () => {
  const sizes = { side: 8, classes: 10 };
  const initializer = findInitializer('he-uniform').initializer;

  /** Fresh nets, their weights changed by `change`. */
  function nets(architecture: ReturnType<typeof familyNet>, change = (value: number, _row: number) => value) {
    return Array.from({ length: 5 }, (_, seed): readonly NamedTensor[] => {
      const mark = engine.arena.mark();
      const network = allocateNetwork(engine, architecture);
      initializeParameters(engine, network, initializer, rootKey(seed));
      const tensors = copyTensors(engine, network).filter(({ kind }) => kind === 'weights');
      engine.arena.release(mark);
      return tensors.map((tensor) => ({
        ...tensor,
        values: tensor.values.map((value, i) => change(value, Math.floor(i / tensor.columns))),
      }));
    });
  }

  function draw(
    architecture: ReturnType<typeof familyNet>,
    kind: 'marginal' | 'matrix-normal' | 'filter-covariance',
    rescale: boolean,
    of = nets(architecture),
  ) {
    const mark = engine.arena.mark();
    const network = allocateNetwork(engine, architecture);
    drawNet(engine, network, fitNet({ nets: of, kind, shrinkage: 0.1 }), { key: rootKey(9), rescale });
    const weights = network.parameters
      .filter((one) => one.kind === 'weights')
      .map(({ matrix }) => readMatrix(engine, matrix));
    engine.arena.release(mark);
    return weights;
  }

  const meanSquare = (values: Float32Array) =>
    values.reduce((sum, value) => sum + value * value, 0) / values.length;

  it('by the marginal have its form and its ends', () => {
    const architecture = familyNet('dense', 2, sizes);
    const [first] = draw(architecture, 'marginal', false);
    const bound = Math.sqrt(6 / 64);
    // Uniform: no weight beyond the bound, and a kurtosis of 1.8; a normal law would have some beyond, and 3.
    expect(Math.max(...(first ?? []))).toBeLessThanOrEqual(bound);
    expect(Math.max(...(first ?? []))).toBeGreaterThan(0.99 * bound);
    const squares = meanSquare(first ?? new Float32Array());
    const fourth =
      (first ?? new Float32Array()).reduce((sum, value) => sum + value ** 4, 0) / (first?.length ?? 1);
    expect(fourth / squares ** 2).toBeCloseTo(1.8, 1);
  });

  it.each(['marginal', 'matrix-normal', 'filter-covariance'] as const)(
    'by %s have the mean square of He where rescaled',
    (kind) => {
      const architecture = familyNet('conv', 2, sizes);
      const of = nets(architecture, (value) => 3 * value);
      const fanIns = [9, 72, 32];
      const scaled = draw(architecture, kind, true, of);
      const asTheyAre = draw(architecture, kind, false, of);
      fanIns.forEach((fanIn, layer) => {
        const drawn = scaled[layer] ?? new Float32Array();
        // Five errors of a mean square of so many normal numbers, and what five nets know of theirs.
        const error = 5 * Math.sqrt(2 / drawn.length + 2 / (5 * drawn.length));
        expect(Math.abs(meanSquare(drawn) * (fanIn / 2) - 1)).toBeLessThan(error);
        expect(Math.abs(meanSquare(asTheyAre[layer] ?? drawn) * (fanIn / 18) - 1)).toBeLessThan(error);
      });
    },
  );

  it('by covariances know which inputs weigh more, by the marginal not', () => {
    const architecture = familyNet('dense', 2, sizes);
    const half = (value: number, row: number) => (row < 32 ? 4 * value : value);
    const ratio = (values: Float32Array | undefined) =>
      meanSquare((values ?? new Float32Array()).subarray(0, 32 * 50)) /
      meanSquare((values ?? new Float32Array()).subarray(32 * 50));
    // 16, less what a tenth of shrinkage evens out.
    expect(ratio(draw(architecture, 'matrix-normal', false, nets(architecture, half))[0])).toBeGreaterThan(5);
    expect(ratio(draw(architecture, 'marginal', false, nets(architecture, half))[0])).toBeLessThan(1.5);
  });

  it('are the same by the same key, and refused for another architecture', () => {
    const architecture = familyNet('conv', 2, sizes);
    expect(draw(architecture, 'matrix-normal', false)).toEqual(draw(architecture, 'matrix-normal', false));
    const law = fitNet({ nets: nets(architecture), kind: 'marginal', shrinkage: 0.1 });
    const other = allocateNetwork(engine, denseArchitecture({ widths: [64, 10], outputs: 0 }));
    expect(() => drawNet(engine, other, law, { key: rootKey(1), rescale: true })).toThrow(
      /3 weight matrices for a network of 1/,
    );
    expect(() => fitNet({ nets: [], kind: 'marginal', shrinkage: 0.1 })).toThrow(/no nets/);
  });
});
