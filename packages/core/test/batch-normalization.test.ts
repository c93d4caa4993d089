/** Batch normalization against its twins, bit by bit, and its gradients against central differences. */
import { describe, expect, it } from 'vitest';
import {
  allocateChannelStatistics,
  allocateImages,
  allocateMatrix,
  allocateScratch,
  batchNormBackward,
  batchNormForward,
  batchNormScratchFloats,
  createEngine,
  InvalidArgumentError,
  readChannelStatistics,
  readImages,
} from '../src/index.js';
import type { GridSize } from '../src/reference/index.js';
import * as reference from '../src/reference/index.js';
import { firstDifference, firstOutside, floatsWithSpecials, randomFloats } from './floats.js';
import { borrowing, guardedBlock, guardedVector } from './guarded.js';
import { brokenGuards, guardedImages } from './guarded-images.js';

const engine = createEngine();
const epsilon = 1e-3;
const border = { top: 1, bottom: 0, left: 2, right: 1 };

interface Data {
  readonly x: Float32Array;
  readonly dy: Float32Array;
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
}

function dataOf(size: GridSize, floats: (seed: number, n: number) => Float32Array): Data {
  const count = size.images * size.rows * size.pixels * size.channels;
  // Off zero, so that a variance taken as E[x²] − mean² would show.
  const x = floats(1, count).map((value) => value + 3);
  return { x, dy: floats(2, count), gamma: floats(3, size.channels), beta: floats(4, size.channels) };
}

function run(size: GridSize, { x, dy, gamma, beta }: Data) {
  const { images: batch, rows: height, pixels: width, channels } = size;
  return borrowing(engine, () => {
    const shape = { batch, height, width, channels };
    const row = (block: { readonly pointer: number }) => ({
      ...{ pointer: block.pointer, rows: 1, columns: channels, stride: 4 * Math.ceil(channels / 4) },
    });
    const padded = 4 * Math.ceil(channels / 4);
    const input = guardedImages(engine, shape, { dense: true }, x);
    const [output, gradient] = [
      guardedImages(engine, shape, { border }),
      guardedImages(engine, shape, {}, dy),
    ];
    const blocks = {
      gamma: guardedVector(engine, gamma),
      beta: guardedVector(engine, beta),
      statistics: guardedBlock(engine, 4 * padded),
      scratch: guardedBlock(engine, batchNormScratchFloats(channels)),
      gammaGradient: guardedBlock(engine, padded),
      betaGradient: guardedBlock(engine, padded),
    };
    const tensors = {
      ...{ input, output, gradient, gamma: row(blocks.gamma), beta: row(blocks.beta) },
      ...{ gammaGradient: row(blocks.gammaGradient), betaGradient: row(blocks.betaGradient) },
      statistics: { pointer: blocks.statistics.pointer, channels },
      scratch: { pointer: blocks.scratch.pointer, floats: batchNormScratchFloats(channels) },
    };
    batchNormForward(engine, tensors, epsilon);
    const statistics = readChannelStatistics(engine, tensors.statistics);
    const y = readImages(engine, output);
    batchNormBackward(engine, tensors, epsilon);
    const vector = (block: { readonly pointer: number }) =>
      engine.arena.floats(block.pointer, channels).slice();
    return {
      ...{ statistics, y, dx: readImages(engine, gradient) },
      dgamma: vector(blocks.gammaGradient),
      dbeta: vector(blocks.betaGradient),
      damage: brokenGuards({ ...blocks, input: input.block, output: output.block, gradient: gradient.block }),
    };
  });
}

const sizes: readonly GridSize[] = [
  { images: 1, rows: 1, pixels: 1, channels: 1 },
  { images: 4, rows: 1, pixels: 1, channels: 7 },
  { images: 2, rows: 3, pixels: 5, channels: 3 },
  { images: 3, rows: 4, pixels: 4, channels: 8 },
  { images: 2, rows: 2, pixels: 3, channels: 33 },
];

function expectBits(size: GridSize, data: Data): void {
  const got = run(size, data);
  const parameters = { ...data, epsilon };
  const statistics = reference.batchNormStatistics(size, data.x);
  expect(got.damage).toEqual([]);
  expect(got.statistics).toEqual(statistics);
  expect(firstDifference(got.y, reference.batchNormF32(size, data.x, statistics, parameters))).toBeNull();
  const want = reference.batchNormBackwardF32(size, data.x, data.dy, statistics, parameters);
  for (const name of ['dx', 'dgamma', 'dbeta'] as const) {
    expect(firstDifference(got[name], Float32Array.from(want[name])), name).toBeNull();
  }
}

