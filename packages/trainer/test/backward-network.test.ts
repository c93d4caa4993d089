/** Gradients and steps of networks of any architecture against the f64 reference, and against the bits of dense networks. */
import {
  allocateDenseNetwork,
  allocateMatrix,
  allocateNetwork,
  denseArchitecture,
  InvalidArgumentError,
  type Matrix,
  readImages,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import { findInitializer, initializeNetwork, initializeParameters } from '@kindling/initializers';
import {
  allocateNetworkTraining,
  allocateTraining,
  meanSquaredError,
  type Optimizer,
  openNetworkOptimizer,
  openOptimizer,
  passNetworkBackward,
  passNetworkForward,
  softmaxCrossEntropy,
  trainNetworkStep,
  trainStep,
} from '@kindling/trainer';
import { referenceNetworkGradients, referenceNetworkStep } from '@kindling/trainer/reference';
import { describe, expect, it } from 'vitest';
import { architectures, distance, engine, everything, problem, readParameters } from './network-problem.js';

const u = 2 ** -24;

describe('gradients are those of the f64 reference', () => {
  /*
   * A sum of k terms in f32 is off by √k·u of its terms' sizes when roundings go both ways. The longest here have 384 terms (a weight
   * gradient over 6 · 64 pixels) and 54 (the taps of a convolution); a gradient passes at most 10 of them, whose errors add as
   * squares do: √(10 · 438)·u = 66u, and terms may be half as large again as their sum. Most are off by 5u. A mistake is of size 1.
   */
  const tolerance = 100 * u;
  it.each(Object.entries({ ...architectures, everything }))('%s', (_, description) => {
    const { network, input, inputs, labels, labelPointer, reference, training } = problem(description, 6, 3);
    const loss = { kind: 'softmax-cross-entropy', labels } as const;
    const expected = referenceNetworkGradients(description, reference, input, loss);
    const value = passNetworkForward(engine, network, inputs, softmaxCrossEntropy(labelPointer), training);
    expect(Math.abs(value - expected.loss)).toBeLessThan(tolerance * Math.max(1, expected.loss));
    const visited: string[] = [];
    passNetworkBackward(engine, network, training, (index, gradient) => {
      const name = network.parameters[index]?.name ?? '';
      const { off, size } = distance(readMatrix(engine, gradient), expected.gradients[name] ?? []);
      // Before a normalization the gradient by a bias is 0, a sum of larger parts: they set the scale.
      expect(off, name).toBeLessThan(tolerance * Math.max(size, 0.01));
      visited.push(name);
    });
    expect(visited.sort()).toEqual(network.parameters.map(({ name }) => name).sort());
  });

  it('for a part of the batch, and again after a larger one', () => {
    const { network, input, inputs, labels, labelPointer, reference, training } = problem(everything, 6, 3);
    const loss = softmaxCrossEntropy(labelPointer);
    passNetworkForward(engine, network, inputs, loss, training);
    passNetworkBackward(engine, network, training, () => {});
    const part = { kind: 'softmax-cross-entropy', labels: labels.subarray(0, 4) } as const;
    const expected = referenceNetworkGradients(everything, reference, input.subarray(0, 4 * 64), part);
    passNetworkForward(engine, network, { ...inputs, rows: 4 }, loss, training);
    passNetworkBackward(engine, network, training, (index, gradient) => {
      const name = network.parameters[index]?.name ?? '';
      const { off, size } = distance(readMatrix(engine, gradient), expected.gradients[name] ?? []);
      expect(off, name).toBeLessThan(tolerance * Math.max(size, 0.01));
    });
  });
});

describe('the tap of the way back', () => {
  it('gets the gradient by every layer’s output, last layer first: its sum is the gradient by a bias added there', () => {
    const { network, inputs, labelPointer, training } = problem(everything, 6, 3);
    passNetworkForward(engine, network, inputs, softmaxCrossEntropy(labelPointer), training);
    const sums = new Map<string, readonly number[]>();
    const biases = new Map<string, readonly number[]>();
    const visit = (index: number, gradient: Matrix) => {
      const name = network.parameters[index]?.name ?? '';
      if (/biases|beta/.test(name)) biases.set(name, [...readMatrix(engine, gradient)]);
    };
    passNetworkBackward(engine, network, training, visit, ({ path }, gradient) => {
      const totals = new Array<number>(gradient.channels).fill(0);
      readImages(engine, gradient).forEach((value, i) => {
        totals[i % gradient.channels] = Number(totals[i % gradient.channels]) + value;
      });
      sums.set(path, totals);
    });
    expect([...sums.keys()].slice(0, 3)).toEqual(['layers[8]', 'layers[7]', 'layers[6]']);
    expect(sums.size).toBe(13);
    // Where nothing follows the sum, adding to a bias adds to every output.
    for (const [path, name] of [
      ['layers[8]', 'layers.8.biases'],
      ['layers[4].branch[1]', 'layers.4.branch.1.biases'],
      ['layers[1]', 'layers.1.beta'],
    ] as const) {
      const { off, size } = distance(sums.get(path) ?? [], biases.get(name) ?? []);
      expect(size).toBeGreaterThan(1e-3);
      expect(off, path).toBeLessThan(10 * u * size);
    }
  });
});

/** 20 steps in f32 and in f64 side by side: the largest distance of a loss and of a parameter. */
function follow(referenceRate: number) {
  const { network, input, inputs, labels, labelPointer, reference, training } = problem(everything, 6, 8);
  const optimizer = openNetworkOptimizer(engine, network, { kind: 'sgd', learningRate: 0.05 });
  const loss = { kind: 'softmax-cross-entropy', labels } as const;
  let losses = 0;
  const fall: number[] = [];
  for (let step = 0; step < 20; step++) {
    const pointer = softmaxCrossEntropy(labelPointer);
    const value = trainNetworkStep(engine, network, inputs, pointer, training, optimizer);
    losses = Math.max(
      losses,
      Math.abs(value - referenceNetworkStep(everything, reference, input, loss, referenceRate)),
    );
    fall.push(value);
  }
  expect(optimizer.step).toBe(20);
  expect(fall.at(-1)).toBeLessThan(0.8 * Number(fall[0]));
  const parameters = Object.entries(readParameters(network)).map(
    ([name, numbers]) => distance(numbers, reference[name] ?? []).off,
  );
  return { losses, parameters: Math.max(...parameters) };
}

describe('20 steps of a small residual net of convolutions', () => {
  /*
   * A gradient of size 1 is off by 100u, as above; 20 steps of rate 0.05 add that up to 100u, and 20 roundings of parameters of size 1 add
   * 20u. What is off grows by 1 + rate · curvature a step: with a curvature of 2 by 1.1^20 = 6.7 at the end, 3 on average over the
   * steps. 3 · 120u.
   */
  const tolerance = 360 * u;
  it('agree with the f64 reference', () => {
    const { losses, parameters } = follow(0.05);
    expect(losses).toBeLessThan(tolerance);
    expect(parameters).toBeLessThan(tolerance);
  });

  it('the control: a rate that is 1 % off is far outside', () => {
    expect(follow(0.0505).parameters).toBeGreaterThan(5 * tolerance);
  });
});

describe('a net of dense layers alone', () => {
  const sizes = { widths: [9, 8, 7], outputs: 3 };
  it.each<Optimizer>([
    { kind: 'sgd', learningRate: 0.1 },
    { kind: 'momentum', learningRate: 0.02, momentum: 0.9 },
    { kind: 'adam', learningRate: 0.01 },
  ])('has the bits of the dense network, drawn and trained: $kind', (settings) => {
    const plain = allocateDenseNetwork(engine, sizes);
    const general = allocateNetwork(engine, denseArchitecture(sizes));
    const { initializer } = findInitializer('pytorch:linear');
    initializeNetwork(engine, plain, initializer, rootKey(6));
    initializeParameters(engine, general, initializer, rootKey(6));
    const inputs = allocateMatrix(engine, 10, 9);
    const targets = allocateMatrix(engine, 10, 3);
    writeMatrix(
      engine,
      inputs,
      Float32Array.from({ length: 90 }, (_, i) => Math.sin(i * i)),
    );
    writeMatrix(
      engine,
      targets,
      Float32Array.from({ length: 30 }, (_, i) => Math.cos(i * i)),
    );
    const loss = meanSquaredError(targets);
    const workspace = allocateTraining(engine, plain, 10);
    const training = allocateNetworkTraining(engine, general, 10);
    const states = [openOptimizer(engine, plain, settings), openNetworkOptimizer(engine, general, settings)];
    const [state, generalState] = states as [
      ReturnType<typeof openOptimizer>,
      ReturnType<typeof openNetworkOptimizer>,
    ];
    for (let step = 0; step < 5; step++) {
      const expected = trainStep(engine, plain, inputs, loss, workspace, state);
      expect(trainNetworkStep(engine, general, inputs, loss, training, generalState)).toBe(expected);
    }
    const matrices = plain.layers.flatMap(({ weights, biases }) => [weights, biases]);
    general.parameters.forEach(({ matrix, name }, index) => {
      const expected = matrices[index];
      expect(readMatrix(engine, matrix), name).toEqual(expected && readMatrix(engine, expected));
    });
  });
});

describe('refuses', () => {
  it('outputs that are images', () => {
    const image = { height: 4, width: 4, channels: 1 };
    const network = allocateNetwork(engine, {
      ...{ input: image, layers: [{ kind: 'batch-normalization' }] },
    });
    expect(() => allocateNetworkTraining(engine, network, 2)).toThrow(/gives images; expected flat/);
  });

  it('targets of another width, and backward before forward', () => {
    const { network, inputs, training } = problem(everything, 2, 1);
    expect(() => passNetworkBackward(engine, network, training, () => {})).toThrow(
      /passNetworkForward first/,
    );
    const targets = meanSquaredError(allocateMatrix(engine, 2, 3));
    const pass = () => passNetworkForward(engine, network, inputs, targets, training);
    expect(pass).toThrow(InvalidArgumentError);
    expect(pass).toThrow('the targets are 2 × 3; expected 2 × 4');
  });
});
