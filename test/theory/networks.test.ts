/**
 * Residual and convolutional nets drawn by the kernels, layer by layer, against theory: `predictNetworkLengths` beside
 * `measureNetworkStatistics`. Standard errors are theory's where it has a second moment, else the sample's in nets so shallow and wide
 * that these mean something (asked below).
 */
import {
  type Architecture,
  convolutionalArchitecture,
  createEngine,
  type Layer,
  type Padding,
  parseArchitecture,
  residualArchitecture,
  rootKey,
} from '@kindling/core';
import {
  measureNetworkStatistics,
  type NetworkPrediction,
  type NetworkStatistics,
  predictNetworkLengths,
} from '@kindling/diagnostics';
import { findInitializer, initializerNames } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();

function initializerOf(name: string) {
  return findInitializer(name).initializer;
}

interface Both {
  readonly theory: readonly NetworkPrediction[];
  readonly measured: NetworkStatistics;
}

function both(architecture: Architecture, name: string, trials: number, batch?: number): Both {
  const initializer = initializerOf(name);
  const steps = measureNetworkStatistics(engine, {
    architecture,
    initializer,
    trials,
    key: rootKey(17),
    ...(batch === undefined ? {} : { batch }),
  });
  for (;;) {
    const step = steps.next();
    if (step.done === true) {
      return { theory: predictNetworkLengths({ architecture, initializer }), measured: step.value };
    }
  }
}

const number = (value: number | null | undefined) => value ?? Number.NaN;

/** How many standard errors layer `l` lies from `expected`: theory's error, else the sample's, which must be small. */
function deviation({ measured }: Both, l: number, expected: number): number {
  const layer = measured.layers[l];
  const sample = number(layer?.standardError);
  if (layer?.predictedStandardError == null) expect(sample).toBeLessThan(0.08 * number(layer?.meanLength));
  return (number(layer?.meanLength) - expected) / (layer?.predictedStandardError ?? sample);
}

/** Every layer with an exact mean has it. */
function expectExact(found: Both, least: number): void {
  let exact = 0;
  found.theory.forEach(({ mean }, l) => {
    if (mean === null) return;
    exact += 1;
    expect(Math.abs(deviation(found, l, mean))).toBeLessThan(4);
  });
  expect(exact).toBeGreaterThanOrEqual(least);
}

