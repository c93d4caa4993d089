import { InvalidArgumentError } from '@kindling/core';
import {
  effectiveVariance,
  initializerLaw,
  nominalVariance,
  truncatedNormalMoments,
} from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

describe('effectiveVariance', () => {
  const fans = { fanIn: 100, fanOut: 300 };
  it.each([
    ['he-normal', 2 / 100, 0],
    ['he-uniform', 2 / 100, -1.2],
    ['he-truncated-normal', 2 / 100, -0.634463],
    ['he-truncated-normal-uncorrected', (0.7737413 * 2) / 100, -0.634463],
    ['he-normal-2x', 4 / 100, 0],
    ['glorot-normal', 2 / 400, 0],
    ['glorot-uniform', 2 / 400, -1.2],
    ['lecun-normal', 1 / 100, 0],
    ['lecun-uniform', 1 / 100, -1.2],
  ])('%s delivers the published variance and kurtosis', (name, variance, kurtosis) => {
    const effective = effectiveVariance(initializerLaw(name), fans);
    expect(effective.variance / variance).toBeCloseTo(1, 6);
    expect(effective.excessKurtosis).toBeCloseTo(kurtosis, 5);
  });

  it('knows the fan-out mode', () => {
    expect(nominalVariance({ distribution: 'normal', scale: 3, mode: 'fan-out' }, fans)).toBe(3 / 300);
  });

  it('holds the moments of the truncated normal that integration gives', () => {
    const steps = 200_000;
    const width = 4 / steps;
    const moments = [0, 0, 0];
    for (let i = 0; i < steps; i++) {
      const z = -2 + (i + 0.5) * width;
      const density = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * width;
      [1, z * z, z ** 4].forEach((power, k) => {
        moments[k] = (moments[k] ?? 0) + power * density;
      });
    }
    const [mass = 0, second = 0, fourth = 0] = moments;
    expect(truncatedNormalMoments.mass).toBeCloseTo(mass, 9);
    expect(truncatedNormalMoments.variance).toBeCloseTo(second / mass, 9);
    expect(truncatedNormalMoments.deviation ** 2).toBeCloseTo(second / mass, 9);
    expect(truncatedNormalMoments.excessKurtosis).toBeCloseTo((fourth * mass) / second ** 2 - 3, 8);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses fan-in %s', (fanIn) => {
    expect(() => effectiveVariance(initializerLaw('he-normal'), { fanIn, fanOut: 3 })).toThrow(
      InvalidArgumentError,
    );
    expect(() => effectiveVariance(initializerLaw('he-normal'), { fanIn, fanOut: 3 })).toThrow(/fanIn/);
  });

  it.each([
    ['mode', { distribution: 'normal', scale: 2, mode: 'fanIn' }],
    ['distribution', { distribution: 'Normal', scale: 2, mode: 'fan-in' }],
  ])('refuses a law from JSON with a misspelt %s', (name, law) => {
    expect(() => nominalVariance(JSON.parse(JSON.stringify(law)), fans)).toThrow(name);
  });

  it.each([0, -2, Number.NaN, Number.POSITIVE_INFINITY])('refuses scale %s', (scale) => {
    expect(() => nominalVariance({ distribution: 'normal', scale, mode: 'fan-in' }, fans)).toThrow(/scale/);
  });
});
