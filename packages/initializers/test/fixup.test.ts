/** Fixup on residual nets: which matrices are scaled by what, which are zero, and which nets it refuses. */
import {
  type Architecture,
  allocateDenseNetwork,
  allocateNetwork,
  createEngine,
  InvalidArgumentError,
  type Layer,
  type Network,
  parseArchitecture,
  readMatrix,
  residualArchitecture,
  rootKey,
} from '@kindling/core';
import {
  checkInitializer,
  effectiveVariance,
  type Fixup,
  findInitializer,
  fixupScale,
  hasZeroBiases,
  type Initializer,
  initializeNetwork,
  initializeParameters,
  parameterLaws,
} from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const fixup = findInitializer('fixup').initializer;
const conv = (filters: number, activation: 'relu' | 'linear', stride = 1): Layer => ({
  ...{ kind: 'conv2d', filters, kernel: [3, 3], padding: 'zero' },
  ...{ activation, stride },
});
const block = (branch: readonly Layer[], shortcut: 'identity' | 'projection' = 'identity'): Layer => ({
  ...{ kind: 'residual', scale: { learned: 1 } },
  ...{ branch, shortcut },
});

/** Three blocks, of two, three and two layers, the second with a projection. */
const images = parseArchitecture({
  input: { height: 6, width: 6, channels: 8 },
  layers: [
    conv(12, 'relu'),
    block([conv(12, 'relu'), conv(12, 'linear')]),
    block([conv(16, 'relu', 2), conv(16, 'relu'), conv(16, 'linear')], 'projection'),
    { kind: 'activation', activation: 'relu' },
    block([conv(16, 'relu'), { kind: 'activation', activation: 'relu' }, conv(16, 'linear')]),
    { kind: 'global-average-pool' },
    { kind: 'dense', units: 10, activation: 'linear' },
  ],
});

function draw(architecture: Architecture, initializer: Initializer, seed = 1): Network {
  const network = allocateNetwork(engine, architecture);
  initializeParameters(engine, network, initializer, rootKey(seed));
  return network;
}

const numbersOf = (network: Network) =>
  new Map(network.parameters.map(({ name, matrix }) => [name, [...readMatrix(engine, matrix)]]));