describe.each([1, 0.9, 0.75, 0.5])('residual nets, η_l = %d^l, width 50, 200 modules', (base) => {
  const architecture = (module: 'relu' | 'linear') =>
    residualArchitecture({ module, width: 50, modules: 200, scale: { rule: 'power', base } });

  it('modules that end in a linear layer: E[M_l] = Π (1 + 2η²)', () => {
    const found = both(architecture('linear'), 'he-normal', 150);
    let told = 0;
    found.theory.forEach(({ mean, relativeSecondMoment }, l) => {
      expect(mean).not.toBeNull();
      // Beyond it the sample misses the nets that make the mean.
      if (Math.sqrt((number(relativeSecondMoment) - 1) / 150) > 0.15) return;
      told += 1;
      expect(Math.abs(deviation(found, l, number(mean)))).toBeLessThan(4);
    });
    expect(told).toBeGreaterThanOrEqual(base === 1 ? 15 : 200);
    const mean = (module: number) => number(found.theory[module - 1]?.logMean);
    const log = (module: number) => number(found.measured.layers[module - 1]?.meanLogLength);
    // Factors of modules are independent and for η = 1 alike: the second hundred grows as the first.
    const error = Math.sqrt(2 * (number(found.measured.layers[199]?.varianceLogLength) / 150));
    if (base === 1) {
      expect(mean(200)).toBeCloseTo(200 * Math.log(3), 8);
      expect(Math.abs(log(200) - 2 * log(100))).toBeLessThan(4 * error);
      expect(log(200)).toBeGreaterThan(190);
      // Negative control: twenty modules more are seen.
      expect(Math.abs(log(200) - log(180))).toBeGreaterThan(4 * error);
    } else {
      expect(mean(200) - mean(100)).toBeLessThan(1e-8);
      expect(Math.abs(log(200) - log(100))).toBeLessThan(1e-6);
    }
  });

  it('ReLU modules: the first is exact, later ones lie within the bounds and near the estimate', () => {
    const found = both(architecture('relu'), 'he-normal', 150);
    const [first] = found.theory;
    expect(first?.mean).toBeCloseTo(1 + base * base, 10);
    expect(Math.abs(deviation(found, 0, 1 + base * base))).toBeLessThan(4);
    for (const l of base === 1 ? [1, 2, 4, 7, 11, 15] : [1, 2, 4, 9, 19, 49, 99, 199]) {
      const { lower, upper, estimate, mean } = found.theory[l] ?? {};
      expect(mean).toBeNull();
      expect(deviation(found, l, number(lower))).toBeGreaterThan(-4);
      expect(deviation(found, l, number(upper))).toBeLessThan(4);
      expect(Math.abs(deviation(found, l, number(estimate)))).toBeLessThan(4);
      // Negative control: Σ η² in place of Σ η.
      const squares = Array.from({ length: l + 1 }, (_, i) => 1 + base ** (2 * (i + 1)));
      expect(
        deviation(
          found,
          l,
          squares.reduce((product, x) => product * x, 1),
        ),
      ).toBeGreaterThan(4);
    }
    const log = (module: number) => number(found.measured.layers[module - 1]?.meanLogLength);
    if (base === 1) {
      // Exponential growth at the rate of the estimate: log 2.90 for wide nets, a little less for typical ones.
      const rate = (number(found.theory[199]?.logEstimate) - number(found.theory[99]?.logEstimate)) / 100;
      expect(rate).toBeCloseTo(Math.log(2.9), 1);
      expect((log(200) - log(100)) / 100).toBeGreaterThan(0.97 * rate);
      expect((log(200) - log(100)) / 100).toBeLessThan(rate);
    } else {
      expect(Math.abs(log(200) - log(100))).toBeLessThan(1e-3);
    }
  });
});

describe.each(initializerNames.slice(0, 8))('convolutions, %s', (name) => {
  it.each([
    ['zero', 3, 1],
    ['circular', 3, 1],
    ['valid', 3, 1],
    ['zero', 5, 1],
    ['circular', 5, 1],
    ['zero', 3, 2],
    ['circular', 3, 2],
  ] as const)('%s padding, kernel %d, stride %d', (padding, kernel, stride) => {
    const sizes = {
      input: { height: 12, width: 11, channels: 3 },
      filters: [12, 10, 12, 12, 10].slice(0, stride === 2 ? 3 : 5),
      kernel: [kernel, kernel] as const,
      stride,
    };
    const found = both(convolutionalArchitecture({ ...sizes, padding }), name, 500);
    expectExact(found, sizes.filters.length);
    // Negative control: another variance.
    const last = sizes.filters.length - 1;
    const wrong = 1.25 ** sizes.filters.length * number(found.theory[last]?.mean);
    expect(Math.abs(deviation(found, last, wrong))).toBeGreaterThan(4);
  });
});

it('a convolutional net of ten layers leaks at its border as predicted, and one with circular padding does not', () => {
  const deep = (padding: Padding) =>
    convolutionalArchitecture({
      input: { height: 6, width: 6, channels: 3 },
      filters: new Array<number>(10).fill(40),
      kernel: [3, 3],
      padding,
    });
  const zero = both(deep('zero'), 'he-normal', 800);
  expectExact(zero, 10);
  const circular = both(deep('circular'), 'he-normal', 800);
  expectExact(circular, 10);
  expect(circular.theory[9]?.mean).toBeCloseTo(1, 12);
  expect(deviation(zero, 9, 1)).toBeLessThan(-4);
});

