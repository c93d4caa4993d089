/** The optimizers on a network against the same in f64; what an optimizer takes and refuses. */
import {
  allocateDenseNetwork,
  allocateMatrix,
  createEngine,
  InvalidArgumentError,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import {
  adagradUpdate,
  adamaxUpdate,
  adamUpdate,
  momentumUpdate,
  rmspropUpdate,
} from '@kindling/core/reference';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import {
  allocateTraining,
  meanSquaredError,
  type Optimizer,
  openOptimizer,
  trainStep,
} from '@kindling/trainer';
import { type ReferenceLayer, referenceRegressionGradients } from '@kindling/trainer/reference';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const rows = 24;
const widths = [3, 8, 8];
const outputs = 2;

/** A network, points, and the same numbers in f64. */
function problem() {
  const network = allocateDenseNetwork(engine, { widths, outputs });
  initializeNetwork(engine, network, findInitializer('he-normal').initializer, rootKey(4));
  const inputs = allocateMatrix(engine, rows, 3);
  const targets = allocateMatrix(engine, rows, outputs);
  writeMatrix(
    engine,
    inputs,
    Array.from({ length: rows * 3 }, (_, i) => Math.sin(1 + 3.7 * i)),
  );
  writeMatrix(
    engine,
    targets,
    Array.from({ length: rows * outputs }, (_, i) => Math.cos(2.1 * i)),
  );
  const layers: ReferenceLayer[] = network.layers.map((layer) => ({
    fanIn: layer.fanIn,
    fanOut: layer.fanOut,
    weights: Float64Array.from(readMatrix(engine, layer.weights)),
    biases: Float64Array.from(readMatrix(engine, layer.biases)),
  }));
  return { network, inputs, targets, layers, workspace: allocateTraining(engine, network, rows) };
}

/** Changes parameters by a gradient, in f64; step counts from 1. */
type ReferenceUpdate = (step: number, slot: number, parameters: Float64Array, gradient: Float64Array) => void;

/** Steps of the engine and of f64 side by side: the largest distance of a parameter, and the largest of a loss. */
function follow(optimizer: Optimizer, update: ReferenceUpdate, steps: number) {
  const { network, inputs, targets, layers, workspace } = problem();
  const state = openOptimizer(engine, network, optimizer);
  const [points, wanted] = [readMatrix(engine, inputs), readMatrix(engine, targets)];
  let losses = 0;
  const fall: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const loss = trainStep(engine, network, inputs, meanSquaredError(targets), workspace, state);
    const { loss: expected, gradients } = referenceRegressionGradients(layers, points, wanted);
    losses = Math.max(losses, Math.abs(loss - expected));
    fall.push(loss);
    layers.forEach((layer, index) => {
      update(step, 2 * index, layer.weights, gradients[index]?.weights ?? new Float64Array());
      update(step, 2 * index + 1, layer.biases, gradients[index]?.biases ?? new Float64Array());
    });
  }
  expect(state.step).toBe(steps);
  expect(fall.at(-1)).toBeLessThan(0.95 * Number(fall[0]));
  let parameters = 0;
  network.layers.forEach((layer, index) => {
    for (const name of ['weights', 'biases'] as const) {
      readMatrix(engine, layer[name]).forEach((value, i) => {
        parameters = Math.max(parameters, Math.abs(value - Number(layers[index]?.[name][i])));
      });
    }
  });
  return { parameters, losses };
}

/** Memory of the f64 optimizer: zeros the first time a slot is seen. */
function memory(): (slot: number, length: number) => Float64Array {
  const slots = new Map<number, Float64Array>();
  return (slot, length) => {
    const known = slots.get(slot) ?? new Float64Array(length);
    slots.set(slot, known);
    return known;
  };
}

const steps = 50;
const u = 2 ** -24;

const momentum: Optimizer = { kind: 'momentum', learningRate: 0.02, momentum: 0.9 };
function momentumInF64(rate: number): ReferenceUpdate {
  const speeds = memory();
  return (_, slot, w, g) => momentumUpdate({ w, v: speeds(slot, w.length) }, g, rate, 0.9);
}

