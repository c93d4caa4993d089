/** Predictions for networks of any architecture: the recursions they are put together from, closed values, and where they stop. */
import {
  denseArchitecture,
  InvalidArgumentError,
  type Layer,
  parseArchitecture,
  residualArchitecture,
} from '@kindling/core';
import {
  predictConvolutionLengths,
  predictLengths,
  predictLengthVariance,
  predictNetworkLengths,
  predictNetworkLengthVariance,
  predictResidualLengths,
  predictResidualLengthVariance,
} from '@kindling/diagnostics';
import { findInitializer, type WeightLaw } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { simulateResidual } from './residual-simulation.js';
import { normals, sampleMean } from './theory-simulation.js';

it.each(['he-normal', 'he-uniform', 'pytorch:linear', 'orthogonal', 'lecun-normal'])(
  'a dense net, %s: predictLengths',
  (name) => {
    const { initializer } = findInitializer(name);
    const widths = [7, 9, 4, 30, 12];
    const found = predictNetworkLengths({
      architecture: denseArchitecture({ widths, outputs: 0 }),
      initializer,
    });
    predictLengths({ widths, initializer }).forEach(({ mean, relativeSecondMoment, secondMoment }, l) => {
      expect(found[l]?.mean).toBeCloseTo(mean ?? Number.NaN, 12);
      expect(found[l]?.relativeSecondMoment).toBeCloseTo(relativeSecondMoment ?? Number.NaN, 10);
      expect(found[l]?.secondMoment).toBeCloseTo(secondMoment ?? Number.NaN, 10);
      expect(found[l]?.why).toBeNull();
    });
  },
);

it.each(['relu', 'linear'] as const)('a residual net of %s modules: predictResidualLengths', (module) => {
  for (const name of ['he-normal', 'he-uniform', 'glorot-normal']) {
    const { initializer } = findInitializer(name);
    const scales = [0.9, 0.5, 0, 0.3];
    const sizes = { module, width: 6, modules: 4, scale: { rule: 'list', values: scales } } as const;
    for (const input of [undefined, [1, 2, 0, -1, 3, 0.5], [1, 2, 0, 1, 3, 0.5]]) {
      const options = { architecture: residualArchitecture(sizes), initializer };
      const found = predictNetworkLengths(input === undefined ? options : { ...options, input });
      predictResidualLengths({
        width: 6,
        module: module === 'relu' ? { kind: 'relu' } : { kind: 'linear', hidden: [6] },
        scales,
        initializer,
        ...(input === undefined ? {} : { input }),
      }).forEach((expected, l) => {
        const square = input?.reduce((sum, x) => sum + x * x, 0) ?? 1;
        const { mean, lower, upper, estimate, relativeSecondMoment } = found[l] ?? {};
        expect(mean === null).toBe(expected.mean === null);
        expect(mean ?? 0).toBeCloseTo((expected.mean ?? 0) / square, 10);
        expect(lower).toBeCloseTo((expected.lower ?? Number.NaN) / square, 10);
        expect(upper).toBeCloseTo((expected.upper ?? Number.NaN) / square, 10);
        expect(estimate).toBeCloseTo((expected.estimate ?? Number.NaN) / square, 10);
        if (module === 'linear')
          expect(relativeSecondMoment ?? 0).toBeCloseTo(expected.relativeSecondMoment ?? 0, 10);
      });
    }
  }
});

it.each(['zero', 'circular', 'valid'] as const)(
  'a convolutional net, %s padding: predictConvolutionLengths',
  (padding) => {
    for (const name of ['he-normal', 'pytorch:linear', 'delta-orthogonal']) {
      const { initializer } = findInitializer(name);
      const input = { height: 17, width: 16, channels: 3 };
      const layers = [4, 5, 6].map((channels) => ({ channels, kernel: 3, stride: 2, padding }));
      const architecture = parseArchitecture({
        input,
        layers: layers.map(({ channels }) => ({
          kind: 'conv2d',
          filters: channels,
          kernel: [3, 3],
          stride: 2,
          padding,
          activation: 'relu',
        })),
      });
      const inputEnergy = Array.from({ length: 17 * 16 }, (_, p) => (p % 5) + 0.5);
      for (const more of [{}, { inputEnergy }]) {
        const found = predictNetworkLengths({ architecture, initializer, ...more });
        const start = 'inputEnergy' in more ? inputEnergy.reduce((a, b) => a + b, 0) / inputEnergy.length : 1;
        predictConvolutionLengths({ input, layers, initializer, ...more }).forEach(({ mean }, l) => {
          expect(found[l]?.mean).toBeCloseTo((mean ?? Number.NaN) / start, 12);
        });
      }
    }
  },
);