const dense = (units: number, activation: 'relu' | 'linear' = 'relu'): Layer => ({
  kind: 'dense',
  units,
  activation,
});
const conv = (
  filters: number,
  activation: 'relu' | 'linear' = 'relu',
  stride = 1,
  padding: Padding = 'zero',
): Layer => ({ kind: 'conv2d', filters, kernel: [3, 3], stride, padding, activation });
const block = (
  branch: readonly Layer[],
  scale: number,
  shortcut: 'identity' | 'projection' = 'identity',
): Layer => ({
  kind: 'residual',
  branch,
  scale,
  shortcut,
});

describe('blocks', () => {
  const trials = 1500;

  it('projection shortcuts: the cross term vanishes, behind ReLU too', () => {
    const architecture = parseArchitecture({
      input: { width: 20 },
      layers: [
        dense(24),
        block([dense(30)], 0.8, 'projection'),
        block([dense(30), dense(28, 'linear')], 0.8, 'projection'),
        block([dense(28), dense(28)], -0.7, 'projection'),
      ],
    });
    for (const name of ['he-normal', 'he-uniform', 'glorot-normal']) {
      const found = both(architecture, name, trials);
      expectExact(found, 4);
      // Linear projections of variance 2/fan-in double: E[M′] = E[M](2 + η²) for He.
      if (name !== 'glorot-normal') expect(found.theory[1]?.mean).toBeCloseTo(2 + 0.64, 10);
      // Negative control: a projection that keeps the length.
      expect(deviation(found, 1, 0.6 * number(found.theory[1]?.mean))).toBeGreaterThan(4);
    }
  });

  it('convolutional blocks that end in a linear layer, with and without a projection', () => {
    for (const padding of ['zero', 'circular'] as const) {
      const architecture = parseArchitecture({
        input: { height: 8, width: 8, channels: 3 },
        layers: [
          conv(12, 'relu', 1, padding),
          block([conv(12, 'relu', 1, padding), conv(12, 'linear', 1, padding)], 0.7),
          block([conv(16, 'relu', 2, padding), conv(16, 'linear', 1, padding)], 0.7, 'projection'),
          block([conv(16, 'relu', 2, padding), conv(16, 'relu', 1, padding)], 0.7, 'projection'),
          { kind: 'flatten' },
          dense(30),
          dense(10, 'linear'),
        ],
      });
      const found = both(architecture, 'he-normal', trials);
      expectExact(found, 7);
      // Negative control: circular padding for zero padding and the other way round.
      const other = predictNetworkLengths({
        architecture: parseArchitecture(
          JSON.parse(
            JSON.stringify(architecture).replaceAll(padding, padding === 'zero' ? 'circular' : 'zero'),
          ),
        ),
        initializer: initializerOf('he-normal'),
      });
      expect(Math.abs(deviation(found, 3, number(other[3]?.mean)))).toBeGreaterThan(4);
    }
  });

  it('ReLU-ended convolutional blocks lie within their bounds', () => {
    const architecture = parseArchitecture({
      input: { height: 6, width: 6, channels: 12 },
      layers: [block([conv(12)], 0.5), block([conv(12)], 0.5), block([conv(12), conv(12)], 0.5), conv(12)],
    });
    const found = both(architecture, 'he-normal', trials);
    // The input is as likely as its opposite.
    expectExact(found, 1);
    found.theory.slice(1).forEach(({ mean, lower, upper, why }, l) => {
      expect(mean).toBeNull();
      expect(why).toMatch(/bounds only/);
      expect(deviation(found, l + 1, number(lower))).toBeGreaterThan(-4);
      expect(deviation(found, l + 1, number(upper))).toBeLessThan(4);
      // They say something: without a cross term the third is wrong.
      expect(number(upper) / number(lower)).toBeLessThan(10);
    });
    const without = [1, 2, 3].reduce((product) => product * 1.25, 1);
    expect(deviation(found, 2, without)).toBeGreaterThan(4);
  });

  const leaky = { kind: 'leaky-relu', slope: 0.3 } as const;
  it.each<[string, readonly Layer[]]>([
    ['a slope', [{ kind: 'dense', units: 12, activation: leaky }]],
    ['a linear layer', [dense(12, 'linear')]],
    ['a block with a linear end', [block([dense(20), dense(12, 'linear')], 0.7)]],
    ['a block of one linear layer', [block([dense(12, 'linear')], 0.9)]],
    [
      'a projection',
      [
        block(
          [dense(8), { kind: 'dense', units: 9, activation: leaky }, dense(10, 'linear')],
          0.8,
          'projection',
        ),
      ],
    ],
    [
      'all of them',
      [
        dense(24),
        block([dense(20), dense(24, 'linear')], 0.7),
        block([dense(22, 'linear')], 0.5, 'projection'),
      ],
    ],
  ])('second moments of %s', (_, layers) => {
    const found = both(parseArchitecture({ input: { width: 12 }, layers }), 'he-normal', 6000);
    found.theory.forEach(({ secondMoment, mean }, l) => {
      const layer = found.measured.layers[l];
      const error = number(layer?.secondMomentStandardError);
      expect(error).toBeLessThan(0.08 * number(secondMoment));
      expect(Math.abs(number(layer?.secondMoment) - number(secondMoment))).toBeLessThan(4 * error);
      // Negative control: half as much scatter.
      const half = (number(secondMoment) + number(mean) ** 2) / 2;
      expect(Math.abs(number(layer?.secondMoment) - half)).toBeGreaterThan(4 * error);
    });
    expectExact(found, layers.length);
  });

  it('biases, a leaky slope, and an input layer in front of ReLU modules', () => {
    const front = parseArchitecture({
      input: { width: 12 },
      layers: [
        { kind: 'dense', units: 24, activation: leaky },
        block([{ kind: 'dense', units: 20, activation: leaky }, dense(24, 'linear')], 0.6),
        dense(20, 'linear'),
        { kind: 'activation', activation: leaky },
      ],
    });
    for (const name of ['he-normal:bias-variance=0.3', 'pytorch:linear'])
      expectExact(both(front, name, trials), 4);
    const modules = parseArchitecture({
      input: { width: 30 },
      layers: [dense(6), block([dense(6)], 0.7), block([dense(6)], 0.49)],
    });
    const found = both(modules, 'he-normal', 20_000);
    // Behind a ReLU layer the cosine with the diagonal is known exactly, so the first module is.
    expectExact(found, 2);
    expect(found.theory[2]?.mean).toBeNull();
    expect(deviation(found, 1, 1 + 0.49)).toBeGreaterThan(4);
  });
});

