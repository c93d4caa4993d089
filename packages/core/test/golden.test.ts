/**
 * The numeric contract, written down: what a fixed key draws and a fixed product gives, as bits. A change here changes every
 * number anybody has computed. If that is meant, run this file with UPDATE_GOLDEN=1, say so in the changelog, and commit the
 * new vectors.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  allocateSparseRows,
  createEngine,
  deriveKey,
  keyPurpose,
  openStream,
  type Pointer,
  rootKey,
  type Stream,
} from '../src/index.js';
import { hex, randomFloats } from './floats.js';
import { borrowing, guardedVector, placeBytes, placeWords } from './guarded.js';

const engine = createEngine();
const { kernels } = engine;
const key = deriveKey(deriveKey(rootKey(20180305), keyPurpose.trial, 1), keyPurpose.weights, 2);

/** The bits of 16 draws, from a fresh stream. */
function sixteen(fill: (state: Stream, out: Pointer) => void): string {
  return borrowing(engine, () => {
    const state = openStream(engine, key);
    const out = engine.arena.allocate(64);
    fill(state, out);
    return Array.from(engine.arena.words(out, 16), hex).join(' ');
  });
}

/** Bits of f32, and one word for many: FNV-1a over their bytes. */
function checksum(floats: Float32Array): string {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hex(hash);
}

