/** Networks of any architecture get every parameter from their initializer by its fans, with keys of its own. */
import {
  allocateDenseNetwork,
  allocateMatrix,
  allocateNetwork,
  allocateWorkspace,
  beginForward,
  createEngine,
  denseArchitecture,
  forwardStep,
  InvalidArgumentError,
  type Network,
  parseArchitecture,
  readImages,
  readMatrix,
  rootKey,
  writeMatrix,
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
    ['lsuv', 'lsuv looks at data and got none'],
    ['sign-flip', 'sign-flip looks at data and is for dense networks'],
    ['data-dependent', 'data-dependent looks at data and is for dense networks'],
    [
      'rai',
      'randomized-asymmetric draws weights and biases together, and layers.2.shortcut.weights has none',
    ],
  ])('refuses %s', (name, message) => {
    expect(() => draw(name)).toThrow(InvalidArgumentError);
    expect(() => draw(name)).toThrow(`initializeParameters: ${message}`);
  });
});

describe('lsuv', () => {
  const { initializer } = findInitializer('lsuv:tolerance=0.01');
  const points = (columns: number) => {
    const inputs = allocateMatrix(engine, 12, columns);
    writeMatrix(
      engine,
      inputs,
      Float64Array.from({ length: 12 * columns }, (_, i) => 3 + Math.sin(1.7 * i * i)),
    );
    return { inputs };
  };

  it('gives every layer pre-activations of deviation 1 on the data, in blocks, convolutions and projections', () => {
    const data = points(8 * 8 * 20);
    const network = allocateNetwork(engine, architecture);
    const used = engine.arena.usedBytes;
    initializeParameters(engine, network, initializer, rootKey(1), data);
    expect(engine.arena.usedBytes).toBe(used);
    const workspace = allocateWorkspace(engine, network, 12, 'all');
    beginForward(engine, network, data.inputs, workspace);
    let seen = 0;
    network.program.steps.forEach((step, index) => {
      if (step.kind === 'dense' || step.kind === 'conv2d') {
        const sums = readImages(engine, forwardStep(engine, network, index, workspace, true));
        const center = sums.reduce((a, b) => a + b, 0) / sums.length;
        const square = sums.reduce((a, b) => a + (b - center) ** 2, 0) / sums.length;
        expect(Math.abs(Math.sqrt(square) - 1), `${index}`).toBeLessThan(0.011);
        seen += 1;
      }
      forwardStep(engine, network, index, workspace);
    });
    expect(seen).toBe(4);
    const of = (kind: string) => network.parameters.filter((parameter) => parameter.kind === kind);
    for (const { matrix } of of('biases'))
      expect(readMatrix(engine, matrix).every((b) => b === 0)).toBe(true);
    for (const { matrix } of of('gamma')) expect(readMatrix(engine, matrix).every((g) => g === 1)).toBe(true);
    expect(of('scale').map(({ matrix }) => [...readMatrix(engine, matrix)])).toEqual([[0.25]]);
  });

  it('gives a net of dense layers the numbers of initializeNetwork', () => {
    const data = points(6);
    const sizes = { widths: [6, 5, 7], outputs: 3 };
    const plain = allocateDenseNetwork(engine, sizes);
    const network = allocateNetwork(engine, denseArchitecture(sizes));
    initializeNetwork(engine, plain, initializer, rootKey(9), data);
    initializeParameters(engine, network, initializer, rootKey(9), data);
    expect(numbers(network)).toEqual(
      plain.layers.flatMap(({ weights, biases }) =>
        [weights, biases].map((matrix) => [...readMatrix(engine, matrix)]),
      ),
    );
  });

  it('refuses data of another size, or that are not finite, or that leave f32', () => {
    const network = allocateNetwork(engine, architecture);
    const drawOn = (data: { inputs: ReturnType<typeof allocateMatrix> }) => () =>
      initializeParameters(engine, network, initializer, rootKey(1), data);
    expect(drawOn(points(9))).toThrow('inputs are 12 × 9; expected at least 1 × 1280');
    const bad = points(1280);
    writeMatrix(engine, { ...bad.inputs, rows: 1 }, new Float32Array(1280).fill(Number.NaN));
    expect(drawOn(bad)).toThrow('NaN or Infinity');
    writeMatrix(engine, bad.inputs, new Float32Array(12 * 1280).fill(3e38));
    expect(drawOn(bad)).toThrow('layers.0.weights leaves the range of f32');
  });
});
