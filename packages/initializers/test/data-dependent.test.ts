import { createEngine, deriveKey, type Matrix, readMatrix, rootKey } from '@kindling/core';
import {
  type DataDependent,
  dataDependentSquare,
  findInitializer,
  type Initializer,
  initializeNetwork,
} from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { activationsOn, deadUnits, matrixOf, network, normalData } from './networks-on-data.js';

const engine = createEngine();
const modes = ['cycle', 'uniform'] as const;

function initialized(
  initializer: DataDependent,
  widths: readonly number[],
  inputs: Matrix,
  trial: number,
  targets?: Matrix,
) {
  const net = network(engine, widths, targets?.columns ?? 1);
  const key = deriveKey(rootKey(12), 77, trial);
  initializeNetwork(engine, net, initializer, key, targets === undefined ? { inputs } : { inputs, targets });
  return net;
}

/** Name, data: what is easy, and what rounding or sameness could break. */
const dataSets: readonly (readonly [string, readonly (readonly number[])[]])[] = [
  ['a grid', Array.from({ length: 9 }, (_, i) => [i / 4 - 1])],
  ['one point', [[0.3, -0.2]]],
  ['one point at zero', [[0, 0, 0]]],
  ['the same point five times', [...new Array<readonly number[]>(5).fill([0.7, 0.1])]],
  ['duplicates among others', [[1], [1], [1], [-2], [-2], [0]]],
  ['points a float apart', [[1000], [1000.0001], [1000.0002]]],
  [
    'large numbers',
    [
      [3e7, -1e7],
      [1e7, 2e7],
    ],
  ],
  ['tiny numbers', [[1e-30], [-2e-30], [3e-30]]],
];

describe.each(modes)('anchors %s', (anchors) => {
  it.each(dataSets)('no unit is born dead on %s, in 300 trials of any width and depth', (_, rows) => {
    const inputs = matrixOf(engine, rows);
    for (let trial = 0; trial < 300; trial++) {
      const mark = engine.arena.mark();
      const depth = 1 + (trial % 10);
      const width = 1 + (trial % 7);
      const widths = [inputs.columns, ...new Array<number>(depth).fill(width)];
      expect(
        deadUnits(engine, initialized({ kind: 'data-dependent', anchors }, widths, inputs, trial), inputs),
      ).toBe(0);
      engine.arena.release(mark);
    }
  });

  it('not even where the lift |e| is rounded away', () => {
    const inputs = matrixOf(engine, [
      [1000, 3],
      [1000.0001, 3],
      [-500, 7],
    ]);
    const initializer = { kind: 'data-dependent', anchors, biasDeviation: 1e-30 } as const;
    for (let trial = 0; trial < 300; trial++) {
      const mark = engine.arena.mark();
      expect(deadUnits(engine, initialized(initializer, [2, 3, 5, 4], inputs, trial), inputs)).toBe(0);
      engine.arena.release(mark);
    }
  });
});

it('negative control: He with and without biases leaves dead units on the same data', () => {
  const inputs = matrixOf(engine, dataSets[0]?.[1] ?? []);
  for (const name of ['he-normal', 'he-normal:bias-variance=2']) {
    const net = network(engine, [1, 4, 4, 4]);
    let dead = 0;
    for (let trial = 0; trial < 50; trial++) {
      initializeNetwork(engine, net, findInitializer(name).initializer, deriveKey(rootKey(1), 77, trial));
      dead += deadUnits(engine, net, inputs);
    }
    expect(dead).toBeGreaterThan(20);
  }
});

