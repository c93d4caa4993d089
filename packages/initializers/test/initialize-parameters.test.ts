/** Networks of any architecture get every parameter from their initializer by its fans, with keys of its own. */
import {
  allocateDenseNetwork,
  allocateNetwork,
  createEngine,
  denseArchitecture,
  InvalidArgumentError,
  type Network,
  parseArchitecture,
  readMatrix,
  rootKey,
} from '@kindling/core';
import {
  effectiveVariance,
  findInitializer,
  initializeNetwork,
  initializeParameters,
} from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const conv = { kind: 'conv2d', filters: 40, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'relu' };
const architecture = parseArchitecture({
  input: { height: 8, width: 8, channels: 20 },
  layers: [
    conv,
    { kind: 'batch-normalization' },
    {
      kind: 'residual',
      branch: [{ ...conv, filters: 60 }],
      scale: { learned: 0.25 },
      shortcut: 'projection',
    },
    { kind: 'global-average-pool' },
    { kind: 'dense', units: 70, activation: 'linear' },
  ],
});

function draw(name: string, seed = 1): Network {
  const network = allocateNetwork(engine, architecture);
  initializeParameters(engine, network, findInitializer(name).initializer, rootKey(seed));
  return network;
}

const numbers = (network: Network) => network.parameters.map(({ matrix }) => [...readMatrix(engine, matrix)]);

describe('initializeParameters', () => {
  it.each(['he-normal', 'glorot-uniform', 'lecun-normal'])('draws weights of %s by their fans', (name) => {
    const { initializer } = findInitializer(name);
    for (const { kind, fans, matrix } of draw(name).parameters) {
      const values = readMatrix(engine, matrix);
      if (kind !== 'weights' || fans === null) {
        const constant = { biases: 0, beta: 0, gamma: 1, scale: 0.25, weights: Number.NaN }[kind];
        expect(values.every((value) => value === constant)).toBe(true);
        continue;
      }
      const { variance } = effectiveVariance(initializer, fans);
      const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      // A normal law's mean square has a relative standard error of √(2/n); 5 of them: false alarm 6e-7 a matrix, fixed seed.
      expect(Math.abs(square / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / values.length));
    }
  });

  it('gives biases theirs where the law has some', () => {
    const [, biases] = draw('pytorch:linear').parameters;
    const values = biases === undefined ? [] : [...readMatrix(engine, biases.matrix)];
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(180));
    expect(new Set(values).size).toBe(40);
  });

  it('depends on the key alone, and on all of it', () => {
    expect(numbers(draw('he-normal', 3))).toEqual(numbers(draw('he-normal', 3)));
    expect(numbers(draw('he-normal', 3))).not.toEqual(numbers(draw('he-normal', 4)));
    const firsts = numbers(draw('normal')).flatMap((values, i) =>
      draw('normal').parameters[i]?.kind === 'weights' ? [values[0]] : [],
    );
    expect(new Set(firsts).size).toBe(4);
  });

  it('gives delta-orthogonal its kernel: what the middle tap reads passes, nothing else', () => {
    const weights = draw('delta-orthogonal').parameters[0];
    if (weights === undefined) throw new RangeError('no weights');
    const values = readMatrix(engine, weights.matrix);
    for (let tap = 0; tap < 9; tap++) {
      const square = values.subarray(tap * 800, (tap + 1) * 800).reduce((sum, w) => sum + w * w, 0);
      // 20 orthonormal rows, or zeros.
      expect(square).toBeCloseTo(tap === 4 ? 20 : 0, 4);
    }
  });

  it.each(['he-normal', 'pytorch:linear', 'rai', 'orthogonal'])(
    'gives a net of dense layers the numbers of initializeNetwork: %s',
    (name) => {
      const sizes = { widths: [6, 5, 7], outputs: 3 };
      const { initializer } = findInitializer(name);
      const plain = allocateDenseNetwork(engine, sizes);
      const network = allocateNetwork(engine, denseArchitecture(sizes));
      initializeNetwork(engine, plain, initializer, rootKey(9));
      initializeParameters(engine, network, initializer, rootKey(9));
      expect(numbers(network)).toEqual(
        plain.layers.flatMap(({ weights, biases }) =>
          [weights, biases].map((matrix) => [...readMatrix(engine, matrix)]),
        ),
      );
    },
  );

  it.each([
    ['lsuv', 'lsuv looks at data'],
    [
      'rai',
      'randomized-asymmetric draws weights and biases together, and layers.2.shortcut.weights has none',
    ],
  ])('refuses %s', (name, message) => {
    expect(() => draw(name)).toThrow(InvalidArgumentError);
    expect(() => draw(name)).toThrow(`initializeParameters: ${message}`);
  });
});
