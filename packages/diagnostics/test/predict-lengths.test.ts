import { InvalidArgumentError } from '@kindling/core';
import { meanLengthFactor, predictLengths } from '@kindling/diagnostics';
import { initializerLaw } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const constant = (input: number, width: number, depth: number) => [
  input,
  ...new Array<number>(depth).fill(width),
];
const last = (widths: readonly number[], name: string) => {
  const prediction = predictLengths({ widths, law: initializerLaw(name) }).at(-1);
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
  ])('%s multiplies the mean length by %d a layer', (name, factor) => {
    expect(meanLengthFactor(initializerLaw(name), square)).toBeCloseTo(factor, 6);
  });

  it('is fan-in / (fan-in + fan-out) for Glorot', () => {
    expect(meanLengthFactor(initializerLaw('glorot-uniform'), { fanIn: 30, fanOut: 10 })).toBeCloseTo(
      0.75,
      12,
    );
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
    expect(last(widths, 'he-normal').secondMoment / value).toBeCloseTo(1, 5);
    expect(last(widths, 'he-normal').mean).toBe(1);
  });

  it('follows the kurtosis recursion for He uniform: width 5, depth 6, equal inputs: 30.1276 (normal: 64)', () => {
    const options = { widths: constant(5, 5, 6), inputFourthMoment: 1 };
    expect(
      predictLengths({ ...options, law: initializerLaw('he-uniform') }).at(-1)?.secondMoment,
    ).toBeCloseTo(30.1276, 4);
    expect(predictLengths({ ...options, law: initializerLaw('he-normal') }).at(-1)?.secondMoment).toBeCloseTo(
      64,
      9,
    );
  });
});

it.each([
  [10, 0.07691],
  [50, 2.69e-6],
  [100, 7.237e-12],
])('the uncorrected truncated He at depth %d has mean length %d', (depth, value) => {
  expect(last(constant(depth, depth, depth), 'he-truncated-normal-uncorrected').mean / value).toBeCloseTo(
    1,
    3,
  );
});

it('keeps the relative second moment where the mean leaves the range of f64', () => {
  const deep = last(constant(1200, 1200, 1200), 'lecun-normal');
  expect([deep.mean, deep.secondMoment]).toEqual([0, 0]);
  expect(deep.relativeSecondMoment / (1 + 5 / 1200) ** 1200).toBeCloseTo(1, 10);
});

it('scales with the input', () => {
  const widths = constant(7, 9, 4);
  const law = initializerLaw('he-uniform');
  const one = predictLengths({ widths, law });
  predictLengths({ widths, law, inputLength: 3 }).forEach((layer, j) => {
    expect(layer.mean / (one[j]?.mean ?? 0)).toBeCloseTo(3, 12);
    expect(layer.secondMoment / (one[j]?.secondMoment ?? 0)).toBeCloseTo(9, 12);
  });
});

it('refuses what cannot be', () => {
  const law = initializerLaw('he-normal');
  expect(() => predictLengths({ widths: [3], law })).toThrow(InvalidArgumentError);
  expect(() => predictLengths({ widths: [3, 0], law })).toThrow(/widths\[1\]/);
  expect(() => predictLengths({ widths: [3, Number.NaN], law })).toThrow(/widths\[1\]/);
  expect(() => predictLengths({ widths: [3, 3], law, inputLength: -1 })).toThrow(/inputLength/);
  expect(() => predictLengths({ widths: [3, 3], law, inputFourthMoment: 0.5 })).toThrow(/Cauchy/);
});
