/**
 * Residual nets of one-layer ReLU modules against simulation. Standard errors are the sample's: behind ReLU modules second
 * moments have no formula; at these sizes (relative standard errors below 3 %) the sample's are sound.
 */
import { predictResidualGrowth, predictResidualLengths, residualTheory } from '@kindling/diagnostics';
import type { WeightLaw } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { geometricScales, randomDirection, simulateResidual } from './residual-simulation.js';
import { type Draw, dot, normals, sampleMean, standardDraws } from './theory-simulation.js';

const he = (distribution: 'normal' | 'uniform' | 'rademacher', scale = 2): WeightLaw => ({
  kind: 'variance-scaling',
  distribution,
  scale,
  mode: 'fan-in',
});
const relu = { kind: 'relu' } as const;
const exact = (value: number | null) => value ?? Number.NaN;

/** Means and standard errors behind every module, over `trials` nets. */
function sample(
  options: {
    readonly width: number;
    readonly scales: readonly number[];
    readonly weight: Draw;
    readonly trials: number;
    readonly scale?: number;
  },
  input: () => readonly number[],
) {
  const { width, scales, weight, trials, scale = 2 } = options;
  const nets = Array.from({ length: trials }, () =>
    simulateResidual({
      width,
      scales,
      hidden: null,
      weight,
      deviation: (fanIn) => Math.sqrt(scale / fanIn),
      input: input(),
    }),
  );
  return scales.map((_, l) => sampleMean(nets.map((lengths) => lengths[l] ?? 0)));
}

/** A positive input, one with both signs, and a random direction. */
const inputs = ['positive', 'mixed', 'random'] as const;

function inputOf(kind: (typeof inputs)[number], width: number): number[] | undefined {
  if (kind === 'random') return undefined;
  return Array.from({ length: width }, (_, i) => (i === 0 ? 1.5 : kind === 'mixed' && i % 2 ? -0.8 : 0.3));
}

describe.each([1, 0.9, 0.75, 0.5])('η_l = %f^l, modules of one ReLU layer of 5', (base) => {
  const width = 5;
  const scales = geometricScales(base, 6);

  it.each(inputs)('%s input: exact, then between the bounds and near the estimate', (kind) => {
    const input = inputOf(kind, width);
    const normal = normals(17);
    const options = { width, module: relu, scales, initializer: he('normal') };
    const predicted = predictResidualLengths(input === undefined ? options : { ...options, input });
    const found = sample(
      { width, scales, weight: normal, trials: 10_000 },
      () => input ?? randomDirection(width, normal),
    );
    predicted.forEach((module, l) => {
      const { mean, standardError } = found[l] ?? { mean: Number.NaN, standardError: Number.NaN };
      expect(standardError).toBeLessThan(0.03 * mean);
      expect(mean).toBeGreaterThan(exact(module.lower) - 4 * standardError);
      expect(mean).toBeLessThan(exact(module.upper) + 4 * standardError);
      // Its own error is below 1 % from width 5 on.
      expect(Math.abs(mean - exact(module.estimate))).toBeLessThan(4 * standardError + 0.01 * mean);
      expect(module.mean === null).toBe(l > 0);
    });
    const start = input === undefined ? 1 : dot(input, input);
    const sum = input === undefined ? 0 : input.reduce((a, b) => a + b, 0);
    const first = predicted[0];
    const closed =
      start * (1 + base * base) + ((2 * base * Math.sqrt(start)) / Math.sqrt(Math.PI * width)) * sum;
    expect(first?.mean).toBeCloseTo(closed, 10);
    expect(first?.lower).toBe(first?.upper);
    // Negative control: modules ending in a linear layer, whose cross term is zero.
    const linear = predictResidualLengths({
      ...options,
      module: { kind: 'linear', hidden: [] },
      initializer: he('normal', 1),
      ...(input === undefined ? {} : { input }),
    }).at(-1);
    const last = found.at(-1);
    expect((last?.mean ?? 0) - exact(linear?.estimate ?? null)).toBeGreaterThan(
      4 * (last?.standardError ?? 0),
    );
  });

  it('reaches a plateau below b = 1 and grows exponentially at 1, for ever', () => {
    const logs = predictResidualLengths({
      width,
      module: relu,
      scales: geometricScales(base, 1000),
      initializer: he('normal'),
    });
    const between = (from: number, to: number) =>
      exact(logs[to - 1]?.logLower ?? null) - exact(logs[from - 1]?.logUpper ?? null);
    const estimate = (l: number) => exact(logs[l - 1]?.logEstimate ?? null);
    if (base === 1) {
      expect(estimate(1000) - estimate(900)).toBeCloseTo(estimate(900) - estimate(800), 6);
      expect(estimate(1000) - estimate(900)).toBeGreaterThan(100);
      expect(between(500, 1000)).toBeGreaterThan(100);
      // The logarithm stands where the number does not.
      expect(logs.at(-1)?.upper).toBe(Number.POSITIVE_INFINITY);
      expect(Number.isFinite(exact(logs.at(-1)?.logUpper ?? null))).toBe(true);
    } else {
      expect(estimate(1000) - estimate(300)).toBeLessThan(1e-9);
      expect(logs.at(-1)?.upper).toBeCloseTo(exact(logs[299]?.upper ?? null), 6);
    }
    const growth = predictResidualGrowth({
      width,
      module: relu,
      scales: geometricScales(base, 1000),
      initializer: he('normal'),
    });
    expect(growth.decisive).toBe('sum');
    expect(growth.sum).toBeCloseTo(base === 1 ? 1000 : base / (1 - base), 10);
    expect(exact(growth.logBound)).toBeGreaterThan(exact(logs.at(-1)?.logUpper ?? null));
    expect(exact(growth.logBound)).toBeLessThan((2 * growth.sum) / Math.sqrt(Math.PI) + growth.sumOfSquares);
  });
});

