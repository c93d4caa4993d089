/**
 * Sparse rows against the dense products of the rows written out: the same bits for finite numbers, over widths around every
 * tile, empty rows and full ones, with dirty memory and guards around everything.
 */
import { describe, expect, it } from 'vitest';
import {
  allocateDenseNetwork,
  allocateForward,
  allocateMatrix,
  allocateSparseRows,
  createEngine,
  forward,
  InvalidArgumentError,
  readMatrix,
  writeMatrix,
  writeSparseRows,
} from '../src/index.js';
import {
  gatherSparsePixels,
  gemmErrorBound,
  type ReferenceSparseRows,
  sparseNn,
  sparseNnF32,
  sparseTn,
  sparseTnF32,
} from '../src/reference/index.js';
import { firstDifference, firstOutside, randomFloats, seededNumbers } from './floats.js';
import { borrowing, guardedBlock, guardedRows, guardedVector, placeBytes, readRows } from './guarded.js';

const engine = createEngine();
const { kernels, arena } = engine;

/** Bytes of which about `density` are not zero; the first row is empty, the second full. */
function pixels(seed: number, rows: number, columns: number, density: number): Uint8Array {
  const next = seededNumbers(seed);
  return Uint8Array.from({ length: rows * columns }, (_, i) => {
    const row = Math.floor(i / columns);
    const value = 1 + Math.floor(255 * next());
    return row === 0 ? 0 : row === 1 || next() < density ? value : 0;
  });
}

interface Placed {
  readonly starts: number;
  readonly entryColumns: number;
  readonly values: number;
}

function place(rows: ReferenceSparseRows): Placed {
  const starts = arena.allocate(4 * (rows.rows + 1));
  arena.words(starts, rows.rows + 1).set(Array.from(rows.starts));
  const entries = rows.values.length;
  const entryColumns = placeBytes(
    engine,
    new Uint8Array(Uint16Array.from(Array.from(rows.entryColumns)).buffer),
  );
  const values = arena.allocateFloats(entries);
  arena.floats(values, entries).set(Float32Array.from(Array.from(rows.values)));
  return { starts, entryColumns, values };
}

const widths = [1, 3, 4, 5, 8, 10, 12, 16, 17, 31, 32, 33, 50, 100];
const shapes = widths.flatMap((n) => [
  { m: 5, k: 37, n, density: 0.3 },
  { m: 2, k: 1, n, density: 1 },
  { m: 33, k: 16, n, density: 0.05 },
]);

/** What each kernel does with a bias. */
const epilogues = [
  { name: 'sparse_nn', epilogue: () => ({}) },
  { name: 'sparse_nn_bias', epilogue: (bias: Float32Array) => ({ bias }) },
  { name: 'sparse_nn_bias_relu', epilogue: (bias: Float32Array) => ({ bias, relu: true }) },
] as const;

describe('products with sparse rows', () => {
  it.each(shapes)('$m × $k times $k × $n have the bits of the dense one', ({ m, k, n, density }) => {
    borrowing(engine, () => {
      const order = Array.from({ length: m }, (_, i) => i);
      const x = gatherSparsePixels(order, pixels(m * n + k, m, k, density), k);
      const placed = place(x);
      const pointers = [placed.starts, placed.entryColumns, placed.values] as const;
      const ld = Math.ceil(n / 4) * 4 + 4;
      const w = randomFloats(2, k * n);
      const bias = randomFloats(3, n);
      const d = randomFloats(4, m * n);
      const weights = guardedRows(engine, { rows: k, columns: n, ld }, w);
      const offsets = guardedVector(engine, bias);
      const deltas = guardedRows(engine, { rows: m, columns: n, ld }, d);
      const c = guardedBlock(engine, m * ld);
      const g = guardedBlock(engine, k * ld);

      const product = [m, n, ...pointers, weights.pointer, ld, c.pointer, ld] as const;
      const multiply = {
        sparse_nn: () => kernels.sparse_nn(...product),
        sparse_nn_bias: () => kernels.sparse_nn_bias(...product, offsets.pointer),
        sparse_nn_bias_relu: () => kernels.sparse_nn_bias_relu(...product, offsets.pointer),
      };
      const results = epilogues.map(({ name, epilogue }) => {
        multiply[name]();
        const numbers = readRows(engine, c.pointer, { rows: m, columns: n, ld });
        const followed = epilogue(bias);
        expect(firstDifference(numbers, sparseNnF32(x, w, n, followed)), name).toBeNull();
        return { numbers, followed };
      });
      kernels.sparse_tn(m, k, n, ...pointers, deltas.pointer, ld, g.pointer, ld);
      const gradient = readRows(engine, g.pointer, { rows: k, columns: n, ld });
      expect(firstDifference(gradient, sparseTnF32(x, d, n))).toBeNull();
      expect([c, g, weights, deltas].map((block) => block.brokenGuard())).toEqual([null, null, null, null]);

      // And both are near the product in f64: the twins above share the kernel's order, these do not.
      const dense = new Float64Array(m * k);
      for (let i = 0; i < m; i++) {
        for (let p = x.starts[i] ?? 0; p < (x.starts[i + 1] ?? 0); p++) {
          dense[i * k + (x.entryColumns[p] ?? 0)] = x.values[p] ?? 0;
        }
      }
      for (const { numbers, followed } of results) {
        const bounds = gemmErrorBound({ m, n, k, layout: 'nn', a: dense, b: w, ...followed });
        expect(firstOutside(numbers, sparseNn(x, w, n, followed), (i) => bounds[i] ?? 0)).toBeNull();
      }
      const backBounds = gemmErrorBound({ m: k, n, k: m, layout: 'tn', a: dense, b: d });
      expect(firstOutside(gradient, sparseTn(x, d, n), (i) => backBounds[i] ?? 0)).toBeNull();
    });
  });
});

