/** Pools against their twins, bit by bit, and their gradients against central differences. */
import { describe, expect, it } from 'vitest';
import {
  allocateImages,
  averagePool,
  averagePoolBackward,
  createEngine,
  globalPool,
  InvalidArgumentError,
  maxPool,
  maxPoolBackward,
  pooledSize,
  readImages,
} from '../src/index.js';
import type { PoolSizes } from '../src/reference/index.js';
import * as reference from '../src/reference/index.js';
import { firstDifference, firstOutside, floatsWithSpecials, randomFloats, seededNumbers } from './floats.js';
import { borrowing } from './guarded.js';
import { brokenGuards, guardedImages } from './guarded-images.js';

const engine = createEngine();
const border = { top: 1, bottom: 1, left: 1, right: 1 };

function run(sizes: PoolSizes, x: Float32Array, dy: Float32Array) {
  const { batch, height, width, channels } = sizes;
  return borrowing(engine, () => {
    const shape = { batch, height, width, channels };
    const out = { batch, channels, ...pooledSize(sizes, height, width) };
    const input = guardedImages(engine, shape, { dense: channels % 2 === 1 }, x);
    const outputGradient = guardedImages(engine, out, { border }, dy);
    const outputs = { average: guardedImages(engine, out, { border }), largest: guardedImages(engine, out) };
    const gradients = {
      average: guardedImages(engine, shape, { border }),
      largest: guardedImages(engine, shape),
    };
    averagePool(engine, sizes, input, outputs.average);
    maxPool(engine, sizes, input, outputs.largest);
    averagePoolBackward(engine, sizes, outputGradient, gradients.average);
    maxPoolBackward(engine, sizes, { input, outputGradient, inputGradient: gradients.largest });
    const damage = brokenGuards({
      ...{ input: input.block, outputGradient: outputGradient.block },
      ...{ average: outputs.average.block, largest: outputs.largest.block },
      ...{ averageGradient: gradients.average.block, largestGradient: gradients.largest.block },
    });
    return {
      damage,
      average: readImages(engine, outputs.average),
      largest: readImages(engine, outputs.largest),
      averageGradient: readImages(engine, gradients.average),
      largestGradient: readImages(engine, gradients.largest),
    };
  });
}

function data(sizes: PoolSizes, floats: (seed: number, n: number) => Float32Array, seed = 1) {
  const { batch, height, width, channels } = sizes;
  const out = pooledSize(sizes, height, width);
  return {
    x: floats(seed, batch * height * width * channels),
    dy: floats(seed + 1, batch * out.height * out.width * channels),
  };
}

function sampleSizes(count: number): readonly PoolSizes[] {
  const next = seededNumbers(9);
  const upTo = (n: number) => 1 + Math.floor(n * next());
  return Array.from({ length: count }, () => {
    const [windowHeight, windowWidth] = [upTo(4), upTo(4)];
    return {
      ...{ batch: upTo(3), height: windowHeight - 1 + upTo(6), width: windowWidth - 1 + upTo(6) },
      ...{ channels: upTo(19), windowHeight, windowWidth, stride: upTo(4) },
    };
  });
}

function expectBits(sizes: PoolSizes, floats: (seed: number, n: number) => Float32Array): void {
  const { x, dy } = data(sizes, floats);
  const { damage, ...got } = run(sizes, x, dy);
  const context = JSON.stringify(sizes);
  expect(damage, context).toEqual([]);
  const want = {
    average: Float32Array.from(reference.averagePool(sizes, x)),
    largest: Float32Array.from(reference.maxPool(sizes, x)),
    averageGradient: reference.averagePoolBackwardF32(sizes, dy),
    largestGradient: reference.maxPoolBackwardF32(sizes, x, dy),
  };
  for (const [name, values] of Object.entries(want)) {
    expect(firstDifference(got[name as keyof typeof got], values), `${name} of ${context}`).toBeNull();
  }
}