function bits64(x: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

function randomVectors(): unknown {
  return {
    recipe: 'deriveKey(deriveKey(rootKey(20180305), trial, 1), weights, 2); 16 draws, f32 or u32 bits',
    key: key.map(hex).join(' '),
    words: sixteen((state, out) => kernels.fill_words(state, 4, out)),
    uniform: sixteen((state, out) => kernels.fill_uniform(state, 16, out, -0.25, 0.5)),
    normal: sixteen((state, out) => kernels.fill_normal(state, 16, out, 0.1)),
    truncatedNormal: sixteen((state, out) => kernels.fill_truncated_normal(state, 16, out, 0.1)),
    laplace: sixteen((state, out) => kernels.fill_laplace(state, 16, out, 0.1)),
    rademacher: sixteen((state, out) => kernels.fill_rademacher(state, 16, out, 0.1)),
    studentT: sixteen((state, out) => kernels.fill_student_t(state, 16, out, 0.1, 5)),
    permutation: sixteen((state, out) => kernels.fill_permutation(state, 16, out)),
  };
}

function kernelVectors(): unknown {
  return borrowing(engine, () => {
    const [m, n, k] = [37, 28, 61];
    const read = (pointer: Pointer, count: number) => engine.arena.floats(pointer, count).slice();
    const [a, b] = [
      guardedVector(engine, randomFloats(1, m * k)),
      guardedVector(engine, randomFloats(2, k * n)),
    ];
    const bias = guardedVector(engine, randomFloats(3, n));
    const [c, scratch] = [engine.arena.allocateFloats(m * n), engine.arena.allocateFloats(k * n)];
    kernels.sgemm_nn_bias_relu(m, n, k, a.pointer, k, b.pointer, n, c, n, scratch, bias.pointer);
    const product = read(c, m * n);
    const logits = guardedVector(engine, randomFloats(4, 7 * 12));
    const labels = placeBytes(engine, [0, 9, 3, 3, 1, 8, 5]);
    const loss = kernels.softmax_cross_entropy(7, 12, logits.pointer, 12, labels);
    return {
      recipe: 'randomFloats of test/floats.ts; checksums are FNV-1a over the bytes of f32',
      gemm: {
        first: Array.from(new Uint32Array(product.buffer, 0, 8), hex).join(' '),
        checksum: checksum(product),
      },
      softmax: { loss: bits64(loss), gradient: checksum(read(logits.pointer, 84)) },
      sumSquares: bits64(
        kernels.sum_squares(3, 333, guardedVector(engine, randomFloats(5, 999)).pointer, 333),
      ),
      exp: [-700.5, -1, 0.1, 300.25].map((x) => bits64(kernels.exp_f64(x))).join(' '),
      ...furtherKernelVectors(),
      sparse: sparseVectors(),
      log: [1e-310, 0.3, 7, 1e300].map((x) => bits64(kernels.log_f64(x))).join(' '),
    };
  });
}

/** The loss, optimizers and kin on 99 floats, the functions of f64 on a few. */
function furtherKernelVectors(): Readonly<Record<string, unknown>> {
  const floats = (seed: number) => guardedVector(engine, randomFloats(seed, 99)).pointer;
  const sumOf = (...pointers: Pointer[]) =>
    pointers.map((pointer) => checksum(engine.arena.floats(pointer, 99).slice())).join(' ');
  const [outputs, rows, w, v, m] = [floats(6), floats(8), floats(9), floats(11), floats(12)];
  const loss = kernels.mean_squared_error(33, 3, outputs, 3, floats(7), 3);
  kernels.orthonormalize_rows(9, 11, rows, 11);
  kernels.momentum_update(99, w, floats(10), v, 0.1, 0.9);
  const momentum = sumOf(w, v);
  engine.arena.floats(v, 99).forEach((value, i, all) => {
    all[i] = value * value;
  });
  kernels.adam_update(
    99,
    w,
    floats(13),
    m,
    v,
    1e-3,
    0.9,
    0.999,
    1 / (1 - 0.9 ** 3),
    1 / (1 - 0.999 ** 3),
    1e-8,
  );
  return {
    meanSquaredError: { loss: bits64(loss), gradient: sumOf(outputs) },
    orthonormalizeRows: sumOf(rows),
    momentum,
    adam: sumOf(w, m, v),
    ...seluAndKin(),
    positiveSquareSum: bits64(kernels.positive_square_sum(99, floats(14))),
    floatBits: floatBitVectors(),
    sin: [-1e5, 0.1, 2, 1e300].map((x) => bits64(kernels.sin_f64(x))).join(' '),
    atan: [-1e5, 0.1, 2, 1e300].map((x) => bits64(kernels.atan_f64(x))).join(' '),
  };
}

/** SELU there and back, and the optimizers that remember squares or maxima. */
function seluAndKin(): Readonly<Record<string, string>> {
  const floats = (seed: number) => guardedVector(engine, randomFloats(seed, 99)).pointer;
  const sumOf = (...pointers: Pointer[]) =>
    pointers.map((pointer) => checksum(engine.arena.floats(pointer, 99).slice())).join(' ');
  const [x, g, w, m, v] = [floats(19), floats(20), floats(21), floats(22), floats(23)];
  kernels.selu(99, x);
  kernels.selu_backward(99, g, x);
  engine.arena.floats(v, 99).forEach((value, i, all) => {
    all[i] = value * value;
  });
  const selu = sumOf(x, g);
  kernels.adamax_update(99, w, g, m, v, 2e-3, 0.9, 0.999, 1 / (1 - 0.9 ** 3), 1e-8);
  const adamax = sumOf(w, m, v);
  kernels.rmsprop_update(99, w, g, v, 0.01, 0.99, 1e-8);
  const rmsprop = sumOf(w, v);
  kernels.adagrad_update(99, w, g, v, 0.01, 1e-10);
  return { selu, adamax, rmsprop, adagrad: sumOf(w, v) };
}

/** What is counted of 99 floats and their bits. */
function floatBitVectors(): string {
  const { arena } = engine;
  const x = guardedVector(engine, randomFloats(18, 99)).pointer;
  const [groups, keys, states] = [1024, 65_536, 148].map((count) => {
    const pointer = arena.allocateFloats(count);
    arena.words(pointer, count).fill(0);
    return pointer;
  }) as [Pointer, Pointer, Pointer];
  kernels.count_float_groups(99, x, groups);
  kernels.count_float_keys(99, x, -1, keys);
  kernels.float_bit_runs(99, x, placeWords(engine, [128, 128, 127, 126, 64, 64, 126, 126]), states);
  kernels.float_runs(99, x, 0.125, 0.125, states + 16 * 36);
  return [
    checksum(arena.floats(groups, 1024)),
    checksum(arena.floats(keys, 65_536)),
    checksum(arena.floats(states, 148)),
  ].join(' ');
}

/** A batch of sparse pixels through a product and back. */
function sparseVectors(): string {
  const { arena } = engine;
  const [m, k, n] = [9, 40, 10];
  const source = Uint8Array.from(randomFloats(15, m * k), (x) => Math.max(0, 255 * x));
  const index = arena.allocate(4 * m);
  arena.words(index, m).forEach((_, i, all) => {
    all[i] = m - 1 - i;
  });
  const { starts, entryColumns, values } = allocateSparseRows(engine, m, k);
  kernels.gather_sparse_pixels(m, index, placeBytes(engine, source), k, starts, entryColumns, values);
  const [w, bias] = [
    guardedVector(engine, randomFloats(16, k * 12)),
    guardedVector(engine, randomFloats(17, n)),
  ];
  const [c, g] = [arena.allocateFloats(m * 12), arena.allocateFloats(k * 12)];
  kernels.sparse_nn_bias_relu(m, n, starts, entryColumns, values, w.pointer, 12, c, 12, bias.pointer);
  kernels.sparse_tn(m, k, n, starts, entryColumns, values, c, 12, g, 12);
  const tenOf = (pointer: Pointer, rows: number) =>
    checksum(arena.floats(pointer, rows * 12).filter((_, i) => i % 12 < n));
  const relu = tenOf(c, m);
  kernels.sparse_nn_bias(m, n, starts, entryColumns, values, w.pointer, 12, c, 12, bias.pointer);
  const biased = tenOf(c, m);
  kernels.sparse_nn(m, n, starts, entryColumns, values, w.pointer, 12, c, 12);
  return `${relu} ${tenOf(g, k)} ${biased} ${tenOf(c, m)}`;
}

describe('golden vectors', () => {
  it.each([
    ['random', randomVectors],
    ['kernels', kernelVectors],
  ] as const)('of %s are what they were', (name, compute) => {
    const file = new URL(`./golden/${name}.json`, import.meta.url);
    if (process.env['UPDATE_GOLDEN'] === '1') {
      writeFileSync(file, `${JSON.stringify(compute(), null, 2)}\n`);
    }
    expect(compute()).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});