const he = findInitializer('he-normal').initializer;
const image = { height: 6, width: 6, channels: 3 };
const conv: Layer = {
  kind: 'conv2d',
  filters: 4,
  kernel: [3, 3],
  stride: 1,
  padding: 'zero',
  activation: 'relu',
};
const dense = (units: number, activation: 'relu' | 'linear' = 'relu'): Layer => ({
  kind: 'dense',
  units,
  activation,
});

function predict(input: { width: number } | typeof image, layers: readonly Layer[], initializer = he) {
  return predictNetworkLengths({ architecture: parseArchitecture({ input, layers }), initializer });
}

describe('where a mean has no closed form', () => {
  it('says why, goes on with bounds, and knows again behind a batch normalization', () => {
    const found = predict(image, [
      { ...conv, activation: 'linear' },
      { kind: 'max-pool', window: [2, 2], stride: 2 },
      { kind: 'batch-normalization' },
      { kind: 'flatten' },
      dense(7),
    ]);
    expect(found.map(({ mean }) => mean === null)).toEqual([false, true, false, false, false]);
    expect(found[1]).toMatchObject({
      kind: 'max-pool',
      path: 'layers[1]',
      shape: { height: 3, width: 3, channels: 4 },
    });
    expect(found[1]?.why).toMatch(/largest/);
    expect(found[1]?.lower).toBe(0);
    expect(found[1]?.logLower).toBe(Number.NEGATIVE_INFINITY);
    expect(found[1]?.upper).toBeGreaterThan(found[0]?.mean ?? Number.NaN);
    expect(found[2]?.mean).toBe(1);
    expect(found[4]?.mean).toBeCloseTo(1, 12);
    expect(found[4]?.secondMoment).toBeNull();
  });

  it('bounds pools of what is not negative on both sides', () => {
    const pools = [
      { kind: 'average-pool', window: [2, 2], stride: 2 },
      { kind: 'max-pool', window: [2, 2], stride: 2 },
      { kind: 'global-average-pool' },
    ] as const satisfies readonly Layer[];
    const bounds = pools.map((pool) => {
      const [before, after] = predict(image, [conv, pool]);
      const mean = before?.mean ?? Number.NaN;
      return [(after?.lower ?? Number.NaN) / mean, (after?.upper ?? Number.NaN) / mean];
    });
    expect(bounds).toEqual([
      [expect.closeTo(1 / 4), expect.closeTo(1)],
      [expect.closeTo(1), expect.closeTo(4)],
      [expect.closeTo(1 / 36), expect.closeTo(1)],
    ]);
    // A window of one pixel is the pixel.
    const [before, after] = predict(image, [conv, { kind: 'max-pool', window: [1, 1], stride: 1 }]);
    expect(after?.mean).toBe(before?.mean);
  });

  it('an activation by itself halves what is as likely as its opposite, and else has bounds', () => {
    const relu: Layer = { kind: 'activation', activation: 'relu' };
    const leaky: Layer = { kind: 'activation', activation: { kind: 'leaky-relu', slope: 0.5 } };
    expect(predict({ width: 5 }, [relu])[0]?.mean).toBeCloseTo(0.5, 12);
    expect(predict({ width: 5 }, [leaky])[0]?.mean).toBeCloseTo(0.625, 12);
    // Behind ReLU nothing is left to halve.
    expect(predict({ width: 5 }, [dense(4), relu])[1]?.mean).toBeCloseTo(1, 12);
    const sum: Layer = { kind: 'residual', branch: [dense(5)], scale: 1, shortcut: 'identity' };
    const found = predict({ width: 5 }, [sum, leaky]);
    expect(found[1]).toMatchObject({ mean: null, lower: 0.5, upper: 2 });
    expect(found[1]?.why).toMatch(/as likely/);
    // A linear-ended block keeps the symmetry of a random input, and not that of a given one.
    const linear: Layer = { ...sum, branch: [dense(5), dense(5, 'linear')] };
    expect(predict({ width: 5 }, [linear, relu])[1]?.mean).toBeCloseTo(1.5, 12);
    const architecture = parseArchitecture({ input: { width: 5 }, layers: [linear, relu] });
    const given = predictNetworkLengths({ architecture, initializer: he, input: [1, 2, 0, 0, 1] });
    expect(given[0]?.mean).toBeCloseTo(3, 12);
    expect(given[1]?.mean).toBeNull();
  });

  it('behind zero padding a batch normalization knows the mean, not the map', () => {
    const normalization: Layer = { kind: 'batch-normalization' };
    const linear: Layer = { ...conv, activation: 'linear' };
    const found = predict(image, [linear, normalization, conv, { kind: 'flatten' }, dense(3)]);
    expect(found[1]?.mean).toBe(1);
    expect(found[2]).toMatchObject({ mean: null });
    expect(found[2]?.why).toMatch(/single pixels/);
    // Corners are in 4 of 9 windows, and inner pixels in 9.
    expect(found[2]?.lower).toBeCloseTo(4 / 9, 12);
    expect(found[2]?.upper).toBeCloseTo(1, 12);
    const circular = predict(image, [linear, normalization, { ...conv, padding: 'circular' }]);
    expect(circular[2]?.mean).toBeCloseTo(1, 12);
    // Channels that ReLU has made zero stay zero; and numbers near epsilon are not normalized.
    expect(predict({ width: 5 }, [dense(4), normalization])[1]).toMatchObject({
      mean: null,
      lower: 0,
      upper: 1,
    });
    const tiny: WeightLaw = { kind: 'stated-variance', distribution: 'normal', variance: 1e-6 };
    const architecture = parseArchitecture({
      input: { width: 5 },
      layers: [dense(4, 'linear'), normalization],
    });
    expect(predictNetworkLengths({ architecture, initializer: tiny })[1]?.why).toMatch(/epsilon/);
  });

  it('weights without a formula leave nothing, and behind the next batch normalization bounds', () => {
    const ones: WeightLaw = { kind: 'constant', value: 1 };
    const architecture = parseArchitecture({
      input: { width: 5 },
      layers: [
        dense(4, 'linear'),
        { kind: 'residual', branch: [dense(4)], scale: 1, shortcut: 'identity' },
        { kind: 'batch-normalization' },
      ],
    });
    const found = predictNetworkLengths({ architecture, initializer: ones });
    expect(found[0]).toMatchObject({ mean: null, lower: null, upper: null, estimate: null });
    expect(found[0]?.why).toMatch(/symmetric/);
    expect(found[1]?.why).toMatch(/symmetric/);
    // They may make a channel constant, and depend on what they read.
    expect(found[2]).toMatchObject({ mean: null, lower: 0, upper: 1, estimate: 1 });
  });
});

