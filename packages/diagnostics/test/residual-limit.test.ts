/** The limit of the decisive sum against the sums themselves. */
import { type ResidualScaleRule, residualScales } from '@kindling/core';
import { predictResidualLimit } from '@kindling/diagnostics';
import { describe, expect, it } from 'vitest';

/** Σ η_l or Σ η_l² of so many modules. */
function sumOf(rule: ResidualScaleRule, decisive: 'sum' | 'sum-of-squares', modules: number): number {
  return residualScales(rule, modules).reduce((sum, eta) => sum + (decisive === 'sum' ? eta : eta * eta), 0);
}

describe.each(['sum', 'sum-of-squares'] as const)('the limit of the %s', (decisive) => {
  it.each<[ResidualScaleRule]>([
    [{ rule: 'power', base: 0.5 }],
    [{ rule: 'power', base: 0.9 }],
    [{ rule: 'power', base: 0.99 }],
    [{ rule: 'power', base: 0 }],
    [{ rule: 'constant', value: 0 }],
  ])('of %j is what many modules come to', (rule) => {
    const limit = predictResidualLimit(rule, decisive) ?? Number.NaN;
    expect(sumOf(rule, decisive, 5000)).toBeCloseTo(limit, 9);
    expect(sumOf(rule, decisive, 10)).toBeLessThanOrEqual(limit);
  });

  it('of 1/L is never passed, and reached by one module', () => {
    const limit = predictResidualLimit({ rule: 'inverse-modules' }, decisive) ?? Number.NaN;
    const sums = [1, 2, 10, 1000].map((modules) => sumOf({ rule: 'inverse-modules' }, decisive, modules));
    expect(sums[0]).toBe(limit);
    for (const sum of sums) expect(sum).toBeLessThanOrEqual(limit + 1e-12);
  });

  it.each<[ResidualScaleRule]>([
    [{ rule: 'constant', value: 0.1 }],
    [{ rule: 'power', base: 1 }],
    [{ rule: 'power', base: 1.01 }],
  ])('of %j is infinite', (rule) => {
    expect(predictResidualLimit(rule, decisive)).toBe(Number.POSITIVE_INFINITY);
    expect(sumOf(rule, decisive, 10_000)).toBeGreaterThan(9 * sumOf(rule, decisive, 1000));
  });

  it('of a list is not known', () => {
    expect(predictResidualLimit({ rule: 'list', values: [1, 0.5] }, decisive)).toBeNull();
  });
});

it('1/√L bounds Σ η² and not Σ η', () => {
  const rule: ResidualScaleRule = { rule: 'inverse-root-modules' };
  expect(predictResidualLimit(rule, 'sum')).toBe(Number.POSITIVE_INFINITY);
  expect(sumOf(rule, 'sum', 10_000)).toBeCloseTo(100, 6);
  expect(predictResidualLimit(rule, 'sum-of-squares')).toBe(1);
  expect(sumOf(rule, 'sum-of-squares', 10_000)).toBeCloseTo(1, 9);
});
