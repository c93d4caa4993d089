/** Batches in slices: one slice is the whole batch to the bit, several its gradient up to rounding. */
import {
  allocateDenseNetwork,
  createEngine,
  InvalidArgumentError,
  parseArchitecture,
  readMatrix,
  rootKey,
} from '@kindling/core';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import { loadDatasetIntoMemory, type Optimizer, type TrainingOptions, train } from '@kindling/trainer';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { allocateBatch } from '../src/batches.js';
import { sizesOf } from '../src/passing.js';
import { largestSlice, openSlices, sliceOf } from '../src/slices.js';
import { openTrainee } from '../src/trainee.js';
import { architectures, distance, problem, engine as shared } from './network-problem.js';
import { tinyDataset } from './tiny-dataset.js';

const sgd: Optimizer = { kind: 'sgd', learningRate: 0.1 };

function setUp() {
  const engine = createEngine();
  const data = loadDatasetIntoMemory(engine, tinyDataset());
  const network = allocateDenseNetwork(engine, { widths: [30, 20, 20, 20], outputs: 10 });
  initializeNetwork(engine, network, findInitializer('he-normal').initializer, rootKey(1));
  return { engine, data, network };
}

async function run(changes: Partial<TrainingOptions> = {}) {
  const { engine, data, network } = setUp();
  const options = { optimizer: sgd, batchSize: 33, maxEpochs: 2, key: rootKey(5), ...changes };
  const losses: number[] = [];
  const before = engine.arena.usedBytes;
  for await (const { meanLoss } of train(engine, network, data, options)) losses.push(meanLoss);
  expect(engine.arena.usedBytes).toBe(before);
  const numbers = network.layers.flatMap(({ weights, biases }) =>
    [weights, biases].flatMap((matrix) => Array.from(readMatrix(engine, matrix))),
  );
  return { losses, numbers };
}

describe('sliceOf', () => {
  it('cuts every batch into parts that follow each other and differ by one row at most', () => {
    for (let slices = 1; slices <= 9; slices++) {
      for (let rows = 1; rows <= 40; rows++) {
        const parts = Array.from({ length: slices }, (_, s) => sliceOf({ start: 7, rows }, s, slices));
        let next = 7;
        for (const part of parts) {
          expect(part.start).toBe(next);
          next += part.rows;
        }
        expect(next).toBe(7 + rows);
        const sizes = parts.map((part) => part.rows);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(Math.max(...sizes)).toBe(largestSlice(rows, slices));
      }
    }
  });
});

describe('the sum over slices', () => {
  /** Gradient and loss of a batch of 23 in so many slices; `weigh` replaces the slices' weights. */
  function gradientOf(slices: number, weigh?: (weight: number) => number) {
    const { engine, data, network } = setUp();
    const rows = 23;
    const trainee = openTrainee(engine, network, largestSlice(rows, slices), sgd);
    const room = {
      ...allocateBatch(engine, data, rows, sizesOf(network).sparse),
      order: data.naturalOrder,
    };
    const sliced = openSlices(engine, trainee, data.train, room, slices);
    const batch = { start: 10, rows };
    sliced.clear();
    let loss = 0;
    for (let slice = 0; slice < slices; slice++) {
      const weight = sliced.weightOf(batch, slice);
      loss += sliced.pass(batch, slice, (gradient, offset) =>
        sliced.add(weigh?.(weight) ?? weight, gradient.pointer, offset, gradient.rows * gradient.stride),
      );
    }
    return { loss: loss / rows, gradient: Float32Array.from(engine.arena.floats(sliced.sum, sliced.floats)) };
  }

  it('is the gradient of the whole batch up to rounding, whatever their number', () => {
    const whole = gradientOf(1);
    for (const slices of [2, 3, 4, 7, 23, 30]) {
      const { loss, gradient } = gradientOf(slices);
      expect(Math.abs(loss - whole.loss)).toBeLessThan(1e-6 * whole.loss);
      const { off, size } = distance(gradient, whole.gradient);
      // 23 rows in f32, in sums of another order: a few roundings of the largest.
      expect(off).toBeGreaterThan(0);
      expect(off).toBeLessThan(32 * 2 ** -24 * size);
    }
  });

  it('is not, where slices of different sizes count alike', () => {
    const whole = gradientOf(1);
    const { off, size } = distance(gradientOf(4, () => 0.25).gradient, whole.gradient);
    expect(off).toBeGreaterThan(1e-3 * size);
  });

  it.each(Object.entries(architectures).filter(([name]) => !name.includes('normalization')))(
    'is the gradient of general networks too: %s',
    (_, description) => {
      const { network, inputs, labelPointer } = problem(parseArchitecture(description), 6, 3);
      const trainee = openTrainee(shared, network, 6, sgd);
      const loss = (row: number) => ({ kind: 'softmax-cross-entropy', labels: labelPointer + row }) as const;
      const collect = (parts: readonly (readonly [from: number, rows: number])[]) => {
        const sums = trainee.parameters.map(({ rows, stride }) => new Float64Array(rows * stride));
        for (const [from, rows] of parts) {
          const pointer = inputs.pointer + 4 * from * inputs.stride;
          trainee.gradients({ ...inputs, pointer, rows }, loss(from), (index, { pointer: at }) => {
            const sum = sums[index];
            const {
              rows: r,
              columns,
              stride,
            } = trainee.parameters[index] ?? { rows: 0, columns: 0, stride: 0 };
            const found = shared.arena.floats(at, r * stride);
            for (let i = 0; i < r * stride; i++) {
              // Padding is nobody's.
              if (sum !== undefined && i % stride < columns)
                sum[i] = (sum[i] ?? 0) + (rows / 6) * (found[i] ?? 0);
            }
          });
        }
        return sums.flatMap((sum) => Array.from(sum));
      };
      const { off, size } = distance(collect([[0, 2], [2, 1], [3, 3]]), collect([[0, 6]])); // biome-ignore format: three parts
      expect(size).toBeGreaterThan(0);
      expect(off).toBeLessThan(1e-5 * size);
    },
  );
});