it('is right far beyond the range of f64', () => {
  const scale = { rule: 'constant', value: 1 } as const;
  const linear = residualArchitecture({ module: 'linear', width: 8, modules: 2000, scale });
  const last = predictNetworkLengths({ architecture: linear, initializer: he }).at(-1);
  expect(last?.mean).toBe(Number.POSITIVE_INFINITY);
  expect(last?.logMean).toBeCloseTo(2000 * Math.log(3), 6);
  const { initializer } = findInitializer('pytorch:linear');
  const unbiased = initializer.kind === 'layerwise' ? initializer.weights : he;
  const deep = denseArchitecture({ widths: new Array<number>(1001).fill(9), outputs: 0 });
  const tiny = predictNetworkLengths({ architecture: deep, initializer: unbiased }).at(-1);
  expect(tiny?.mean).toBe(0);
  expect(tiny?.logMean).toBeCloseTo(-1000 * Math.log(6), 6);
});

describe('E[V̂]', () => {
  const shape = { width: 6, module: { kind: 'linear', hidden: [6] }, initializer: he } as const;

  it('of linear-ended modules is that of simulated nets', () => {
    const weight = normals(71);
    const trials = 20_000;
    const scales = [0.5, 0.4, 0.3, 0.2];
    const input = [1, 0, 0, 0, 0, 0];
    const deviation = (fanIn: number) => Math.sqrt(2 / fanIn);
    const nets = Array.from({ length: trials }, () =>
      simulateResidual({ width: 6, scales, hidden: [6], weight, deviation, input }),
    );
    const found = sampleMean(
      nets.map((lengths) => {
        const mean = lengths.reduce((sum, x) => sum + x, 0) / 4;
        return lengths.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 4;
      }),
    );
    const expected = predictResidualLengthVariance({ ...shape, scales, input }) ?? Number.NaN;
    expect(found.standardError).toBeLessThan(0.05 * expected);
    expect(Math.abs(found.mean - expected)).toBeLessThan(4 * found.standardError);
    // Negative control: as if the lengths were independent.
    const apart =
      predictResidualLengthVariance({ ...shape, scales: [...scales].reverse(), input }) ?? Number.NaN;
    expect(Math.abs(found.mean - apart)).toBeGreaterThan(4 * found.standardError);
    const architecture = residualArchitecture({
      module: 'linear',
      width: 6,
      modules: 4,
      scale: { rule: 'list', values: scales },
    });
    expect(predictNetworkLengthVariance({ architecture, initializer: he })).toBeCloseTo(expected, 10);
  });

  it('stays bounded with the modules where Σ η² does, and grows without end in a dense net', () => {
    const scales = (modules: number) => Array.from({ length: modules }, (_, l) => 0.75 ** (l + 1));
    const of = (modules: number) =>
      predictResidualLengthVariance({ ...shape, scales: scales(modules) }) ?? Number.NaN;
    expect(of(1)).toBe(0);
    // The lengths settle, and their variance across ever more of them vanishes.
    expect(of(100)).toBeLessThan(of(20));
    expect(of(1000)).toBeLessThan(0.2 * of(100));
    const dense = (depth: number) =>
      predictNetworkLengthVariance({
        architecture: denseArchitecture({ widths: new Array<number>(depth + 1).fill(6), outputs: 0 }),
        initializer: he,
      }) ?? Number.NaN;
    expect(dense(40) / dense(20)).toBeGreaterThan(1e4);
    expect(dense(20)).toBeCloseTo(
      predictLengthVariance({ widths: new Array<number>(21).fill(6), initializer: he }) ?? Number.NaN,
      6,
    );
  });

  it('is null without a closed form', () => {
    const scales = [0.5, 0.4];
    expect(predictResidualLengthVariance({ ...shape, module: { kind: 'relu' }, scales })).toBeNull();
    const uniform = findInitializer('he-uniform').initializer;
    expect(predictResidualLengthVariance({ ...shape, initializer: uniform, scales })).toBeNull();
    const architecture = residualArchitecture({
      module: 'relu',
      width: 6,
      modules: 2,
      scale: { rule: 'constant', value: 1 },
    });
    expect(predictNetworkLengthVariance({ architecture, initializer: he })).toBeNull();
    const biased = findInitializer('pytorch:linear').initializer;
    const plain = denseArchitecture({ widths: [3, 4, 5], outputs: 0 });
    expect(predictNetworkLengthVariance({ architecture: plain, initializer: biased })).toBeNull();
  });
});

it.each([
  [{ inputLength: 0 }, /inputLength is 0; expected a number > 0/],
  [{ inputLength: Number.NaN }, /inputLength/],
  [{ input: [1, 2] }, /input has 2 numbers; expected 3/],
  [{ input: [0, 0, 0] }, /mean square 0/],
  [{ input: [1, 2, Number.POSITIVE_INFINITY] }, /mean square/],
  [{ input: [1, 2, 3], inputLength: 1 }, /input beside/],
  [{ inputEnergy: [1, 2] }, /one a pixel, 1/],
  [{ inputEnergy: [-1] }, /inputEnergy\[0\]/],
  [{ inputEnergy: [0] }, /zero/],
  [{ initializer: { kind: 'orthogonal', gain: -1 } as const }, /gain/],
])('refuses %j', (more, message) => {
  const architecture = denseArchitecture({ widths: [3, 4], outputs: 0 });
  const run = () => predictNetworkLengths({ architecture, initializer: he, ...more });
  expect(run).toThrow(InvalidArgumentError);
  expect(run).toThrow(message);
});
