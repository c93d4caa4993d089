/** exp_f64 and log_f64 against the host's functions, which are good to an ulp themselves. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../src/index.js';
import { exponential, logarithm } from '../src/reference/index.js';
import { seededNumbers, ulpOf } from './floats.js';

const { kernels } = createEngine();

/** The largest error in ulps over many arguments. */
function worstError(
  got: (x: number) => number,
  want: (x: number) => number,
  argument: (u: number) => number,
): number {
  const next = seededNumbers(99);
  let worst = 0;
  for (let i = 0; i < 200_000; i++) {
    const x = argument(next());
    worst = Math.max(worst, Math.abs(got(x) - want(x)) / ulpOf(want(x)));
  }
  return worst;
}

describe('exp_f64', () => {
  it('is within 2 ulp of the host, from denormal results to overflow', () => {
    expect(worstError(kernels.exp_f64, exponential, (u) => -745 + 1454 * u)).toBeLessThanOrEqual(2);
    expect(worstError(kernels.exp_f64, exponential, (u) => 2 * u - 1)).toBeLessThanOrEqual(2);
    expect(worstError(kernels.exp_f64, exponential, (u) => 2 ** (-60 * u))).toBeLessThanOrEqual(2);
  });

  it('is right at the edges', () => {
    const { exp_f64: exp } = kernels;
    expect([exp(0), exp(-0)]).toEqual([1, 1]);
    expect(exp(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(exp(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(Number.NaN)).toBeNaN();
    expect([exp(-746), exp(710)]).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(exp(-745)).toBe(2 ** -1074);
    expect(exp(Number.MIN_VALUE)).toBe(1);
  });
});

describe('log_f64', () => {
  it('is within 2 ulp of the host, denormals included, and near 1', () => {
    expect(worstError(kernels.log_f64, logarithm, (u) => 2 ** (2098 * u - 1074))).toBeLessThanOrEqual(2);
    expect(worstError(kernels.log_f64, logarithm, (u) => 0.5 + u)).toBeLessThanOrEqual(2);
    expect(worstError(kernels.log_f64, logarithm, (u) => 1 + 2 ** (-50 * u))).toBeLessThanOrEqual(2);
  });

  it('is right at the edges', () => {
    const { log_f64: log } = kernels;
    expect(log(1)).toBe(0);
    expect([log(0), log(-0)]).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect([log(-1), log(Number.NEGATIVE_INFINITY), log(Number.NaN)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(log(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(log(2)).toBe(Math.LN2);
    expect(Math.abs(log(Number.MIN_VALUE) / (-1074 * Math.LN2) - 1)).toBeLessThan(1e-15);
  });
});

it('the comparison in ulps sees an error of f32', () => {
  const rounded = (x: number) => Math.fround(Math.exp(x));
  expect(worstError(rounded, exponential, (u) => u)).toBeGreaterThan(1e6);
});
