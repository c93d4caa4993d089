import { InvalidArgumentError } from '@kindling/core';
import { lengthTheory, meanLengthFactor, predictLengths, sumReciprocalWidths } from '@kindling/diagnostics';
import { findInitializer, type Initializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { constantWidths as constant } from './theory-simulation.js';

const named = (name: string) => findInitializer(name).initializer;
const last = (widths: readonly number[], name: string) => {
  const prediction = predictLengths({ widths, initializer: named(name) }).at(-1);
  if (prediction === undefined) throw new Error('a net has at least one layer');
  return prediction;
};

describe('meanLengthFactor', () => {
  const square = { fanIn: 50, fanOut: 50 };
  it.each([
    ['he-normal', 1],
    ['he-uniform', 1],
    ['he-truncated-normal', 1],
    ['he-truncated-normal-uncorrected', 0.773741],
    ['he-normal-2x', 2],
    ['glorot-normal', 0.5],
    ['glorot-uniform', 0.5],
    ['lecun-normal', 0.5],
    ['lecun-uniform', 0.5],
    ['pytorch:linear', 1 / 6],
    // Glorot's variance, less what the uncorrected truncation takes.
    ['tfjs:dense', 0.386871],
  ])('%s multiplies the mean length by %d a layer', (name, factor) => {
    expect(meanLengthFactor(named(name), square)).toBeCloseTo(factor, 6);
  });

  it('is fan-in / (fan-in + fan-out) for Glorot', () => {
    expect(meanLengthFactor(named('glorot-uniform'), { fanIn: 30, fanOut: 10 })).toBeCloseTo(0.75, 12);
  });
});

describe('predictLengths, second moment of He normal: Π (1 + 5/n)', () => {
  it.each([
    ['constant 10, depth 5', constant(10, 10, 5), 7.59375],
    ['constant 20, depth 10', constant(20, 20, 10), 9.31323],
    ['constant 15, depth 10', constant(15, 15, 10), 17.7577],
    ['alternating 30, 10, depth 10', [10, 30, 10, 30, 10, 30, 10, 30, 10, 30, 10], 16.4131],
    ['constant 20, depth 50', constant(20, 20, 50), 70064.9],
    ['width = depth = 100', constant(100, 100, 100), 131.501],
  ])('%s: %d', (_name, widths, value) => {
    expect((last(widths, 'he-normal').secondMoment ?? 0) / value).toBeCloseTo(1, 5);
    expect(last(widths, 'he-normal').mean).toBe(1);
  });

  it('tends to e⁵ for width = depth', () => {
    const moment = (n: number) => last(constant(n, n, n), 'he-normal').relativeSecondMoment ?? 0;
    // log(1 + 5/n)^n = 5 − 25/(2n).
    for (const n of [1000, 20_000]) expect(moment(n) / (Math.E ** 5 * (1 - 12.5 / n))).toBeCloseTo(1, 3);
    expect(Math.abs(moment(20_000) - 148.413)).toBeLessThan(0.1);
  });

  it('follows the kurtosis recursion for He uniform: width 5, depth 6, equal inputs: 30.1276 (normal: 64)', () => {
    const options = { widths: constant(5, 5, 6), inputFourthMoment: 1 };
    const second = (name: string) =>
      predictLengths({ ...options, initializer: named(name) }).at(-1)?.secondMoment;
    expect(second('he-uniform')).toBeCloseTo(30.1276, 4);
    expect(second('he-normal')).toBeCloseTo(64, 9);
  });
});

it.each([
  [10, 0.07691],
  [50, 2.69e-6],
  [100, 7.237e-12],
])('the uncorrected truncated He at depth %d has mean length %d', (depth, value) => {
  const mean = last(constant(depth, depth, depth), 'he-truncated-normal-uncorrected').mean ?? 0;
  expect(mean / value).toBeCloseTo(1, 3);
});

describe('biases', () => {
  it('PyTorch adds 1/(6 fan-in) a layer', () => {
    const [first, second] = predictLengths({ widths: [12, 7, 5], initializer: named('pytorch:linear') });
    expect(first?.mean).toBeCloseTo(1 / 6 + 1 / 72, 14);
    expect(second?.mean).toBeCloseTo((1 / 6 + 1 / 72) / 6 + 1 / 42, 14);
  });

  it('bring the length to a fixed point from anywhere, and the spread with it', () => {
    const deep = (inputLength: number) =>
      predictLengths({ widths: constant(10, 10, 60), initializer: named('pytorch:linear'), inputLength }).at(
        -1,
      );
    // m = m/6 + 1/60.
    for (const length of [0, 1, 1e6]) {
      expect(deep(length)?.mean).toBeCloseTo(1 / 50, 10);
      expect(deep(length)?.relativeSecondMoment).toBeCloseTo(deep(1)?.relativeSecondMoment ?? 0, 10);
      expect(deep(length)?.deadProbability).toBe(2 ** -10);
      expect(deep(length)?.meanLog).toBeNull();
    }
  });

  it('of no variance are zero biases, to the bit', () => {
    const weights = { kind: 'variance-scaling', distribution: 'uniform', scale: 2, mode: 'fan-in' } as const;
    const plain = predictLengths({ widths: [4, 9, 9], initializer: weights });
    const zero: Initializer = { kind: 'layerwise', weights, biases: { kind: 'constant', value: 0 } };
    expect(predictLengths({ widths: [4, 9, 9], initializer: zero })).toEqual(plain);
  });
});

describe('far from 1', () => {
  it('keeps the relative second moment and the logarithm where the mean leaves the range of f64', () => {
    const deep = last(constant(1200, 1200, 1200), 'lecun-normal');
    expect([deep.mean, deep.secondMoment]).toEqual([0, 0]);
    expect((deep.relativeSecondMoment ?? 0) / (1 + 5 / 1200) ** 1200).toBeCloseTo(1, 10);
    expect((deep.meanLog ?? 0) + 1200 * Math.LN2).toBeCloseTo(-2.5, 1);
    const exploding = last(constant(1200, 1200, 1200), 'he-normal-2x');
    expect([exploding.mean, exploding.secondMoment]).toEqual([Infinity, Infinity]);
    expect((exploding.meanLog ?? 0) - 1200 * Math.LN2).toBeCloseTo(-2.5, 1);
  });

  it('scales with the input', () => {
    const widths = constant(7, 9, 4);
    const initializer = named('he-uniform');
    const one = predictLengths({ widths, initializer });
    predictLengths({ widths, initializer, inputLength: 3 }).forEach((layer, j) => {
      expect((layer.mean ?? 0) / (one[j]?.mean ?? 0)).toBeCloseTo(3, 12);
      expect((layer.secondMoment ?? 0) / (one[j]?.secondMoment ?? 0)).toBeCloseTo(9, 12);
    });
  });

  it('is dead from a zero input, and with zero weights', () => {
    const zero = predictLengths({ widths: [3, 4], initializer: named('he-normal'), inputLength: 0 })[0];
    expect(zero).toMatchObject({ mean: 0, secondMoment: 0, meanLog: null, deadProbability: 1 });
    const silent = last([3, 4, 4], 'zeros');
    expect(silent).toMatchObject({ mean: 0, secondMoment: 0, meanLog: null, deadProbability: 1 });
  });
});

describe('lengthTheory', () => {
  const theory = (name: string) => lengthTheory(named(name), [4, 4, 3]);

  it('is whole for Gaussian and orthogonal weights without biases', () => {
    const all = { mean: true, secondMoment: true, logLength: true, deadProbability: true };
    expect(theory('he-normal')).toEqual(all);
    expect(theory('orthogonal')).toEqual(all);
  });

  it.each([
    ['he-uniform', { secondMoment: true, logLength: /Gaussian or orthogonal/, deadProbability: true }],
    ['he-rademacher', { secondMoment: true, logLength: /Gaussian/, deadProbability: /exactly 0/ }],
    ['he-normal:bias-variance=0.1', { secondMoment: true, logLength: /zero biases/, deadProbability: true }],
    ['sparse', { mean: true, secondMoment: true, logLength: /Gaussian/, deadProbability: /exactly 0/ }],
    ['rai', { mean: /"randomized-asymmetric" initializer is not symmetric/, secondMoment: /not symmetric/ }],
    ['lsuv', { mean: /depends on the data/ }],
    ['data-dependent', { mean: /depends on the data/ }],
    ['identity', { mean: /not symmetric/ }],
    ['ones', { mean: /not symmetric/ }],
    ['ml-fnn', { mean: /not symmetric/ }],
  ] as const)('%s', (name, expected) => {
    const found = theory(name);
    for (const [quantity, wanted] of Object.entries(expected)) {
      const reason = found[quantity as keyof typeof found];
      if (wanted === true) expect(reason, quantity).toBe(true);
      else expect(reason, quantity).toMatch(wanted as RegExp);
    }
  });

  it('names an infinite fourth moment', () => {
    const initializer = {
      kind: 'variance-scaling',
      distribution: 'student-t',
      scale: 2,
      mode: 'fan-in',
      degreesOfFreedom: 3,
    } as const;
    expect(lengthTheory(initializer, [3, 3]).secondMoment).toMatch(/infinite/);
    expect(predictLengths({ widths: [3, 3], initializer })[0]).toMatchObject({ mean: 1, secondMoment: null });
  });

  it('leaves what it does not know null', () => {
    const [layer] = predictLengths({ widths: [3, 3], initializer: named('rai') });
    expect(layer).toEqual({
      layer: 1,
      width: 3,
      mean: null,
      secondMoment: null,
      relativeSecondMoment: null,
      meanLog: null,
      varianceLog: null,
      deadProbability: null,
    });
  });
});

it('sumReciprocalWidths leaves the input out', () => {
  expect(sumReciprocalWidths([784, 10, 20, 20])).toBeCloseTo(0.2, 15);
  expect(sumReciprocalWidths([1e12, 4])).toBe(0.25);
  expect(() => sumReciprocalWidths([784])).toThrow(/sumReciprocalWidths: widths has 1 entries/);
  expect(() => sumReciprocalWidths([1, 1e9])).toThrow(
    /widths\[1\] is 1000000000; expected an integer from 1 to/,
  );
  expect(() => sumReciprocalWidths([1, Number.NaN])).toThrow(/sumReciprocalWidths: widths\[1\] is NaN/);
});

it('refuses what cannot be', () => {
  const initializer = named('he-normal');
  expect(() => predictLengths({ widths: [3], initializer })).toThrow(InvalidArgumentError);
  expect(() => predictLengths({ widths: [3, 0], initializer })).toThrow(/predictLengths: widths\[1\] is 0/);
  expect(() => predictLengths({ widths: [3, Number.NaN], initializer })).toThrow(/widths\[1\]/);
  expect(() => predictLengths({ widths: [3, 3], initializer, inputLength: -1 })).toThrow(/inputLength/);
  expect(() => predictLengths({ widths: [3, 3], initializer, inputFourthMoment: 0.5 })).toThrow(/Cauchy/);
  const negative = { kind: 'stated-variance', distribution: 'normal', variance: -1 } as const;
  expect(() => predictLengths({ widths: [3, 3], initializer: negative })).toThrow(/variance is -1/);
});

describe('second moments beyond the range of f64', () => {
  // 1.5^2000 and 2^±4000 leave it one by one; only their product decides what E[M²] is.
  it.each([
    ['he-normal', Number.POSITIVE_INFINITY],
    ['he-normal-2x', Number.POSITIVE_INFINITY],
    // (1/4 · 3/2)^2000 underflows.
    ['lecun-normal', 0],
  ])('of %s are %f, never NaN', (name, expected) => {
    const widths = [10, ...new Array<number>(2000).fill(10)];
    const last = predictLengths({ widths, initializer: findInitializer(name).initializer }).at(-1);
    expect(last?.secondMoment).toBe(expected);
    expect(last?.relativeSecondMoment).toBe(Number.POSITIVE_INFINITY);
  });

  it('come back when the vanishing mean outweighs them', () => {
    // A variance of (2/3)·2/fan-in: g² (1 + 5/10) = 2/3 a layer.
    const widths = [10, ...new Array<number>(1800).fill(10)];
    const initializer = findInitializer('normal:variance=0.16329931618554522').initializer;
    const last = predictLengths({ widths, initializer }).at(-1);
    expect(last?.relativeSecondMoment).toBe(Number.POSITIVE_INFINITY);
    expect(last?.mean).toBeLessThan(1e-150);
    expect(Math.log(last?.secondMoment ?? 0)).toBeCloseTo(0, 6);
  });
});
