/** The exact law of a layer: listed values, typical lengths, moments to the fourth, dead probabilities, V̂. */
import { createEngine, rootKey } from '@kindling/core';
import {
  approximateLogLengths,
  empiricalLengthVariance,
  measureLengthStatistics,
  predictLengths,
  predictLengthVariance,
  predictLengthVarianceStandardError,
  predictLogLengthFactor,
  predictMomentStandardErrors,
} from '@kindling/diagnostics';
import { layerwise, type WeightLaw } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { finish } from './measure-run.js';
import {
  constantWidths as constant,
  meanSquare,
  normals,
  sampleMean,
  shareStandardError,
  simulateLengths,
  simulateOrthogonalLengths,
  standardDraws,
} from './theory-simulation.js';

const engine = createEngine();
const law = (distribution: 'normal' | 'uniform' | 'rademacher' | 'laplace', scale = 2): WeightLaw => ({
  kind: 'variance-scaling',
  distribution,
  scale,
  mode: 'fan-in',
});
const he = law('normal');
const orthogonal: WeightLaw = { kind: 'orthogonal', gain: Math.SQRT2 };
const deviation = (fanIn: number) => Math.sqrt(2 / fanIn);
const alternating = [10, ...new Array(5).fill([30, 10]).flat()] as number[];

describe('predictLogLengthFactor', () => {
  it.each([
    [5, -0.623393, 2.362269],
    [10, -0.307461, 0.866734],
    [20, -0.137187, 0.311758],
    [50, -0.051739, 0.108168],
    [100, -0.025421, 0.05194],
  ])('n = %d: mean %d, variance %d', (width, mean, variance) => {
    const found = predictLogLengthFactor(width);
    expect(Math.abs(found.mean - mean)).toBeLessThan(0.6e-6);
    expect(Math.abs(found.variance - variance)).toBeLessThan(0.6e-6);
  });

  it('tends to −5/(2n) and 5/n, also where 2^−n is far below the range of f64', () => {
    for (const width of [1000, 10_000, 100_000]) {
      const { mean, variance } = predictLogLengthFactor(width);
      expect((mean * width) / -2.5).toBeCloseTo(1, 2);
      expect((variance * width) / 5).toBeCloseTo(1, 2);
    }
    // The next order is 1/n², with one constant: two widths agree on it only if neither has lost its digits.
    const rest = (width: number) => (predictLogLengthFactor(width).mean + 2.5 / width) * width * width;
    expect(rest(10_000) / rest(2500)).toBeCloseTo(1, 2);
  });

  it('is exact for one neuron: log(2 z²) with z normal', () => {
    // E[log χ²₁] = −γ − log 2 and Var = π²/2.
    expect(predictLogLengthFactor(1).mean).toBeCloseTo(-0.5772156649015329, 14);
    expect(predictLogLengthFactor(1).variance).toBeCloseTo(Math.PI ** 2 / 2, 14);
    expect(() => predictLogLengthFactor(0)).toThrow(/predictLogLengthFactor: width is 0/);
    expect(() => predictLogLengthFactor(Number.NaN)).toThrow(/width is NaN/);
  });
});

it('orthogonal layers lose less, and from very wide inputs as much as Gaussian ones', () => {
  const logarithm = (input: number, initializer: WeightLaw) =>
    predictLengths({ widths: [input, 8], initializer })[0]?.meanLog ?? Number.NaN;
  const gaussian = logarithm(8, he);
  // ψ(4) − log 4 = 1 + 1/2 + 1/3 − γ − log 4.
  expect(logarithm(8, orthogonal) - gaussian).toBeCloseTo(Math.log(4) + 0.5772156649015329 - 11 / 6, 13);
  // The series in 1/N takes over at 4096 without a step.
  const step = (input: number) => (logarithm(input, orthogonal) - gaussian) * input;
  expect(step(4096) / step(4095)).toBeCloseTo(1, 7);
  expect(step(1e12)).toBeCloseTo(1, 3);
});

it.each([
  ['constant 20, depth 10', constant(20, 20, 10), 0.2536, 4],
  ['constant 15, depth 10', constant(15, 15, 10), 0.1495, 4],
  ['alternating 30, 10, depth 10', alternating, 0.1382, 4],
  ['constant 20, depth 50', constant(20, 20, 50), 1.05e-3, 6],
  ['width = depth = 100', constant(100, 100, 100), 0.079, 3],
] as const)('%s: the typical length is %d', (_name, widths, value, digits) => {
  const typical = Math.exp(predictLengths({ widths, initializer: he }).at(-1)?.meanLog ?? Number.NaN);
  expect(Math.abs(typical - value)).toBeLessThan(0.6 * 10 ** -digits);
});