describe('batch normalization', () => {
  it('makes the mean known again, behind pools and bounds', () => {
    const architecture = parseArchitecture({
      input: { height: 6, width: 6, channels: 4 },
      layers: [
        conv(20, 'linear', 1, 'circular'),
        { kind: 'batch-normalization' },
        { kind: 'activation', activation: 'relu' },
        conv(20, 'linear', 1, 'circular'),
        { kind: 'average-pool', window: [2, 2], stride: 2 },
        { kind: 'batch-normalization' },
        { kind: 'activation', activation: 'relu' },
        { kind: 'flatten' },
        dense(40, 'linear'),
        { kind: 'batch-normalization' },
        { kind: 'activation', activation: 'relu' },
        dense(40),
      ],
    });
    for (const name of ['glorot-uniform', 'he-normal']) {
      const found = both(architecture, name, 300, 16);
      expect(found.theory[4]).toMatchObject({ mean: null });
      expect(found.theory[4]?.why).toMatch(/depend on each other/);
      expect(deviation(found, 4, number(found.theory[4]?.lower))).toBeGreaterThan(-4);
      expect(deviation(found, 4, number(found.theory[4]?.upper))).toBeLessThan(4);
      for (const l of [1, 5, 9]) {
        expect(found.theory[l]?.mean).toBe(1);
        // Not a random number: all but the share of epsilon.
        expect(Math.abs(number(found.measured.layers[l]?.meanLength) - 1)).toBeLessThan(1e-3);
      }
      for (const l of [0, 2, 3, 6, 7, 8, 10, 11]) {
        expect(Math.abs(deviation(found, l, number(found.theory[l]?.mean)))).toBeLessThan(4);
      }
    }
  });
});