describe('batch normalization', () => {
  it.each(sizes)('has the bits of its twins, statistics in f64: %j', (size) => {
    expectBits(size, dataOf(size, randomFloats));
  });

  it.each(sizes)('shows NaN and infinities as they do: %j', (size) => {
    expectBits(
      size,
      dataOf(size, (seed, n) => floatsWithSpecials(seed, n, 12)),
    );
  });

  it('gives every channel mean beta and deviation gamma', () => {
    const size = { images: 8, rows: 7, pixels: 9, channels: 5 };
    const data = dataOf(size, randomFloats);
    const { y } = run(size, data);
    const { means, variances } = reference.batchNormStatistics(size, y);
    const { variances: before } = reference.batchNormStatistics(size, data.x);
    const shrunk = Float64Array.from(before, (v, c) => (Number(data.gamma[c]) ** 2 * v) / (v + epsilon));
    expect(firstOutside(means, data.beta, () => 1e-6)).toBeNull();
    expect(firstOutside(variances, shrunk, () => 1e-6)).toBeNull();
  });

  it('is near f64: a handful of roundings of values of order 1', () => {
    const size = { images: 4, rows: 6, pixels: 6, channels: 6 };
    const data = dataOf(size, randomFloats);
    const statistics = reference.batchNormStatistics(size, data.x);
    const parameters = { ...data, epsilon };
    const got = run(size, data);
    const y = reference.batchNorm(size, data.x, statistics, parameters);
    // x, up to 4, is off by no rounding, the mean by 2⁻²³; divided by a deviation of at least 0.5, times 4 for the rest.
    const near = () => 2 ** -19;
    expect(firstOutside(got.y, y, near)).toBeNull();
    const gradients = reference.batchNormBackward(size, data.x, data.dy, statistics, parameters);
    expect(firstOutside(got.dx, gradients.dx, near)).toBeNull();
    expect(
      firstOutside(got.dbeta, gradients.dbeta, (i) => 2 ** -23 * Math.abs(Number(gradients.dbeta[i]))),
    ).toBeNull();
  });

  it('has the gradients of central differences in f64', () => {
    const size = { images: 2, rows: 2, pixels: 3, channels: 2 };
    const data = dataOf(size, randomFloats);
    const parameters = { ...data, epsilon };
    const total = (changed: Partial<Record<'x' | 'gamma' | 'beta', Float64Array>>) => {
      const all = { ...parameters, ...changed };
      const statistics = reference.batchNormStatistics(size, all.x);
      const y = reference.batchNorm(size, all.x, statistics, all);
      return y.reduce((sum, value, i) => sum + value * Number(data.dy[i]), 0);
    };
    const slopes = (name: 'x' | 'gamma' | 'beta') =>
      Float64Array.from(data[name], (value, i) => {
        const changed = Float64Array.from(data[name]);
        changed[i] = value + 1e-5;
        const up = total({ [name]: changed });
        changed[i] = value - 1e-5;
        return (up - total({ [name]: changed })) / 2e-5;
      });
    const statistics = reference.batchNormStatistics(size, data.x);
    const got = reference.batchNormBackward(size, data.x, data.dy, statistics, parameters);
    // Second-order error: 1e-10 times third derivatives of order 10; rounding 1e-16 / 1e-5.
    expect(firstOutside(got.dx, slopes('x'), () => 1e-8)).toBeNull();
    expect(firstOutside(got.dgamma, slopes('gamma'), () => 1e-8)).toBeNull();
    expect(firstOutside(got.dbeta, slopes('beta'), () => 1e-8)).toBeNull();
    expect(
      firstOutside(
        got.dx.map((g) => g * 1.0001),
        slopes('x'),
        () => 1e-8,
      ),
    ).not.toBeNull();
  });

  it('refuses what does not fit', () => {
    borrowing(engine, () => {
      const input = allocateImages(engine, { batch: 1, height: 2, width: 2, channels: 3 });
      const row = allocateMatrix(engine, 1, 3);
      const statistics = allocateChannelStatistics(engine, 3);
      const scratch = allocateScratch(engine, batchNormScratchFloats(3));
      const all = { input, output: input, gamma: row, beta: row, statistics, scratch };
      const cases: readonly [() => unknown, string][] = [
        [() => batchNormForward(engine, all, -1), 'epsilon is -1; expected a number ≥ 0'],
        [
          () =>
            batchNormForward(engine, {
              ...all,
              input: { ...input, batch: 0 },
              output: { ...input, batch: 0 },
            }),
          'there are no images',
        ],
        [() => batchNormForward(engine, { ...all, output: { ...input, height: 1 } }), 'expected equal sizes'],
        [
          () => batchNormForward(engine, { ...all, gamma: allocateMatrix(engine, 1, 2) }),
          'gamma is 1 × 2; expected 1 × 3',
        ],
        [
          () => batchNormForward(engine, { ...all, statistics: { ...statistics, channels: 4 } }),
          'the statistics have 4 channels; expected 3',
        ],
        [
          () => batchNormForward(engine, { ...all, scratch: { ...scratch, floats: 3 } }),
          'the scratch has 3 floats; expected at least 32',
        ],
        [() => allocateChannelStatistics(engine, 0), 'channels is 0; expected an integer ≥ 1'],
      ];
      for (const [refused, message] of cases) {
        expect(refused).toThrow(message);
        expect(refused).toThrow(InvalidArgumentError);
      }
    });
  });
});
