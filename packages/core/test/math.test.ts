/** The kernels' elementary functions against the host's functions, which are good to an ulp themselves. */
import { describe, expect, it } from 'vitest';
import { createEngine, portableMath } from '../src/index.js';
import { arcTangent, exponential, logarithm, sine } from '../src/reference/index.js';
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

describe('sin_f64', () => {
  it('is within 2 ulp of the host, for small, usual and huge angles', () => {
    expect(worstError(kernels.sin_f64, sine, (u) => 20 * u - 10)).toBeLessThanOrEqual(2);
    expect(worstError(kernels.sin_f64, sine, (u) => 2 ** (-300 * u))).toBeLessThanOrEqual(2);
    expect(worstError(kernels.sin_f64, sine, (u) => 2 ** (1000 * u))).toBeLessThanOrEqual(2);
  });

  it('is right at the edges', () => {
    const { sin_f64: sin } = kernels;
    expect(sin(0)).toBe(0);
    expect(Object.is(sin(-0), -0)).toBe(true);
    expect(sin(Math.PI / 2)).toBe(1);
    expect(sin(Number.MIN_VALUE)).toBe(Number.MIN_VALUE);
    const outside = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
    expect(outside.map(sin)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('atan_f64', () => {
  it('is within 2 ulp of the host, for small, usual and huge tangents', () => {
    expect(worstError(kernels.atan_f64, arcTangent, (u) => 6 * u - 3)).toBeLessThanOrEqual(2);
    expect(worstError(kernels.atan_f64, arcTangent, (u) => 2 ** (2000 * u - 1000))).toBeLessThanOrEqual(2);
  });

  it('is right at the edges', () => {
    const { atan_f64: atan } = kernels;
    expect(Object.is(atan(-0), -0)).toBe(true);
    expect([atan(1), atan(-1)]).toEqual([Math.PI / 4, -Math.PI / 4]);
    expect([atan(Number.POSITIVE_INFINITY), atan(Number.NEGATIVE_INFINITY)]).toEqual([
      Math.PI / 2,
      -Math.PI / 2,
    ]);
    expect(atan(Number.NaN)).toBeNaN();
  });
});

it('portableMath is the kernels, without an engine', () => {
  const next = seededNumbers(7);
  for (let i = 0; i < 1000; i++) {
    const x = 40 * next() - 20;
    expect(portableMath.log(Math.abs(x))).toBe(kernels.log_f64(Math.abs(x)));
    expect(portableMath.exp(x)).toBe(kernels.exp_f64(x));
    expect(portableMath.sin(x)).toBe(kernels.sin_f64(x));
    expect(portableMath.atan(x)).toBe(kernels.atan_f64(x));
  }
});

it('the comparison in ulps sees an error of f32', () => {
  const rounded = (x: number) => Math.fround(Math.exp(x));
  expect(worstError(rounded, exponential, (u) => u)).toBeGreaterThan(1e6);
});