const adam: Optimizer = { kind: 'adam', learningRate: 0.003 };
function adamInF64(beta2: number): ReferenceUpdate {
  const [means, squares] = [memory(), memory()];
  const [beta1, rounded2] = [Math.fround(0.9), Math.fround(beta2)];
  return (step, slot, w, g) => {
    adamUpdate({ w, m: means(slot, w.length), v: squares(slot, w.length) }, g, {
      rate: 0.003,
      beta1,
      beta2: rounded2,
      correction1: 1 / (1 - beta1 ** step),
      correction2: 1 / (1 - rounded2 ** step),
      epsilon: 1e-8,
    });
  };
}

const adamax: Optimizer = { kind: 'adamax', learningRate: 0.004 };
const adamaxInF64: () => ReferenceUpdate = () => {
  const [means, sizes] = [memory(), memory()];
  const [beta1, beta2] = [Math.fround(0.9), Math.fround(0.999)];
  return (step, slot, w, g) => {
    const correction1 = 1 / (1 - beta1 ** step);
    const state = { w, m: means(slot, w.length), u: sizes(slot, w.length) };
    adamaxUpdate(state, g, { rate: 0.004, beta1, beta2, correction1, epsilon: 1e-8 });
  };
};

const rmsprop: Optimizer = { kind: 'rmsprop', learningRate: 0.002 };
function rmspropInF64(decay: number): ReferenceUpdate {
  const squares = memory();
  return (_, slot, w, g) => {
    const step = { rate: 0.002, decay: Math.fround(decay), epsilon: 1e-8 };
    rmspropUpdate({ w, v: squares(slot, w.length) }, g, step);
  };
}

const adagrad: Optimizer = { kind: 'adagrad', learningRate: 0.02 };
function adagradInF64(rate: number): ReferenceUpdate {
  const squares = memory();
  return (_, slot, w, g) => adagradUpdate({ w, v: squares(slot, w.length) }, g, { rate, epsilon: 1e-10 });
}

describe('50 steps follow f64', () => {
  /*
   * A gradient is a sum of at most `rows` products of numbers below 2, rounded in a chain of layers: off by 2·(rows + 8 + 8)·u of
   * sizes near 1, mostly far less. Momentum adds what it is off by ten times over and moves by the rate: 50 steps · 0.02 · 10 · 80u =
   * 800u at the very worst, if the errors neither cancelled nor were pulled back; rounding the weights adds 50u.
   */
  it('with momentum', () => {
    const got = follow(momentum, momentumInF64(0.02), steps);
    expect(got.parameters).toBeLessThan(850 * u);
    expect(got.losses).toBeLessThan(850 * u);
  });

  /*
   * Adam divides by the gradient's size, so errors relative to |g| count: 80u/|g| of a step of 0.003, where |g| ≥ 1e-2 for all
   * but a few; 50 · 0.003 · 80u / 1e-2 = 1200u. Weights and losses are of size 1.
   */
  it('with Adam', () => {
    const got = follow(adam, adamInF64(0.999), steps);
    expect(got.parameters).toBeLessThan(1200 * u);
    expect(got.losses).toBeLessThan(1200 * u);
  });

  // The same by the same reasoning: every one divides a gradient by a size of gradients, and the rates are alike or sum to less.
  it('with Adamax, RMSprop and Adagrad', () => {
    for (const [optimizer, update] of [
      [adamax, adamaxInF64()],
      [rmsprop, rmspropInF64(0.99)],
      [adagrad, adagradInF64(0.02)],
    ] as const) {
      const got = follow(optimizer, update, steps);
      expect(got.parameters, optimizer.kind).toBeLessThan(1600 * u);
      expect(got.losses, optimizer.kind).toBeLessThan(1600 * u);
    }
    expect(follow(rmsprop, rmspropInF64(0.98), steps).parameters).toBeGreaterThan(16_000 * u);
    expect(follow(adagrad, adagradInF64(0.0202), steps).parameters).toBeGreaterThan(1600 * u);
  });

  it('the control: a rate 1 % off, and corrections for another β₂, are far outside', () => {
    expect(follow(momentum, momentumInF64(0.0202), steps).parameters).toBeGreaterThan(10 * 850 * u);
    expect(follow(adam, adamInF64(0.99), steps).parameters).toBeGreaterThan(10 * 1200 * u);
  });
});