it('cycling uses every point before any twice, in an order of its own', () => {
  // Far-apart points on a line, tiny lifts: the kink of a unit, −b/w, lies at its anchor.
  const inputs = matrixOf(
    engine,
    Array.from({ length: 6 }, (_, i) => [10 * i]),
  );
  const orders = new Set<string>();
  for (let trial = 0; trial < 20; trial++) {
    const initializer = { kind: 'data-dependent', anchors: 'cycle', biasDeviation: 1e-6 } as const;
    const [layer] = initialized(initializer, [1, 12], inputs, trial).layers;
    if (layer === undefined) throw new Error('the network has layers');
    const weights = readMatrix(engine, layer.weights);
    const biases = readMatrix(engine, layer.biases);
    const anchors = Array.from(weights, (w, unit) => Math.abs(Math.round((biases[unit] ?? 0) / w / 10)));
    expect(anchors.slice(6)).toEqual(anchors.slice(0, 6));
    expect([...anchors.slice(0, 6)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    orders.add(anchors.join());
  }
  expect(orders.size).toBeGreaterThan(15);
});

describe('the moment of a unit', () => {
  it.each([
    [0, 0.09],
    [0.5, 0.21441],
    [2, 1.63413],
  ])('at distance %d has the published value', (distance, expected) => {
    const square = dataDependentSquare({ weightDeviation: 0.8, biasDeviation: 0.3, distance });
    expect(square).toBeCloseTo(expected, 5);
  });

  it('is continuous at distance 0 and approaches half the spread far away', () => {
    const at = (distance: number) => dataDependentSquare({ weightDeviation: 1, biasDeviation: 1, distance });
    expect(at(1e-200)).toBeCloseTo(1, 12);
    expect(at(1e4) / 1e8).toBeCloseTo(0.5, 3);
  });

  it('is that of the units drawn (4 standard errors of 60,000)', () => {
    const inputs = matrixOf(engine, [
      [0.3, 0.4],
      [-0.1, 1.5],
    ]);
    const deviations = { weightDeviation: 0.8, biasDeviation: 0.3 };
    const initializer = { kind: 'data-dependent', anchors: 'cycle', ...deviations } as const;
    const net = initialized(initializer, [2, 60_000], inputs, 0);
    const [activations = new Float32Array()] = activationsOn(engine, net, inputs);
    const distance = Math.hypot(0.4, 1.1);
    const expected =
      (dataDependentSquare({ ...deviations, distance }) +
        dataDependentSquare({ ...deviations, distance: 0 })) /
      2;
    const squares = Array.from(activations.subarray(0, 60_000), (value) => value * value);
    const mean = squares.reduce((sum, value) => sum + value, 0) / squares.length;
    const variance = squares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / squares.length;
    expect(Math.abs(mean - expected) / Math.sqrt(variance / squares.length)).toBeLessThan(4);
  });

  it.each([
    ['weightDeviation', { weightDeviation: 0, biasDeviation: 1, distance: 1 }],
    ['biasDeviation', { weightDeviation: 1, biasDeviation: Number.NaN, distance: 1 }],
    ['distance', { weightDeviation: 1, biasDeviation: 1, distance: -1 }],
  ])('refuses a wrong %s', (field, options) => {
    expect(() => dataDependentSquare(options)).toThrow(field);
  });
});

describe.each(modes)('anchors %s: the outputs start at the scale of the targets', (anchors) => {
  it.each([
    ['one hidden layer', [2, 8]],
    ['two hidden layers', [2, 8, 6]],
  ])('%s (4 standard errors of 1,500 nets)', (_, widths) => {
    const inputs = normalData(engine, 5, 2, 3);
    const targets = matrixOf(engine, [
      [4, 1],
      [-3, 0],
      [2, 2],
      [0, -5],
      [1, 3],
    ]);
    const targetSquare = (16 + 1 + 9 + 4 + 4 + 25 + 1 + 9) / 10;
    const outputs: number[] = [];
    for (let trial = 0; trial < 1500; trial++) {
      const mark = engine.arena.mark();
      const net = initialized({ kind: 'data-dependent', anchors }, widths, inputs, trial, targets);
      const values = activationsOn(engine, net, inputs).at(-1) ?? new Float32Array();
      outputs.push(values.reduce((sum, value) => sum + value * value, 0) / values.length);
      engine.arena.release(mark);
    }
    const mean = outputs.reduce((sum, value) => sum + value, 0) / outputs.length;
    const variance = outputs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (outputs.length - 1);
    const standardError = Math.sqrt(variance / outputs.length);
    expect(standardError / targetSquare).toBeLessThan(0.05);
    expect(Math.abs(mean - targetSquare) / standardError).toBeLessThan(4);
  });
});

it('without targets the outputs have mean square 1; targets of zero give an output of zero', () => {
  const inputs = normalData(engine, 4, 3, 5);
  const squares = Array.from({ length: 800 }, (_, trial) => {
    const mark = engine.arena.mark();
    const net = initialized({ kind: 'data-dependent', anchors: 'cycle' }, [3, 10], inputs, trial);
    const values = activationsOn(engine, net, inputs).at(-1) ?? new Float32Array();
    engine.arena.release(mark);
    return values.reduce((sum, value) => sum + value * value, 0) / values.length;
  });
  const mean = squares.reduce((sum, value) => sum + value, 0) / squares.length;
  const deviation = Math.sqrt(squares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / squares.length);
  expect(Math.abs(mean - 1)).toBeLessThan((4 * deviation) / Math.sqrt(squares.length));
  const zero = matrixOf(engine, [[0], [0], [0], [0]]);
  const net = initialized({ kind: 'data-dependent', anchors: 'cycle' }, [3, 10], inputs, 0, zero);
  expect(
    activationsOn(engine, net, inputs)
      .at(-1)
      ?.every((value) => value === 0),
  ).toBe(true);
});

it('keeps lengths and data apart in a deep net: they neither vanish nor explode nor meet over 30 layers', () => {
  const inputs = normalData(engine, 40, 20, 6);
  /** The mean square of the last layer, and the share of it in which points differ. */
  const lastOf = (initializer: Initializer) => {
    const net = network(engine, [20, ...new Array<number>(30).fill(40)]);
    initializeNetwork(engine, net, initializer, deriveKey(rootKey(12), 77, 1), { inputs });
    const last = activationsOn(engine, net, inputs)[29] ?? new Float32Array();
    const length = last.reduce((sum, value) => sum + value * value, 0) / last.length;
    let apart = 0;
    for (let unit = 0; unit < 40; unit++) {
      const values = last.filter((_, i) => i % 40 === unit);
      const center = values.reduce((sum, value) => sum + value, 0) / values.length;
      apart += values.reduce((sum, value) => sum + (value - center) ** 2, 0) / last.length;
    }
    return { length, apart: apart / length };
  };
  // A factor of at most 2^(1/3) a layer; a variance that is wrong by 2 makes 2^±30.
  const [least, most] = [2 ** -10, 2 ** 10];
  const anchored: DataDependent = { kind: 'data-dependent', anchors: 'cycle' };
  const { length, apart } = lastOf(anchored);
  expect(length).toBeGreaterThan(least);
  expect(length).toBeLessThan(most);
  expect(lastOf({ ...anchored, weightDeviation: Math.sqrt(1 / 40) }).length).toBeLessThan(least);
  expect(lastOf({ ...anchored, weightDeviation: Math.sqrt(4 / 40) }).length).toBeGreaterThan(most);
  // Over a fifth is in the differences. Weights of the same size without anchors leave half of that.
  expect(apart).toBeGreaterThan(0.2);
  expect(lastOf(findInitializer('he-normal').initializer).apart).toBeLessThan(0.2);
});

it('refuses data that overflow on the way, naming the layer', () => {
  const inputs = matrixOf(engine, [[1e30], [-1e30]]);
  const initializer = { kind: 'data-dependent', anchors: 'cycle', weightDeviation: 1e10 } as const;
  expect(() => initialized(initializer, [1, 5, 5], inputs, 0)).toThrow(/layer 1 leaves the range of f32/);
});

it('refuses targets that do not fit', () => {
  const inputs = matrixOf(engine, [[1], [2]]);
  const net = network(engine, [1, 3], 1);
  const { initializer } = findInitializer('data-dependent');
  const targets = matrixOf(engine, [[1]]);
  expect(() => initializeNetwork(engine, net, initializer, rootKey(1), { inputs, targets })).toThrow(
    /targets are 1 × 1; expected 2 × 1/,
  );
  const infinite = matrixOf(engine, [[1], [Number.POSITIVE_INFINITY]]);
  expect(() =>
    initializeNetwork(engine, net, initializer, rootKey(1), { inputs, targets: infinite }),
  ).toThrow(/targets hold NaN or Infinity/);
});

it('takes data of any targets where nobody looks at them: no output layer, or another initializer', () => {
  const inputs = matrixOf(engine, [[1], [2]]);
  const targets = matrixOf(engine, [[1, 2, 3]]);
  for (const [name, outputs] of [
    ['data-dependent', 0],
    ['lsuv', 2],
    ['sign-flip', 2],
  ] as const) {
    const [without, withTargets] = [{ inputs }, { inputs, targets }].map((data) => {
      const net = network(engine, [1, 3], outputs);
      initializeNetwork(engine, net, findInitializer(name).initializer, rootKey(1), data);
      return net.layers.map(({ weights, biases }) => [
        readMatrix(engine, weights),
        readMatrix(engine, biases),
      ]);
    });
    expect(withTargets).toEqual(without);
  }
});
