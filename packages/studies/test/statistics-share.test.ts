/** Shares with their intervals: published values, certain ends, and how often the interval holds the truth. */
import { InvalidArgumentError } from '@kindling/core';
import { describe, expect, it } from 'vitest';
import { deviationFrom, shareOf } from '../src/statistics/share.js';

/** P(X = k), X ~ Binomial(n, p), by logarithms: for tests only. */
function binomial(n: number, k: number, p: number): number {
  let log = k * Math.log(p) + (n - k) * Math.log(1 - p);
  for (let i = 1; i <= k; i++) log += Math.log((n - k + i) / i);
  return Math.exp(log);
}

describe('shareOf', () => {
  it.each([
    // Wilson's interval of 10 in 20, 2 in 20 and 81 in 263 (Newcombe, Statistics in Medicine 17, 1998, for the last).
    [10, 20, 0.2993, 0.7007],
    [2, 20, 0.0279, 0.301],
    [81, 263, 0.2553, 0.3662],
  ])('%d of %d is from %d to %d', (count, trials, low, high) => {
    const share = shareOf(count, trials);
    expect(share.share).toBe(count / trials);
    expect(share.low).toBeCloseTo(low, 4);
    expect(share.high).toBeCloseTo(high, 4);
  });

  it('ends at the ends', () => {
    expect(shareOf(0, 30)).toMatchObject({ low: 0, high: expect.closeTo(0.1135, 3) });
    expect(shareOf(30, 30)).toMatchObject({ low: expect.closeTo(0.8865, 3), high: 1 });
  });

  it('holds the truth about 95 times in 100, also near the ends', () => {
    for (const [n, p] of [
      [100, 0.5],
      [300, 0.93],
      [1000, 0.99],
    ] as const) {
      let coverage = 0;
      for (let k = 0; k <= n; k++) {
        const { low, high } = shareOf(k, n);
        if (low <= p && p <= high) coverage += binomial(n, k, p);
      }
      expect(coverage).toBeGreaterThan(0.93);
      expect(coverage).toBeLessThan(0.97);
    }
  });

  it.each([
    [-1, 10],
    [11, 10],
    [0, 0],
    [0.5, 1],
    [Number.NaN, 1],
  ])('refuses %d of %d', (count, trials) => {
    expect(() => shareOf(count, trials)).toThrow(InvalidArgumentError);
  });
});

describe('deviationFrom', () => {
  it('counts in standard errors of the probability', () => {
    expect(deviationFrom(shareOf(60, 100), 0.5)).toBeCloseTo(2, 12);
    expect(deviationFrom(shareOf(40, 100), 0.5)).toBeCloseTo(-2, 12);
  });

  it('knows certain events', () => {
    expect(deviationFrom(shareOf(100, 100), 1)).toBe(0);
    expect(deviationFrom(shareOf(0, 100), 0)).toBe(0);
    expect(deviationFrom(shareOf(1, 100), 0)).toBe(Number.POSITIVE_INFINITY);
    expect(deviationFrom(shareOf(99, 100), 1)).toBe(Number.NEGATIVE_INFINITY);
  });
});