it.each([
  [5, 0.9, 2],
  [30, 0.75, 1.03],
  [200, 0.9, 1.02],
])('width %d, η = %f^l: the bounds are within a factor %f', (width, base, factor) => {
  const predicted = predictResidualLengths({
    width,
    module: relu,
    scales: geometricScales(base, 100),
    initializer: he('normal'),
  });
  for (const { lower, upper, estimate } of predicted) {
    expect(exact(lower)).toBeLessThanOrEqual(exact(estimate));
    expect(exact(estimate)).toBeLessThanOrEqual(exact(upper));
    expect(exact(upper) / exact(lower)).toBeLessThan(factor);
  }
});

it.each([0.9, 0.5])('η = %f^l: second moments are under their bound, which converges', (base) => {
  const [width, modules] = [8, 8];
  const input = new Array<number>(width).fill(1 / Math.sqrt(width));
  const options = (count: number) => ({
    width,
    module: relu,
    scales: geometricScales(base, count),
    initializer: he('normal'),
    input,
  });
  const normal = normals(29);
  const squares = Array.from({ length: 6000 }, () => {
    const lengths = simulateResidual({
      width,
      scales: geometricScales(base, modules),
      hidden: null,
      weight: normal,
      deviation: (fanIn) => Math.sqrt(2 / fanIn),
      input,
    });
    return lengths.map((length) => length * length);
  });
  for (let count = 1; count <= modules; count++) {
    const { mean, standardError } = sampleMean(squares.map((net) => net[count - 1] ?? 0));
    const bound = Math.exp(exact(predictResidualGrowth(options(count)).logSecondMomentBound));
    expect(mean).toBeLessThan(bound + 4 * standardError);
    // From the diagonal the first module's is the moment itself; a negative control: the square of the mean.
    if (count > 1) continue;
    expect(Math.abs(mean - bound)).toBeLessThan(4 * standardError);
    const square = exact(predictResidualLengths(options(1))[0]?.mean ?? null) ** 2;
    expect(Math.abs(mean - square)).toBeGreaterThan(4 * standardError);
  }
  const bound = (count: number) => exact(predictResidualGrowth(options(count)).logSecondMomentBound);
  expect(bound(1000) - bound(300)).toBeLessThan(1e-9);
});

it.each([1, 2, 3])(
  'width %d: narrow streams stay between the bounds, if the estimate does not stay near',
  (width) => {
    const normal = normals(23);
    const scales = geometricScales(0.6, 6);
    const found = sample({ width, scales, weight: normal, trials: 20_000 }, () =>
      randomDirection(width, normal),
    );
    predictResidualLengths({ width, module: relu, scales, initializer: he('normal') }).forEach(
      (module, l) => {
        const { mean, standardError } = found[l] ?? { mean: Number.NaN, standardError: Number.NaN };
        expect(mean).toBeGreaterThan(exact(module.lower) - 4 * standardError);
        expect(mean).toBeLessThan(exact(module.upper) + 4 * standardError);
      },
    );
  },
);

it('a stream of one positive number has a closed mean', () => {
  // x′ = x (1 + η √2 max(z, 0)).
  const predicted = predictResidualLengths({
    width: 1,
    module: relu,
    scales: [1, 0.5],
    initializer: he('normal'),
    input: [3],
  });
  const closed = 9 * (2 + 2 / Math.sqrt(Math.PI)) * (1.25 + 1 / Math.sqrt(Math.PI));
  expect(predicted.at(-1)?.mean).toBeCloseTo(closed, 10);
});

