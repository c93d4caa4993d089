import {
  allocateDenseNetwork,
  allocateMatrix,
  createEngine,
  deriveKey,
  keyPurpose,
  readMatrix,
  rootKey,
} from '@kindling/core';
import {
  type Distribution,
  distributions,
  drawBiases,
  drawWeights,
  effectiveVariance,
  type Fans,
  findInitializer,
  initializeNetwork,
  initializerNames,
  layerwise,
  needsBlocks,
  needsData,
  type WeightLaw,
} from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import {
  chiSquare,
  chiSquareLimit,
  kolmogorovLimit,
  kolmogorovSmirnov,
  laplaceCdf,
  normalCdf,
  studentT5Cdf,
  truncatedNormalCdf,
  uniformCdf,
} from './probability-laws.js';

const engine = createEngine();
const rows = 400;
const columns = 500;
const fans: Fans = { fanIn: rows, fanOut: columns };

function draw(
  law: WeightLaw,
  seed: number,
  shape: readonly [number, number] = [rows, columns],
): Float32Array {
  const mark = engine.arena.mark();
  const matrix = allocateMatrix(engine, ...shape);
  drawWeights(engine, law, fans, rootKey(seed), matrix);
  const values = readMatrix(engine, matrix);
  engine.arena.release(mark);
  return values;
}

function heLaw(distribution: Distribution, scale = 2): WeightLaw {
  return { kind: 'variance-scaling', distribution, scale, mode: 'fan-in' };
}

/** The law of a number of variance 1; Rademacher's is discrete and tested by counts. */
const unitCdf: Readonly<Record<Exclude<Distribution, 'rademacher'>, (x: number) => number>> = {
  normal: normalCdf,
  uniform: (x) => uniformCdf(x, -Math.sqrt(3), Math.sqrt(3)),
  'truncated-normal': (x) => truncatedNormalCdf(x * Math.sqrt(0.7737413035499232)),
  'truncated-normal-uncorrected': (x) => truncatedNormalCdf(x * Math.sqrt(0.7737413035499232)),
  laplace: laplaceCdf,
  'student-t': studentT5Cdf,
};
const continuous = Object.keys(unitCdf) as (keyof typeof unitCdf)[];

/** √n·D of a sample against `shape` at the variance that `promised` delivers. */
function misfit(values: Float32Array, shape: keyof typeof unitCdf, promised: WeightLaw): number {
  const sigma = Math.sqrt(effectiveVariance(promised, fans).variance);
  return kolmogorovSmirnov(values, (x) => unitCdf[shape](x / sigma));
}

/** A sampler that is right raises this alarm once in a million runs of the test. */
const limit = kolmogorovLimit(1e-6);

describe.each(continuous)('%s', (distribution) => {
  const law = heLaw(distribution);
  const values = draw(law, 7);

  it('follows its law (Kolmogorov–Smirnov, 200,000 draws, false alarm 1e-6)', () => {
    expect(misfit(values, distribution, law)).toBeLessThan(limit);
  });

  it('negative control: fails the tests of the other shapes', () => {
    for (const other of continuous) {
      // Both truncated normals have one shape; their variances differ, which the next test holds.
      if (other.slice(0, 9) === distribution.slice(0, 9)) continue;
      expect(misfit(values.subarray(0, 40_000), other, law)).toBeGreaterThan(1.2 * limit);
    }
  });
});

it('negative control: the uncorrected truncated normal fails the test of the corrected one', () => {
  const values = draw(heLaw('truncated-normal-uncorrected'), 7);
  expect(misfit(values, 'truncated-normal', heLaw('truncated-normal'))).toBeGreaterThan(2 * limit);
});

it('negative control: He normal with 5 % more variance fails', () => {
  const values = draw(heLaw('normal', 2.1), 7);
  expect(misfit(values, 'normal', heLaw('normal'))).toBeGreaterThan(limit);
});

it('Rademacher is ±σ, each as often and in no pattern of neighbors (χ², false alarm 1e-6)', () => {
  const values = draw(heLaw('rademacher'), 7);
  const sigma = Math.fround(Math.sqrt(2 / rows));
  const pairs = [0, 0, 0, 0];
  let sized = 0;
  for (let i = 0; i < values.length; i += 2) {
    const a = values[i] ?? 0;
    const b = values[i + 1] ?? 0;
    if (Math.abs(a) === sigma && Math.abs(b) === sigma) sized += 1;
    const pair = (a > 0 ? 2 : 0) + (b > 0 ? 1 : 0);
    pairs[pair] = (pairs[pair] ?? 0) + 1;
  }
  expect(sized).toBe(values.length / 2);
  expect(chiSquare(pairs, values.length / 8)).toBeLessThan(chiSquareLimit(3));
  // Negative control: one sign 2 % too often.
  const [first = 0, ...others] = pairs;
  expect(chiSquare([first * 1.04, ...others], values.length / 8)).toBeGreaterThan(chiSquareLimit(3));
});

it('a stated variance does not look at the fans, and a range need not be symmetric', () => {
  const stated: WeightLaw = { kind: 'stated-variance', distribution: 'laplace', variance: 0.3 };
  expect(misfit(draw(stated, 3), 'laplace', stated)).toBeLessThan(limit);
  const values = draw({ kind: 'uniform-range', low: 0, high: 1 }, 3);
  expect(kolmogorovSmirnov(values, (x) => uniformCdf(x, 0, 1))).toBeLessThan(limit);
  expect(kolmogorovSmirnov(values, (x) => uniformCdf(x, -0.01, 1))).toBeGreaterThan(limit);
});