describe.each([
  ['Gaussian', he],
  ['orthogonal', orthogonal],
] as const)('%s weights against simulation', (name, initializer) => {
  const widths = [3, 6, 4, 8, 5];
  const input = [1, 1, -1];
  const trials = 40_000;
  const normal = normals(name === 'Gaussian' ? 21 : 22);
  const nets = Array.from({ length: trials }, () =>
    name === 'Gaussian'
      ? simulateLengths({ widths, deviation, weight: normal, input })
      : simulateOrthogonalLengths(widths, normal, input),
  );
  const theory = predictLengths({ widths, initializer });
  const errors = predictMomentStandardErrors({ widths, initializer, trials });

  it('finds the logarithm and its variance over living nets, and how many live', () => {
    theory.forEach((layer, j) => {
      const dead = nets.filter((net) => net[j] === 0).length / trials;
      const deadProbability = layer.deadProbability ?? Number.NaN;
      expect(Math.abs(dead - deadProbability)).toBeLessThan(4 * shareStandardError(deadProbability, trials));
      const logs = nets.map((net) => Math.log(net[j] ?? 0)).filter(Number.isFinite);
      const standardError = errors[j]?.meanLog ?? Number.NaN;
      const meanLog = layer.meanLog ?? Number.NaN;
      const varianceLog = layer.varianceLog ?? Number.NaN;
      expect(Math.abs(sampleMean(logs).mean - meanLog)).toBeLessThan(4 * standardError);
      const squares = sampleMean(logs.map((x) => (x - meanLog) ** 2));
      expect(Math.abs(squares.mean - varianceLog)).toBeLessThan(4 * squares.standardError);
      // Negative control: the leading order −5/(2n), 5/n alone.
      const leading = widths.slice(1, j + 2).reduce((sum, n) => sum + 1 / n, 0);
      if (name === 'Gaussian') {
        expect(Math.abs(sampleMean(logs).mean + 2.5 * leading)).toBeGreaterThan(4 * standardError);
        expect(Math.abs(squares.mean - 5 * leading)).toBeGreaterThan(4 * squares.standardError);
      }
    });
  });

  it('finds the fourth moment of the first layer, and with it the standard error of the second', () => {
    const fourth = sampleMean(nets.map((net) => (net[0] ?? 0) ** 4));
    const second = theory[0]?.secondMoment ?? 0;
    const predicted = ((errors[0]?.secondMoment ?? 0) ** 2 * trials + 1) * second * second;
    expect(Math.abs(fourth.mean - predicted)).toBeLessThan(4 * fourth.standardError);
    expect(fourth.standardError * 10).toBeLessThan(fourth.mean);
  });

  it('finds the mean of V̂ within its predicted standard error', () => {
    const found = nets.map(empiricalLengthVariance);
    const expected = predictLengthVariance({ widths, initializer }) ?? Number.NaN;
    const standardError = predictLengthVarianceStandardError({ widths, initializer, trials }) ?? Number.NaN;
    expect(Math.abs(sampleMean(found).mean - expected)).toBeLessThan(4 * standardError);
    // The sample's own is smaller or near it, never twice as large: V̂ is heavy-tailed.
    expect(sampleMean(found).standardError).toBeLessThan(2 * standardError);
    // Negative control: the mean square of the lengths, without the square of their mean.
    const squares = sampleMean(theory.map((layer) => layer.secondMoment ?? 0)).mean;
    expect(Math.abs(sampleMean(found).mean - squares)).toBeGreaterThan(4 * standardError);
  });
});