it('another variance counts as another scale', () => {
  const of = (variance: number, scale: number) =>
    predictResidualLengths({
      width: 6,
      module: relu,
      scales: [scale, scale],
      initializer: he('normal', variance),
    });
  expect(of(0.5, 1)[1]?.estimate).toBeCloseTo(exact(of(2, 0.5)[1]?.estimate ?? null), 12);
  const normal = normals(3);
  const found = sample({ width: 6, scales: [1, 1], weight: normal, trials: 20_000, scale: 0.5 }, () =>
    randomDirection(6, normal),
  );
  const { mean, standardError } = found[1] ?? { mean: 0, standardError: 0 };
  expect(Math.abs(mean - exact(of(0.5, 1)[1]?.estimate ?? null))).toBeLessThan(
    4 * standardError + 0.01 * mean,
  );
  expect(Math.abs(mean - exact(of(2, 1)[1]?.estimate ?? null))).toBeGreaterThan(
    4 * standardError + 0.01 * mean,
  );
});

it.each(['uniform', 'rademacher'] as const)(
  '%s weights: exact at first, then wider bounds',
  (distribution) => {
    const weight = standardDraws[distribution](41);
    const normal = normals(42);
    const scales = geometricScales(0.75, 6);
    const options = { width: 5, module: relu, scales, initializer: he(distribution) };
    const found = sample({ width: 5, scales, weight, trials: 20_000 }, () => randomDirection(5, normal));
    predictResidualLengths(options).forEach((module, l) => {
      const { mean, standardError } = found[l] ?? { mean: Number.NaN, standardError: Number.NaN };
      expect(mean).toBeGreaterThan(exact(module.lower) - 4 * standardError);
      expect(mean).toBeLessThan(exact(module.upper) + 4 * standardError);
      // The approximation of Gaussian weights.
      expect(Math.abs(mean / exact(module.estimate) - 1)).toBeLessThan(0.1);
      expect(module.mean === null).toBe(l > 0);
    });
    const input = [1, 0.2, 0, 0.4, 2];
    expect(predictResidualLengths({ ...options, input })[0]).toMatchObject({ mean: null });
    const growth = predictResidualGrowth(options);
    const logUpper = exact(predictResidualLengths(options).at(-1)?.logUpper ?? null);
    expect(exact(growth.logBound)).toBeGreaterThan(logUpper);
    expect(exact(growth.logBound)).toBeLessThan(logUpper + 1);
  },
);

it('modules of scale 0 change nothing', () => {
  const [first, second, third] = predictResidualLengths({
    width: 4,
    module: relu,
    scales: [0, 1, 0],
    initializer: he('normal'),
    inputSquare: 3,
  });
  expect(first?.logLower).toBeCloseTo(Math.log(3), 14);
  expect(first?.mean).toBeCloseTo(3, 12);
  expect(second?.mean).toBeCloseTo(6, 12);
  expect(third?.mean).toBeCloseTo(6, 12);
});

it('says what has no formula, and refuses what is no net', () => {
  const options = { width: 4, module: relu, scales: [1], initializer: he('normal') };
  expect(residualTheory(options)).toMatchObject({ bounds: true, mean: expect.stringMatching(/bounds only/) });
  const biased = {
    ...options,
    initializer: {
      kind: 'layerwise',
      weights: he('normal'),
      biases: { kind: 'stated-variance', distribution: 'normal', variance: 1 },
    },
  } as const;
  expect(residualTheory(biased).bounds).toMatch(/biases/);
  expect(predictResidualLengths(biased)).toMatchObject([
    { module: 1, scale: 1, estimate: null, lower: null },
  ]);
  expect(predictResidualGrowth(biased)).toMatchObject({ logBound: null, logSecondMomentBound: null });
  expect(residualTheory({ ...options, initializer: { kind: 'constant', value: 1 } }).bounds).toMatch(
    /symmetric/,
  );
  for (const [wrong, message] of [
    [{ scales: [] }, /scales is empty/],
    [{ scales: [-1] }, /scales\[0\] is -1/],
    [{ width: 0 }, /width is 0/],
    [{ input: [1, 2] }, /input has 2 numbers; expected the width, 4/],
    [{ input: [0, 0, 0, 0] }, /squared norm 0/],
    [{ input: [1, 1, 1, 1], inputSquare: 2 }, /both input and inputSquare/],
    [{ inputSquare: 0 }, /inputSquare is 0/],
  ] as const) {
    expect(() => predictResidualLengths({ ...options, ...wrong })).toThrow(message);
  }
});