describe('openOptimizer', () => {
  it('takes no room for sgd, one number a parameter or two (Adam and Adamax) for the others, all given back with the mark', () => {
    const { network } = problem();
    const used = (optimizer: Optimizer) => {
      const mark = engine.arena.mark();
      const before = engine.arena.usedBytes;
      openOptimizer(engine, network, optimizer);
      const bytes = engine.arena.usedBytes - before;
      engine.arena.release(mark);
      return bytes;
    };
    expect(used({ kind: 'sgd', learningRate: 1 })).toBe(0);
    expect(used(momentum)).toBeGreaterThan(0);
    expect(used(adam)).toBe(2 * used(momentum));
    expect(used(adamax)).toBe(used(adam));
    expect([used(rmsprop), used(adagrad)]).toEqual([used(momentum), used(momentum)]);
  });

  it('starts from zeros in dirty memory', () => {
    const { network, inputs, targets, workspace } = problem();
    const mark = engine.arena.mark();
    const dirt = engine.arena.allocateFloats(4096);
    engine.arena.floats(dirt, 4096).fill(Number.NaN);
    engine.arena.release(mark);
    const state = openOptimizer(engine, network, adam);
    for (let step = 0; step < 3; step++) {
      const loss = trainStep(engine, network, inputs, meanSquaredError(targets), workspace, state);
      expect(Number.isFinite(loss)).toBe(true);
    }
    engine.arena.release(mark);
  });

  it.each<[string, Optimizer]>([
    ['learningRate is 0', { kind: 'sgd', learningRate: 0 }],
    ['learningRate is 1e-60', { kind: 'sgd', learningRate: 1e-60 }],
    ['learningRate is 1e+39', { kind: 'momentum', learningRate: 1e39, momentum: 0 }],
    ['epsilon is 1e+39', { kind: 'adam', learningRate: 1, epsilon: 1e39 }],
    ['learningRate is Infinity', { kind: 'adam', learningRate: Number.POSITIVE_INFINITY }],
    ['momentum is 1', { kind: 'momentum', learningRate: 1, momentum: 1 }],
    ['momentum is NaN', { kind: 'momentum', learningRate: 1, momentum: Number.NaN }],
    ['beta1 is -0.1', { kind: 'adam', learningRate: 1, beta1: -0.1 }],
    ['beta2 is 0.99999999999', { kind: 'adam', learningRate: 1, beta2: 0.99999999999 }],
    ['the optimizer is lion', { kind: 'lion' as 'sgd', learningRate: 1 }],
    ['the optimizer is toString', { kind: 'toString' as 'sgd', learningRate: 1 }],
    ['beta1 is 1', { kind: 'adamax', learningRate: 1, beta1: 1 }],
    ['decay is 1.5', { kind: 'rmsprop', learningRate: 1, decay: 1.5 }],
    ['epsilon is 0', { kind: 'adagrad', learningRate: 1, epsilon: 0 }],
    ['epsilon is 0', { kind: 'adam', learningRate: 1, epsilon: 0 }],
    ['epsilon is 1e-60', { kind: 'adam', learningRate: 1, epsilon: 1e-60 }],
  ])('refuses: %s', (message, optimizer) => {
    const { network } = problem();
    expect(() => openOptimizer(engine, network, optimizer)).toThrow(InvalidArgumentError);
    expect(() => openOptimizer(engine, network, optimizer)).toThrow(`openOptimizer: ${message}`);
  });
});
