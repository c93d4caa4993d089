import { describe, expect, it } from 'vitest';
import { InvalidArgumentError, mean, median, quantile, sampleVariance, standardError } from '../src/index.js';

const infinity = Number.POSITIVE_INFINITY;

describe('mean, sampleVariance and standardError', () => {
  it('are those counted by hand', () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(values)).toBe(5);
    expect(sampleVariance(values)).toBe(32 / 7);
    expect(standardError(values)).toBe(Math.sqrt(32 / 7 / 8));
  });

  it('are NaN where there is nothing to say', () => {
    expect([mean([]), sampleVariance([]), sampleVariance([1]), standardError([1])]).toEqual(
      new Array(4).fill(Number.NaN),
    );
    expect([mean([3]), sampleVariance([3, 3])]).toEqual([3, 0]);
  });

  it('do not cancel far from zero', () => {
    expect(sampleVariance([1e9 + 1, 1e9 + 2, 1e9 + 3])).toBe(1);
  });

  it('carry infinities and NaN on', () => {
    expect(mean([1, infinity])).toBe(infinity);
    expect(sampleVariance([1, infinity])).toBeNaN();
    expect(mean([1, Number.NaN])).toBeNaN();
  });

  it('sum in the order given', () => {
    // Once 1 is lost beside 10^16, and once it is not.
    expect([mean([1, 1e16, -1e16]), mean([1e16, -1e16, 1])]).toEqual([0, 1 / 3]);
  });
});

describe('quantile and median', () => {
  it('interpolate between order statistics, in any order of the values', () => {
    const values = [40, 10, 30, 20];
    expect([0, 1 / 3, 0.5, 0.9, 1].map((p) => quantile(values, p))).toEqual([10, 20, 25, 37, 40]);
    expect(values).toEqual([40, 10, 30, 20]);
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).toEqual([2, 2.5, 7]);
  });

  it('sort as numbers', () => {
    expect(median([10, 9, 1])).toBe(9);
  });

  it('take infinities', () => {
    expect(median([1, infinity, infinity])).toBe(infinity);
    expect(median([infinity, infinity])).toBe(infinity);
    expect(median([-infinity, 5, infinity])).toBe(5);
    expect(median([5, infinity])).toBe(infinity);
    expect(quantile([1, 2, infinity], 0.5)).toBe(2);
  });

  it('refuse no numbers, NaN and a p outside [0, 1]', () => {
    expect(() => median([])).toThrow(InvalidArgumentError);
    expect(() => median([1, Number.NaN])).toThrow(/no NaN/);
    for (const p of [-0.1, 1.1, Number.NaN])
      expect(() => quantile([1], p)).toThrow(`p is ${p}; expected 0 ≤ p ≤ 1`);
  });
});