describe('train in slices', () => {
  it('is train without them for one slice, to the bit', async () => {
    expect(await run({ slices: 1 })).toEqual(await run());
  });

  it('gives other last digits for more, and the same training', async () => {
    const whole = await run();
    for (const slices of [2, 5]) {
      const sliced = await run({ slices });
      expect(sliced.numbers).not.toEqual(whole.numbers);
      const { off, size } = distance(sliced.numbers, whole.numbers);
      expect(off).toBeLessThan(1e-4 * size);
      expect(await run({ slices })).toEqual(sliced);
    }
  });

  it.each<Optimizer>([
    { kind: 'momentum', learningRate: 0.05, momentum: 0.9 },
    { kind: 'adam', learningRate: 0.01 },
  ])('works with $kind', async (optimizer) => {
    const whole = await run({ optimizer });
    const { numbers, losses } = await run({ optimizer, slices: 4 });
    expect(losses.at(-1)).toBeLessThan(losses[1] ?? 0);
    expect(losses.at(-1)).toBeCloseTo(whole.losses.at(-1) ?? 0, 3);
    expect(numbers).not.toEqual(whole.numbers);
  });

  it('records divergence as an outcome', async () => {
    const { losses } = await run({ slices: 3, optimizer: { kind: 'sgd', learningRate: 1e30 } });
    expect(Number.isFinite(losses.at(-1))).toBe(false);
  });

  it('refuses counts that cannot be, and more threads than slices', async () => {
    const spawn = () => {
      throw new Error('nobody should start a thread');
    };
    for (const slices of [0, 1.5, Number.NaN]) {
      await expect(run({ slices })).rejects.toThrow(`slices is ${slices}`);
    }
    await expect(run({ slices: 2, threads: { count: 0, spawn } })).rejects.toThrow('threads.count is 0');
    await expect(run({ threads: { count: 2, spawn } })).rejects.toThrow(/at most slices, which is 1/);
    await expect(run({ slices: 2, threads: { count: 3, spawn } })).rejects.toThrow(InvalidArgumentError);
  });
});

describe('where there is no shared memory', () => {
  afterEach(() => vi.unstubAllGlobals());
  const spawn = () => {
    throw new Error('nobody should start a thread');
  };

  it.each<[string, unknown]>([
    ['SharedArrayBuffer', undefined],
    ['crossOriginIsolated', false],
  ])('one thread computes all slices, with the same bits: %s is %s', async (name, value) => {
    const expected = await run({ slices: 4 });
    vi.stubGlobal(name, value);
    expect(await run({ slices: 4, threads: { count: 2, spawn } })).toEqual(expected);
  });
});
