/** Dead neurons of nets that the kernels draw, against the theory of one and of many layers. */
import {
  allocateDenseNetwork,
  allocateForward,
  allocateMatrix,
  createEngine,
  deriveKey,
  forward,
  keyPurpose,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import { interpolateExactly, predictBornDead, predictTrainability } from '@kindling/diagnostics';
import { findInitializer, type Initializer, initializeNetwork } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();

/** A net on given points: `draw` makes a new one and returns the activations of every layer, points × width. */
function sampler(widths: readonly number[], points: readonly number[], initializer: Initializer) {
  const dimension = widths[0] ?? 1;
  const rows = points.length / dimension;
  const network = allocateDenseNetwork(engine, { widths, outputs: 1 });
  const workspace = allocateForward(engine, network, rows);
  const inputs = allocateMatrix(engine, rows, dimension);
  writeMatrix(engine, inputs, Float64Array.from(points));
  return (trial: number): Float32Array[] => {
    const key = deriveKey(rootKey(21), keyPurpose.trial, trial);
    initializeNetwork(engine, network, initializer, key, { inputs });
    const activations: Float32Array[] = [];
    forward(engine, network, inputs, workspace, (_, act) => {
      activations.push(Float32Array.from(readMatrix(engine, act)));
    });
    return activations;
  };
}

/** Neurons of a layer that are above 0 at some point. */
function activeNeurons(activations: Float32Array, width: number): number {
  let active = 0;
  for (let k = 0; k < width; k++) {
    for (let at = k; at < activations.length; at += width) {
      if ((activations[at] ?? 0) > 0) {
        active += 1;
        break;
      }
    }
  }
  return active;
}

describe('one hidden layer on [−√3, √3]', () => {
  const width = 8;
  const needed = 4;
  const trials = 20_000;
  // A neuron of one input is dead on an interval if and only if it is at both ends.
  const ends = [-Math.sqrt(3), Math.sqrt(3)];

  it('has the predicted distribution of active neurons and trainability', () => {
    const initializer: Initializer = {
      kind: 'layerwise',
      weights: { kind: 'stated-variance', distribution: 'normal', variance: 2 },
      biases: { kind: 'stated-variance', distribution: 'normal', variance: 2 },
    };
    const draw = sampler([1, width], ends, initializer);
    const counts = new Array<number>(width + 1).fill(0);
    for (let trial = 0; trial < trials; trial++) {
      const active = activeNeurons(draw(trial)[0] ?? new Float32Array(), width);
      counts[active] = (counts[active] ?? 0) + 1;
    }
    const options = { inputDimension: 1, width, needed };
    const theory = predictTrainability({ ...options, radius: Math.sqrt(3) });
    const wrong = predictTrainability({ ...options, radius: 2 });
    const found = counts.map((count) => count / trials);
    const deviations = (distribution: readonly number[]) =>
      distribution.map(
        (p, k) => Math.abs((found[k] ?? 0) - p) / Math.sqrt((Math.max(p, 1 / trials) * (1 - p)) / trials),
      );
    expect(Math.max(...deviations(theory.activeDistribution))).toBeLessThan(4);
    expect(Math.max(...deviations(wrong.activeDistribution))).toBeGreaterThan(4);
    const trainable = found.slice(needed).reduce((a, b) => a + b, 0);
    const { trainability } = theory;
    expect(Math.abs(trainable - trainability)).toBeLessThan(
      4 * Math.sqrt((trainability * (1 - trainability)) / trials),
    );
  });

  it('leaves no neuron dead on the data with data-dependent initialization', () => {
    const points = Array.from({ length: 12 }, (_, i) => -1.7 + 0.3 * i);
    const draw = sampler([1, 16, 16], points, findInitializer('data-dependent').initializer);
    for (let trial = 0; trial < 500; trial++) {
      const [first, second] = draw(trial);
      expect(activeNeurons(first ?? new Float32Array(), 16)).toBe(16);
      expect(activeNeurons(second ?? new Float32Array(), 16)).toBe(16);
    }
  });
});

it('ten affine maps of width 2 are born dead within the bounds, as the literature has it', () => {
  const hidden = new Array<number>(9).fill(2);
  const draw = sampler([1, ...hidden], [-1, 1], findInitializer('he-normal').initializer);
  const trials = 8000;
  let dead = 0;
  for (let trial = 0; trial < trials; trial++) {
    const last = draw(trial).at(-2);
    if (last?.every((x) => x === 0)) dead += 1;
  }
  const { lower = Number.NaN, upper } = predictBornDead({ inputDimension: 1, hidden, zeroBiases: true });
  const standardError = Math.sqrt((0.8809 * 0.1191) / trials);
  expect(Math.abs(dead / trials - 0.8809)).toBeLessThan(4 * standardError);
  expect(dead / trials).toBeGreaterThan(lower - 4 * standardError);
  expect(dead / trials).toBeLessThan(upper + 4 * standardError);
});

it('an interpolating net passes through its data in f32 kernels too', () => {
  const points = [-1.5, -0.5, 0.25, 1, 1.75];
  const targets = [1, -1, 0.5, 2, 0];
  const net = interpolateExactly({ inputs: points.map((x) => [x]), targets });
  const network = allocateDenseNetwork(engine, { widths: [1, net.width], outputs: 1 });
  const [hidden, output] = network.layers;
  if (hidden === undefined || output === undefined) throw new Error('a net of two layers');
  writeMatrix(engine, hidden.weights, Float64Array.from(net.weights.flat()));
  writeMatrix(engine, hidden.biases, Float64Array.from(net.biases));
  writeMatrix(engine, output.weights, Float64Array.from(net.outputWeights));
  writeMatrix(engine, output.biases, Float64Array.of(net.outputBias));
  const inputs = allocateMatrix(engine, points.length, 1);
  writeMatrix(engine, inputs, Float64Array.from(points));
  const found = forward(engine, network, inputs, allocateForward(engine, network, points.length));
  readMatrix(engine, found).forEach((y, i) => {
    expect(y).toBeCloseTo(targets[i] ?? 0, 5);
  });
});