it('draws the biases of PyTorch on ±1/√fan-in', () => {
  const mark = engine.arena.mark();
  const biases = allocateMatrix(engine, 1, 100_000);
  drawBiases(engine, { kind: 'inverse-root-fan-in' }, { fanIn: 16, fanOut: 100_000 }, rootKey(5), biases);
  const values = readMatrix(engine, biases);
  engine.arena.release(mark);
  expect(kolmogorovSmirnov(values, (x) => uniformCdf(x, -0.25, 0.25))).toBeLessThan(limit);
  expect(kolmogorovSmirnov(values, (x) => uniformCdf(x, -0.255, 0.255))).toBeGreaterThan(limit);
});

/** FNV-1a of the bytes of 9 × 14 weights of seed 2026, as first released: a name's numbers are part of every record. */
const goldenHashes = {
  'he-normal': 0x727c9b55,
  'he-uniform': 0x4932c5ae,
  'he-truncated-normal': 0x96bfc64b,
  'he-truncated-normal-uncorrected': 0x597cc081,
  'he-normal-2x': 0x9c9340c8,
  'glorot-normal': 0x63952e71,
  'glorot-uniform': 0x3dc55e6f,
  'lecun-normal': 0xd9976969,
  'lecun-uniform': 0xc88190a4,
};

it.each(Object.entries(goldenHashes))('%s keeps the bits of its numbers', (name, golden) => {
  const { initializer } = findInitializer(name);
  if (initializer.kind !== 'layerwise') throw new Error('expected a law a layer');
  const matrix = allocateMatrix(engine, 9, 14);
  drawWeights(engine, initializer.weights, { fanIn: 9, fanOut: 14 }, rootKey(2026), matrix);
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(readMatrix(engine, matrix).buffer)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  expect(hash).toBe(golden);
});

it.each(distributions)('%s: the numbers do not depend on padding', (distribution) => {
  const law = heLaw(distribution);
  expect(draw(law, 3, [7, 10])).toEqual(draw(law, 3, [1, 70]));
});

it('depends on the key, and on nothing drawn before', () => {
  const law = heLaw('normal');
  const first = draw(law, 1, [5, 5]);
  draw(law, 2, [100, 9]);
  expect(draw(law, 1, [5, 5])).toEqual(first);
  expect(draw(law, 2, [5, 5])).not.toEqual(first);
});

it('initializes each layer from its own keys, and sets biases that held something to zero', () => {
  const network = allocateDenseNetwork(engine, { widths: [6, 5, 5, 5], outputs: 3 });
  const key = rootKey(11);
  const { initializer } = findInitializer('pytorch:linear');
  initializeNetwork(engine, network, initializer, key);
  const weights = network.layers.map((layer) => readMatrix(engine, layer.weights));
  const biases = network.layers.map((layer) => readMatrix(engine, layer.biases));
  expect(weights[1]).not.toEqual(weights[2]);
  expect(biases[1]).not.toEqual(biases[2]);
  expect(biases[1]).not.toEqual(weights[1]?.subarray(0, 5));
  const second = network.layers[1];
  if (second === undefined || initializer.kind !== 'layerwise') throw new Error('four layers, each by a law');
  const alone = allocateMatrix(engine, 5, 5);
  drawWeights(engine, initializer.weights, second, deriveKey(key, keyPurpose.weights, 1), alone);
  expect(readMatrix(engine, alone)).toEqual(weights[1]);
  initializeNetwork(engine, network, layerwise(heLaw('normal')), key);
  for (const layer of network.layers) {
    expect([...readMatrix(engine, layer.biases)].every((b) => b === 0)).toBe(true);
  }
});

it('gives back the memory it borrowed, whatever the initializer', () => {
  const network = allocateDenseNetwork(engine, { widths: [4, 7, 9], outputs: 10 });
  const inputs = allocateMatrix(engine, 3, 4);
  drawWeights(engine, heLaw('normal'), { fanIn: 3, fanOut: 4 }, rootKey(1), inputs);
  const used = engine.arena.usedBytes;
  for (const name of initializerNames) {
    const { initializer } = findInitializer(name);
    if (needsBlocks(initializer)) continue;
    initializeNetwork(engine, network, initializer, rootKey(1), { inputs });
    expect(engine.arena.usedBytes, name).toBe(used);
  }
});

it('refuses matrices, laws and data that do not fit', () => {
  const matrix = allocateMatrix(engine, 5, 4);
  const shape = { fanIn: 4, fanOut: 5 };
  const orthogonal: WeightLaw = { kind: 'orthogonal', gain: 1 };
  expect(() => drawWeights(engine, orthogonal, shape, rootKey(1), matrix)).toThrow(/5 × 4; expected 4 × 5/);
  expect(() => drawWeights(engine, heLaw('normal', Number.NaN), shape, rootKey(1), matrix)).toThrow(/scale/);
  const network = allocateDenseNetwork(engine, { widths: [4, 3], outputs: 2 });
  const inputs = allocateMatrix(engine, 0, 4);
  const wide = allocateMatrix(engine, 2, 5);
  const infinite = allocateMatrix(engine, 1, 4);
  engine.arena.floats(infinite.pointer, 4).fill(Number.POSITIVE_INFINITY);
  for (const name of initializerNames) {
    const { initializer } = findInitializer(name);
    if (!needsData(initializer)) continue;
    const initialize = (data?: { inputs: typeof inputs }) => () =>
      initializeNetwork(engine, network, initializer, rootKey(1), data);
    expect(initialize()).toThrow(/looks at data and got none/);
    expect(initialize({ inputs })).toThrow(/inputs are 0 × 4; expected at least 1 × 4/);
    expect(initialize({ inputs: wide })).toThrow(/inputs are 2 × 5/);
    expect(initialize({ inputs: infinite })).toThrow(/NaN or Infinity/);
  }
});