describe('fixup', () => {
  it('multiplies the weights that He draws by L^(−1/(2m − 2)), and the last of a branch by 0', () => {
    const [scaled, plain] = [fixup, findInitializer('he-normal').initializer].map((initializer) =>
      numbersOf(draw(images, initializer)),
    );
    const two = 3 ** (-1 / 2);
    const three = 3 ** (-1 / 4);
    const factors: Readonly<Record<string, number>> = {
      'layers.0.weights': 1,
      'layers.1.branch.0.weights': two,
      'layers.1.branch.1.weights': 0,
      'layers.2.branch.0.weights': three,
      'layers.2.branch.1.weights': three,
      'layers.2.branch.2.weights': 0,
      'layers.2.shortcut.weights': 1,
      'layers.4.branch.0.weights': two,
      'layers.4.branch.2.weights': 0,
      'layers.6.weights': 0,
    };
    const names = [...(plain?.keys() ?? [])].filter((name) => name.endsWith('.weights'));
    expect(names.sort()).toEqual(Object.keys(factors).sort());
    for (const name of names) {
      const expected = plain?.get(name)?.map((weight) => weight * Number(factors[name])) ?? [];
      const actual = scaled?.get(name) ?? [];
      expect(actual).toHaveLength(expected.length);
      // One rounding of the deviation, one of the product, on either side.
      const off = actual.map(
        (weight, i) => Math.abs(weight - Number(expected[i])) - 4 * 2 ** -24 * Math.abs(weight),
      );
      expect(Math.max(...off), name).toBeLessThanOrEqual(0);
    }
  });

  it('leaves biases at zero and learned scales at what they start from', () => {
    for (const { kind, matrix, name } of draw(images, fixup).parameters) {
      const values = readMatrix(engine, matrix);
      if (kind === 'biases')
        expect(
          values.every((value) => value === 0),
          name,
        ).toBe(true);
      if (kind === 'scale') expect([...values], name).toEqual([1]);
    }
  });

  it('draws the output where told, and scales another law where told', () => {
    const { initializer } = findInitializer('fixup:base=lecun-uniform,output=drawn');
    expect(initializer).toEqual({
      ...{ kind: 'fixup', output: 'drawn' },
      weights: { kind: 'variance-scaling', distribution: 'uniform', scale: 1, mode: 'fan-in' },
    });
    const output = numbersOf(draw(images, initializer)).get('layers.6.weights') ?? [];
    expect(Math.max(...output.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(3 / 16));
    expect(output.every((weight) => weight !== 0)).toBe(true);
    expect(() => findInitializer('fixup:output=none')).toThrow('expected zero or drawn');
    expect(() => findInitializer('fixup:base=pytorch:linear')).toThrow('an initializer without biases');
    expect(() => findInitializer('fixup:base=fixup')).toThrow('base is "fixup"');
  });

  it('scales every law by its deviation', () => {
    const of = (expression: string) => {
      const [, law] = parameterLaws(images, { ...(fixup as Fixup), weights: lawOf(expression) });
      return law?.kind === 'layerwise'
        ? effectiveVariance(law.weights, { fanIn: 9, fanOut: 9 }).variance
        : Number.NaN;
    };
    const square = fixupScale({ branches: 3, layersPerBranch: 2 }) ** 2;
    for (const name of [
      'he-normal',
      'normal',
      'uniform:low=-0.3,high=0.3',
      'identity',
      'orthogonal',
      'sparse',
    ]) {
      const plain = effectiveVariance(lawOf(name), { fanIn: 9, fanOut: 9 }).variance;
      expect(of(name) / plain, name).toBeCloseTo(square, 12);
    }
    const [, constant] = parameterLaws(images, {
      ...(fixup as Fixup),
      weights: { kind: 'constant', value: 2 },
    });
    expect(constant).toMatchObject({ weights: { kind: 'constant', value: 2 * Math.sqrt(square) } });
  });

  it('keeps the stream of a net of 1,000 modules as it is', () => {
    const architecture = residualArchitecture({
      ...{ module: 'linear', width: 4, modules: 1000, scale: { rule: 'constant', value: 1 } },
    });
    const laws = parameterLaws(architecture, fixup as Fixup);
    expect(laws).toHaveLength(2000);
    expect(laws[0]).toMatchObject({ weights: { scale: expect.closeTo(2 / 1000, 12) } });
    expect(laws[1999]).toMatchObject({ weights: { kind: 'constant', value: 0 } });
  });

  const flat = (branch: readonly Layer[]): Architecture =>
    parseArchitecture({ input: { width: 4 }, layers: [block(branch)] });
  const relu = { kind: 'dense', units: 4, activation: 'relu' } as const;
  const linear = { ...relu, activation: 'linear' } as const;
  it.each<[string, Architecture, string]>([
    [
      'a ReLU module',
      flat([relu]),
      'layers[0] ends in a ReLU; expected a linear layer at the end of the branch: it starts at zero',
    ],
    ['two ReLU layers', flat([relu, relu]), 'layers[0] ends in a ReLU'],
    [
      'an activation at the end',
      flat([relu, linear, { kind: 'activation', activation: 'relu' }]),
      'layers[0] ends in a ReLU',
    ],
    [
      'a leaky end',
      flat([relu, { ...linear, activation: { kind: 'leaky-relu', slope: 0.1 } }]),
      'layers[0] ends in a leaky ReLU',
    ],
    [
      'a normalized end',
      flat([relu, linear, { kind: 'batch-normalization' }]),
      'layers[0] ends in a layer of kind batch-normalization',
    ],
    [
      'one layer',
      flat([linear]),
      'layers[0] has one layer with weights in its branch; expected at least two',
    ],
    ['a block in a block', flat([block([relu, linear]), linear]), 'layers[0] has a block in its branch'],
    ['no blocks', parseArchitecture({ input: { width: 4 }, layers: [linear] }), 'the network has none'],
  ])('refuses %s', (_, architecture, message) => {
    expect(() => draw(architecture, fixup)).toThrow(InvalidArgumentError);
    expect(() => draw(architecture, fixup)).toThrow(message);
    expect(() => parameterLaws(architecture, fixup as Fixup)).toThrow(/^parameterLaws: fixup/);
  });

  it('is refused where there is one layer or a dense network, and by wrong JSON', () => {
    const network = allocateDenseNetwork(engine, { widths: [4, 3], outputs: 2 });
    expect(() => initializeNetwork(engine, network, fixup, rootKey(1))).toThrow('a dense network has none');
    expect(() => effectiveVariance(fixup, { fanIn: 3, fanOut: 3 })).toThrow(
      'depends on where a layer stands',
    );
    expect(hasZeroBiases(fixup)).toBe(true);
    const check = (json: object) => () => checkInitializer('test', json as Initializer);
    expect(check({ kind: 'fixup' })).toThrow('test: weights is undefined');
    expect(check({ ...fixup, output: 'one' })).toThrow('output is "one"; expected one of zero, drawn');
    expect(check({ ...fixup, weights: { kind: 'orthogonal', gain: 0 } })).toThrow('gain is 0');
  });
});

function lawOf(expression: string) {
  const { initializer } = findInitializer(expression);
  if (initializer.kind !== 'layerwise') throw new RangeError(expression);
  return initializer.weights;
}