describe('pools', () => {
  it('have the bits of their twins, windows apart, touching and overlapping', () => {
    for (const sizes of sampleSizes(80)) expectBits(sizes, randomFloats);
  });

  it('treat NaN, infinities and −0 as they do, and equal numbers: the first wins', () => {
    for (const sizes of sampleSizes(40)) {
      expectBits(sizes, (seed, n) => floatsWithSpecials(seed, n, 8));
      expectBits(sizes, (seed, n) => randomFloats(seed, n).map((x) => Math.round(x)));
    }
  });

  it('find the first of equals, and the first NaN', () => {
    const sizes = { batch: 1, height: 2, width: 2, channels: 1, windowHeight: 2, windowWidth: 2, stride: 2 };
    const gradientOf = (x: readonly number[]) => [
      ...run(sizes, Float32Array.from(x), Float32Array.of(3)).largestGradient,
    ];
    expect(gradientOf([1, 2, 2, 0])).toEqual([0, 3, 0, 0]);
    expect(gradientOf([-0, 0, 0, 0])).toEqual([3, 0, 0, 0]);
    expect(gradientOf([1, Number.NaN, 9, Number.NaN])).toEqual([0, 3, 0, 0]);
    const out = run(sizes, Float32Array.of(1, Number.NaN, 9, 2), Float32Array.of(3));
    expect([out.largest[0], out.average[0]]).toEqual([Number.NaN, Number.NaN]);
  });

  it('of the whole image give the global average, rounded once', () => {
    const sizes = { batch: 2, height: 28, width: 28, channels: 5, ...globalPool({ height: 28, width: 28 }) };
    const { x, dy } = data(sizes, randomFloats);
    const { average, averageGradient } = run(sizes, x, dy);
    const want = reference.averagePool(sizes, x);
    expect(firstOutside(average, want, (i) => 2 ** -24 * Math.abs(Number(want[i])))).toBeNull();
    const exact = reference.averagePoolBackward(sizes, dy);
    // The share and the product are rounded.
    expect(firstOutside(averageGradient, exact, (i) => 2 ** -22 * Math.abs(Number(exact[i])))).toBeNull();
  });

  it('have the gradients of central differences in f64', () => {
    for (const sizes of sampleSizes(12).map((sizes) => ({ ...sizes, channels: 2 }))) {
      const { x: draws, dy } = data(sizes, randomFloats);
      // Ranks: no two numbers are so near to each other that a maximum changes place.
      const sorted = Float32Array.from(draws).sort();
      const x = Float64Array.from(draws, (value) => sorted.indexOf(value));
      const slopes = (pool: typeof reference.maxPool) =>
        Float64Array.from(x, (value, i) => {
          const total = (at: number) =>
            pool(sizes, x.with(i, at)).reduce((sum, y, out) => sum + y * Number(dy[out]), 0);
          return total(value + 0.25) - total(value - 0.25);
        }).map((difference) => 2 * difference);
      // Sums of a few hundred numbers up to a thousand.
      const near = () => 1e-9;
      expect(
        firstOutside(reference.maxPoolBackward(sizes, x, dy), slopes(reference.maxPool), near),
      ).toBeNull();
      const average = reference.averagePoolBackward(sizes, dy);
      expect(firstOutside(average, slopes(reference.averagePool), near)).toBeNull();
    }
  });

  it('refuse windows larger than the image, and tensors of other sizes', () => {
    borrowing(engine, () => {
      const pool = { windowHeight: 2, windowWidth: 2, stride: 2 };
      const input = allocateImages(engine, { batch: 1, height: 5, width: 4, channels: 3 });
      const wrong = allocateImages(engine, { batch: 1, height: 3, width: 2, channels: 3 });
      const right = { ...wrong, height: 2 };
      const cases: readonly [() => unknown, string][] = [
        [
          () => pooledSize({ ...pool, windowWidth: 5 }, 5, 4),
          'the window is 2 × 5; expected at most the image',
        ],
        [() => pooledSize({ ...pool, stride: 0 }, 5, 4), 'stride is 0; expected an integer ≥ 1'],
        [
          () => averagePool(engine, pool, input, wrong),
          'averagePool: the pooled side is 1 × 3 × 2 × 3; expected 1 × 2 × 2 × 3',
        ],
        [() => maxPool(engine, pool, input, { ...right, pixelStride: 3 }), 'maxPool: output is dense'],
        [
          () =>
            maxPoolBackward(engine, pool, {
              input,
              outputGradient: right,
              inputGradient: { ...input, height: 4 },
            }),
          'maxPoolBackward: inputGradient is 4 × 4; expected 5 × 4',
        ],
      ];
      for (const [refused, message] of cases) {
        expect(refused).toThrow(message);
        expect(refused).toThrow(InvalidArgumentError);
      }
    });
  });
});
