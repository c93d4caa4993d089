/** What training takes is known before it starts, to the byte, and a step takes nothing. */
import {
  type Architecture,
  type Arena,
  allocateDenseNetwork,
  allocateNetwork,
  createEngine,
  denseArchitecture,
  estimateNetworkMemory,
  parseArchitecture,
} from '@kindling/core';
import {
  allocateNetworkTraining,
  allocateTraining,
  estimateTrainingMemory,
  type Optimizer,
  openNetworkOptimizer,
  openOptimizer,
  softmaxCrossEntropy,
  trainNetworkStep,
} from '@kindling/trainer';
import { describe, expect, it } from 'vitest';
import { architectures, engine, everything, problem } from './network-problem.js';

const optimizers: readonly Optimizer[] = [
  { kind: 'sgd', learningRate: 0.1 },
  { kind: 'momentum', learningRate: 0.1, momentum: 0.9 },
  { kind: 'adam', learningRate: 0.1 },
  { kind: 'adamax', learningRate: 0.1 },
  { kind: 'rmsprop', learningRate: 0.1 },
  { kind: 'adagrad', learningRate: 0.1 },
];
const mebibyte = 2 ** 20;

function used(arena: Arena, take: () => unknown): number {
  const before = arena.usedBytes;
  take();
  return arena.usedBytes - before;
}

describe('the estimate', () => {
  const all: readonly [string, Architecture][] = Object.entries({ ...architectures, everything });
  it.each(all)('is what the arena gives, for %s', (_, description) => {
    const architecture = parseArchitecture(description);
    const fresh = createEngine();
    const mark = fresh.arena.mark();
    for (const batch of [1, 33]) {
      for (const optimizer of optimizers) {
        fresh.arena.release(mark);
        const network = allocateNetwork(fresh, architecture);
        const training = used(fresh.arena, () => allocateNetworkTraining(fresh, network, batch));
        expect(training).toBe(estimateNetworkMemory(architecture, batch).training);
        openNetworkOptimizer(fresh, network, optimizer);
        expect(fresh.arena.usedBytes).toBe(estimateTrainingMemory(architecture, batch, optimizer));
      }
    }
  });

  it('refuses settings and batches out of range', () => {
    const sgd = optimizers[0] as Optimizer;
    expect(() => estimateTrainingMemory(everything, 0, sgd)).toThrow('batch is 0');
    expect(() => estimateTrainingMemory(everything, 4, { kind: 'sgd', learningRate: -1 })).toThrow(
      'estimateTrainingMemory: learningRate is -1',
    );
  });
});

it('a step takes nothing of the arena, and the memory does not grow', () => {
  const { network, inputs, labelPointer, training } = problem(everything, 6, 3);
  const optimizer = openNetworkOptimizer(engine, network, { kind: 'adam', learningRate: 0.01 });
  const step = () =>
    trainNetworkStep(engine, network, inputs, softmaxCrossEntropy(labelPointer), training, optimizer);
  step();
  const before = [engine.arena.usedBytes, engine.arena.peakBytes, engine.arena.memory.buffer.byteLength];
  for (let i = 0; i < 5; i++) step();
  expect([engine.arena.usedBytes, engine.arena.peakBytes, engine.arena.memory.buffer.byteLength]).toEqual(
    before,
  );
});

describe('a dense net of depth 1,000 and width 100 trains at batch 128 below 1 GiB', () => {
  const sizes = { widths: new Array<number>(1001).fill(100), outputs: 10 };
  // 1,000 · 100 · 100 weights in f32 are 38 MiB, 1,000 · 128 · 100 activations 49.
  const within = (taken: number, copies: number) => {
    expect(taken).toBeGreaterThan(38 * copies + 49);
    expect(taken).toBeLessThan(39 * copies + 50);
  };
  it('as a network of any architecture, whatever the optimizer', () => {
    const [sgd, momentum, adam] = optimizers.map(
      (optimizer) => estimateTrainingMemory(denseArchitecture(sizes), 128, optimizer) / mebibyte,
    );
    within(sgd ?? 0, 1);
    within(momentum ?? 0, 2);
    within(adam ?? 0, 3);
  });

  it('as a DenseNetwork', () => {
    const fresh = createEngine();
    const network = allocateDenseNetwork(fresh, sizes);
    allocateTraining(fresh, network, 128);
    openOptimizer(fresh, network, { kind: 'sgd', learningRate: 0.1 });
    within(fresh.arena.usedBytes / mebibyte, 1);
  });
});