describe('predictLengthVariance', () => {
  it.each([
    ['constant 10, depth 5', constant(10, 10, 5), 1.2],
    ['constant 20, depth 10', constant(20, 20, 10), 1.41566],
    ['constant 15, depth 10', constant(15, 15, 10), 2.81093],
    ['alternating 30, 10, depth 10', alternating, 2.49605],
  ] as const)('%s: %d', (_name, widths, value) => {
    expect(Math.abs((predictLengthVariance({ widths, initializer: he }) ?? 0) - value)).toBeLessThan(0.6e-5);
  });

  // V̂ is so heavy-tailed that it takes hundreds of thousands of nets: lengths alone are drawn, by the exact law, which
  // measure-exact-law.test.ts holds to matrices. The tolerance is predicted, as the sample's own error is too small.
  it.each([
    ['constant 10, depth 5', constant(10, 10, 5), 1.2],
    ['constant 15, depth 10', constant(15, 15, 10), 2.81093],
    ['alternating 30, 10, depth 10', alternating, 2.49605],
  ] as const)('%s: simulation finds %d', (...[, widths, value]) => {
    const trials = 300_000;
    const options = { widths, initializer: layerwise(he), trials };
    const { lengthVarianceAcrossLayers: found } = finish(
      measureLengthStatistics(engine, { ...options, key: rootKey(6), method: 'exact-law' }),
    );
    const standardError = predictLengthVarianceStandardError(options) ?? Number.NaN;
    expect(standardError).toBeLessThan(value / 8);
    expect(Math.abs((found ?? Number.NaN) - value)).toBeLessThan(4 * standardError);
  });

  it('depends on the order of the widths, unlike E[M_d²], and grows with the square of the input length', () => {
    const [up, down] = [
      [10, 30, 30, 10, 10],
      [10, 10, 10, 30, 30],
    ];
    const options = (widths: number[]) => ({ widths, initializer: he });
    const second = (widths: number[]) => predictLengths(options(widths)).at(-1)?.secondMoment ?? 0;
    expect(second(up ?? [])).toBeCloseTo(second(down ?? []), 12);
    const one = predictLengthVariance(options(up ?? [])) ?? 0;
    expect(one).toBeGreaterThan(1.05 * (predictLengthVariance(options(down ?? [])) ?? 0));
    expect(predictLengthVariance({ ...options(up ?? []), inputLength: 3 })).toBeCloseTo(9 * one, 9);
  });

  it('is 0 for one layer, null without a second moment, Infinity out of range', () => {
    expect(predictLengthVariance({ widths: [3, 4], initializer: he })).toBe(0);
    expect(predictLengthVarianceStandardError({ widths: [3, 4], initializer: he, trials: 3 })).toBe(0);
    const rai = { kind: 'randomized-asymmetric' } as const;
    expect(predictLengthVariance({ widths: [3, 4, 4], initializer: rai })).toBeNull();
    const deep = { widths: constant(3, 3, 2000), initializer: law('normal', 4) };
    expect(predictLengthVariance(deep)).toBe(Infinity);
    expect(predictLengthVarianceStandardError({ ...deep, trials: 10 })).toBe(Infinity);
    const uniform = { widths: [3, 4, 4], initializer: law('uniform'), trials: 10 };
    expect(predictLengthVarianceStandardError(uniform)).toBeNull();
    expect(() => predictLengthVarianceStandardError({ ...uniform, trials: 0 })).toThrow(/trials is 0/);
    expect(() => predictLengthVariance({ widths: [3, 0], initializer: he })).toThrow(
      /predictLengthVariance: widths\[1\] is 0/,
    );
  });

  it('holds with biases and uniform weights', () => {
    const widths = [4, 12, 10, 12];
    const input = [1, -1, 1, 1];
    const trials = 20_000;
    const [weight, bias] = [standardDraws.uniform(5), standardDraws.normal(6)];
    const found = sampleMean(
      Array.from({ length: trials }, () =>
        empiricalLengthVariance(
          simulateLengths({ widths, deviation, weight, bias, biasDeviation: () => Math.sqrt(0.4), input }),
        ),
      ),
    );
    const biases = { kind: 'stated-variance', distribution: 'normal', variance: 0.4 } as const;
    const expected = predictLengthVariance({
      widths,
      initializer: { kind: 'layerwise', weights: law('uniform'), biases },
      inputFourthMoment: 1,
    });
    expect(Math.abs(found.mean - (expected ?? 0))).toBeLessThan(4 * found.standardError);
    expect(found.standardError * 20).toBeLessThan(found.mean);
  });
});

describe('approximateLogLengths', () => {
  it('is exact for Gaussian weights', () => {
    const widths = [9, 7, 20, 5];
    const exact = predictLengths({ widths, initializer: he });
    approximateLogLengths({ widths, initializer: he })?.forEach((layer, j) => {
      expect(layer.meanLog).toBeCloseTo(exact[j]?.meanLog ?? 0, 12);
      expect(layer.varianceLog).toBeCloseTo(exact[j]?.varianceLog ?? 0, 12);
    });
  });

  it.each([
    ['uniform', 8, 0.1],
    ['uniform', 20, 0.05],
    ['laplace', 8, 1 / 6],
    ['laplace', 20, 0.1],
    ['rademacher', 20, 0.05],
  ] as const)('is near for He %s of width %d: within %d of what is lost', (distribution, width, share) => {
    const widths = constant(width, width, 6);
    const weight = standardDraws[distribution](width);
    const input = new Array<number>(width).fill(1).map((x, i) => (i % 2 === 0 ? x : 0.5));
    const logs = Array.from({ length: 5000 }, () =>
      Math.log(simulateLengths({ widths, deviation, weight, input }).at(-1) ?? 0),
    ).filter(Number.isFinite);
    const found = sampleMean(logs);
    const near = approximateLogLengths({
      widths,
      initializer: law(distribution),
      inputLength: meanSquare(input),
      inputFourthMoment: meanSquare(input.map((x) => x * x)),
    })?.at(-1);
    const tolerance = 4 * found.standardError + share * Math.abs(found.mean);
    expect(Math.abs((near?.meanLog ?? 0) - found.mean)).toBeLessThan(tolerance);
    // Negative control: the Gaussian law in its place, where the kurtosis is large enough to tell.
    if (width === 8) {
      const gaussian = predictLengths({ widths, initializer: he, inputLength: meanSquare(input) }).at(-1);
      expect(Math.abs((gaussian?.meanLog ?? 0) - found.mean)).toBeGreaterThan(4 * found.standardError);
    }
  });

  it('is null where there is nothing to take a logarithm of', () => {
    const widths = [3, 3];
    expect(approximateLogLengths({ widths, initializer: { kind: 'randomized-asymmetric' } })).toBeNull();
    expect(approximateLogLengths({ widths, initializer: he, inputLength: 0 })).toBeNull();
  });
});