describe('gather_sparse_pixels', () => {
  it.each([1, 15, 16, 17, 48, 784])('keeps the nonzero pixels of rows of %i in order', (width) => {
    borrowing(engine, () => {
      const source = pixels(width, 7, width, 0.4);
      const order = [6, 0, 1, 1, 3];
      const index = arena.allocate(4 * order.length);
      arena.words(index, order.length).set(order);
      const rows = allocateSparseRows(engine, order.length, width);
      const { starts, entryColumns, values } = rows;
      const bytes = placeBytes(engine, source);
      kernels.gather_sparse_pixels(order.length, index, bytes, width, starts, entryColumns, values);
      const want = gatherSparsePixels(order, source, width);
      expect(Array.from(arena.words(starts, order.length + 1))).toEqual(want.starts);
      const entries = want.values.length;
      const columns = new Uint16Array(arena.bytes(entryColumns, 2 * entries).slice().buffer);
      expect(Array.from(columns)).toEqual(want.entryColumns);
      const got = arena.floats(values, entries).slice();
      expect(firstDifference(got, Float32Array.from(Array.from(want.values)))).toBeNull();
    });
  });
});

describe('sparse input of a network', () => {
  it('gives the bits of the dense input', () => {
    borrowing(engine, () => {
      const network = allocateDenseNetwork(engine, { widths: [30, 7, 5], outputs: 3 });
      network.layers.forEach(({ weights }, seed) => {
        writeMatrix(engine, weights, randomFloats(seed, weights.rows * weights.columns));
      });
      const source = pixels(9, 6, 30, 0.3);
      const order = [0, 1, 2, 3, 4, 5];
      const index = arena.allocate(24);
      arena.words(index, 6).set(order);
      const bytes = placeBytes(engine, source);
      const sparse = allocateSparseRows(engine, 6, 30);
      const dense = allocateMatrix(engine, 6, 30);
      kernels.gather_sparse_pixels(6, index, bytes, 30, sparse.starts, sparse.entryColumns, sparse.values);
      kernels.gather_pixels(6, index, bytes, 30, dense.pointer, dense.stride);
      const workspace = allocateForward(engine, network, 6);
      const want = readMatrix(engine, forward(engine, network, dense, workspace));
      const got = readMatrix(engine, forward(engine, network, sparse, workspace));
      expect(firstDifference(got, want)).toBeNull();
    });
  });

  it('may be written from plain numbers', () => {
    borrowing(engine, () => {
      const rows = allocateSparseRows(engine, 3, 4);
      const written = [0, 0, 0, 0, 1.5, 0, -2, Number.NaN, 0, -0, 0, 7];
      writeSparseRows(engine, rows, written);
      expect(Array.from(arena.words(rows.starts, 4))).toEqual([0, 0, 3, 4]);
      const columns = new Uint16Array(arena.bytes(rows.entryColumns, 8).slice().buffer);
      expect(Array.from(columns)).toEqual([0, 2, 3, 3]);
      expect(Array.from(arena.floats(rows.values, 4))).toEqual([1.5, -2, Number.NaN, 7]);
      expect(() => writeSparseRows(engine, rows, [1])).toThrow('got 1 values; expected 3 × 4 = 12');
    });
  });

  it('must have the columns that the network takes', () => {
    borrowing(engine, () => {
      const network = allocateDenseNetwork(engine, { widths: [30, 7], outputs: 0 });
      const workspace = allocateForward(engine, network, 6);
      expect(() => forward(engine, network, allocateSparseRows(engine, 6, 31), workspace)).toThrow(
        InvalidArgumentError,
      );
      expect(() => allocateSparseRows(engine, 1, 65_537)).toThrow('columns is 65537');
      expect(() => allocateSparseRows(engine, -1, 5)).toThrow('rows is -1');
    });
  });
});
