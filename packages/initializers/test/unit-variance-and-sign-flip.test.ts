import { createEngine, deriveKey, readMatrix, rootKey } from '@kindling/core';
import { findInitializer, type Initializer, initializeNetwork } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { activationsOn, livingPoints, matrixOf, network, normalData } from './networks-on-data.js';

const engine = createEngine();

function deviationOf(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** x · W + b of a layer in f64: what `forward` hides behind its ReLU. */
function preActivations(inputs: Float32Array, weights: Float32Array, biases: Float32Array): Float32Array {
  const units = biases.length;
  const fanIn = weights.length / units;
  const points = inputs.length / fanIn;
  return Float32Array.from({ length: points * units }, (_, place) => {
    const [point, unit] = [Math.floor(place / units), place % units];
    let sum = biases[unit] ?? 0;
    for (let i = 0; i < fanIn; i++)
      sum += (inputs[point * fanIn + i] ?? 0) * (weights[i * units + unit] ?? 0);
    return sum;
  });
}

describe('LSUV', () => {
  it.each([
    ['lsuv', 0.1],
    ['lsuv:tolerance=0.001', 0.001],
  ])(
    '%s: every layer, the linear one too, has pre-activations of deviation 1 within the tolerance',
    (name, tolerance) => {
      const inputs = normalData(engine, 60, 9, 2, 7);
      const net = network(engine, [9, 30, 12, 12, 40], 5);
      initializeNetwork(engine, net, findInitializer(name).initializer, rootKey(3), { inputs });
      let arriving = readMatrix(engine, inputs) as Float32Array;
      const layers = activationsOn(engine, net, inputs);
      net.layers.forEach((layer, index) => {
        const biases = readMatrix(engine, layer.biases);
        expect(biases.every((bias) => bias === 0)).toBe(true);
        const values = preActivations(arriving, readMatrix(engine, layer.weights), biases);
        expect(Math.abs(deviationOf(values) - 1)).toBeLessThanOrEqual(tolerance + 1e-5);
        arriving = layers[index] ?? new Float32Array();
      });
    },
  );

  it('leaves a layer alone that nothing reaches', () => {
    const inputs = matrixOf(engine, [[0, 0]]);
    const net = network(engine, [2, 3, 3]);
    initializeNetwork(engine, net, findInitializer('lsuv').initializer, rootKey(3), { inputs });
    for (const layer of net.layers)
      expect(readMatrix(engine, layer.weights).every(Number.isFinite)).toBe(true);
  });
});

describe('LSUV far from 1', () => {
  it('says which way to scale data that are too small for weights in f32', () => {
    const { initializer } = findInitializer('lsuv');
    const initialize = (size: number) => {
      const inputs = matrixOf(engine, [
        [size, 0],
        [0, -size],
      ]);
      initializeNetwork(engine, network(engine, [2, 3]), initializer, rootKey(3), { inputs });
    };
    expect(() => initialize(1e-42)).toThrow(/^initializeNetwork: layer 1 .* scale the data up$/);
    expect(() => initialize(1e-36)).not.toThrow();
  });
});

describe('sign flip', () => {
  const { initializer } = findInitializer('sign-flip');
  if (initializer.kind !== 'sign-flip') throw new Error('expected a sign flip');

  function shares(candidate: Initializer, depth: number, width: number, trials: number): number[] {
    const inputs = normalData(engine, 64, 2, 9);
    const net = network(engine, [2, ...new Array<number>(depth).fill(width)]);
    return Array.from({ length: trials }, (_, trial) => {
      initializeNetwork(engine, net, candidate, deriveKey(rootKey(5), 77, trial), { inputs });
      return livingPoints(engine, net, inputs) / inputs.rows;
    });
  }

  it.each([
    [1, 1],
    [3, 1],
    [5, 1],
    [4, 2],
    [10, 2],
  ])(
    'through %d layers of width %d at least 2^−depth of the data live, in every one of 200 trials',
    (depth, width) => {
      const flipped = shares(initializer, depth, width, 200);
      // 64 points: 2^−depth of them is less than one from depth 7 on, and a point is either alive or not.
      expect(Math.min(...flipped)).toBeGreaterThanOrEqual(2 ** -Math.min(depth, 6));
      const plain = shares(initializer.base, depth, width, 200);
      const mean = (values: readonly number[]) =>
        values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean(flipped)).toBeGreaterThan(mean(plain));
      // Negative control: the base alone breaks the bound.
      expect(Math.min(...plain)).toBeLessThan(2 ** -Math.min(depth, 6));
    },
  );

  it('changes nothing but signs, and those of a layer all together', () => {
    const inputs = normalData(engine, 16, 3, 4);
    const [flipped, plain] = [initializer, initializer.base].map((candidate) => {
      const net = network(engine, [3, 2, 2, 2], 2);
      initializeNetwork(engine, net, candidate, rootKey(6), { inputs });
      return net.layers.map((layer) => [...readMatrix(engine, layer.weights)]);
    });
    const signs = flipped?.map((weights, index) => {
      const ratios = new Set(weights.map((weight, i) => weight / (plain?.[index]?.[i] ?? Number.NaN)));
      expect(ratios.size).toBe(1);
      return [...ratios][0];
    });
    // The linear layer kills nothing.
    expect(signs?.at(-1)).toBe(1);
  });

  it('flips biases with the weights', () => {
    const inputs = matrixOf(engine, [[1], [2], [3]]);
    const sad: Initializer = {
      kind: 'sign-flip',
      base: {
        kind: 'layerwise',
        weights: { kind: 'constant', value: -1 },
        biases: { kind: 'constant', value: -0.5 },
      },
    };
    const net = network(engine, [1, 2]);
    initializeNetwork(engine, net, sad, rootKey(1), { inputs });
    expect([...readMatrix(engine, net.layers[0]?.biases ?? inputs)]).toEqual([0.5, 0.5]);
    expect(livingPoints(engine, net, inputs)).toBe(3);
  });
});
