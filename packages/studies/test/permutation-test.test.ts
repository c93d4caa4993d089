/** The permutation test: its p-values are uniform where there is nothing, small where there is something, and blind to strata. */
import { deriveKey, InvalidArgumentError, philox4x32, rootKey } from '@kindling/core';
import { describe, expect, it } from 'vitest';
import { permutationTest } from '../src/statistics/permutation-test.js';

/** Uniform numbers by seed. */
const uniforms = (count: number, seed: number) =>
  Array.from({ length: count }, (_, i) => (philox4x32([i, seed, 0, 0], [7, 7])[0] + 0.5) / 2 ** 32);
const distancesOf = (values: readonly number[]) => values.map((a) => values.map((b) => Math.abs(a - b)));
const groups = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
const test = (values: readonly number[], change: Partial<Parameters<typeof permutationTest>[0]> = {}) =>
  permutationTest({ distances: distancesOf(values), groups, permutations: 199, key: rootKey(1), ...change });

describe('permutationTest', () => {
  it('has uniform p-values where groups do not differ', () => {
    const studies = 400;
    const found = Array.from(
      { length: studies },
      (_, seed) => test(uniforms(12, seed), { key: deriveKey(rootKey(2), 5, seed) }).p,
    );
    for (const level of [0.05, 0.2, 0.5, 0.8]) {
      const below = found.filter((p) => p <= level + 1e-9).length;
      // Five standard errors: a false alarm in 10⁶.
      expect(Math.abs(below - level * studies)).toBeLessThan(5 * Math.sqrt(level * (1 - level) * studies));
    }
    // The control: a test that always says 0.05 would fail the above.
    expect(Math.max(...found)).toBeGreaterThan(0.9);
  });

  it('sees a difference, and tells it as it is', () => {
    const values = uniforms(12, 3).map((value, i) => value + (i < 6 ? 0 : 3));
    const { p, resolution, ratio, nearest, chance, within, between } = test(values, { permutations: 999 });
    // Of the 924 deals two tell the groups as they are.
    expect(p).toBeLessThan(0.01);
    expect(p).toBeGreaterThanOrEqual(0.001);
    expect(resolution).toBeCloseTo(2 / 924, 15);
    expect(ratio).toBeCloseTo(between / within, 12);
    expect(ratio).toBeGreaterThan(5);
    expect(nearest).toMatchObject({ count: 12, trials: 12 });
    expect(chance).toBeCloseTo(5 / 11, 12);
  });

  it('computes the means it says', () => {
    const found = permutationTest({
      distances: distancesOf([0, 1, 5, 7]),
      groups: [0, 0, 1, 1],
      permutations: 50,
      key: rootKey(1),
    });
    expect(found).toMatchObject({ within: 1.5, between: 5.5 });
    // Two of the six deals are the true one, up to names.
    expect(found.p).toBeGreaterThan(0.1);
    expect(found.p).toBeLessThan(0.6);
  });

  it('knows the least p there could be: of few observations there are few ways to part them', () => {
    const of = (own: readonly number[], strata: readonly number[]) =>
      permutationTest({
        distances: distancesOf(own.map((group, i) => 10 * group + i / 100)),
        groups: own,
        strata,
        permutations: 999,
        key: rootKey(3),
      });
    // 6!/(3! 3! 2) = 10; 6!/(2! 4!) = 15; 6!/(2!³ 3!) = 15; two strata of 4!/(2! 2! 2) = 3 each.
    const one = new Array<number>(6).fill(0);
    for (const [own, strata, ways] of [
      [[0, 0, 0, 1, 1, 1], one, 10],
      [[0, 0, 1, 1, 1, 1], one, 15],
      [[0, 0, 1, 1, 2, 2], one, 15],
      [[0, 0, 1, 1, 0, 0, 1, 1], [0, 0, 0, 0, 1, 1, 1, 1], 9],
    ] as const) {
      const { p, resolution } = of(own, strata);
      expect(resolution).toBeCloseTo(1 / ways, 12);
      // Groups wholly apart have that p, up to the chance of the deals: five standard errors.
      expect(Math.abs(p - 1 / ways)).toBeLessThan(5 * Math.sqrt(((1 / ways) * (1 - 1 / ways)) / 999));
    }
  });

  it('takes differences between strata for nothing', () => {
    const values = uniforms(12, 4).map((value, i) => value + (i % 2) * 100);
    const strata = groups.map((_, i) => i % 2);
    const { ratio, nearest } = test(values, { strata });
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
    expect(nearest.trials).toBe(12);
    // Within strata a difference is seen as ever.
    const apart = values.map((value, i) => value + (i < 6 ? 0 : 3));
    expect(test(apart, { strata, permutations: 999 }).p).toBeLessThan(0.02);
  });

  it('gives the same for the same key, and hardly another p for another', () => {
    const values = uniforms(12, 6);
    expect(test(values)).toEqual(test(values));
    const others = [2, 3, 4].map((seed) => test(values, { key: rootKey(seed) }).p);
    expect(new Set(others).size).toBeGreaterThan(1);
  });

  it.each([
    [{ groups: [0, 1] }, /2 groups/],
    [{ permutations: 0 }, /permutations is 0/],
    [{ groups: new Array(12).fill(0) }, /no two observations/],
    [{ groups: groups.map((_, i) => i) }, /no two observations/],
    [
      {
        distances: distancesOf(uniforms(12, 1)).map((row, i) => (i === 3 ? row.map(() => Number.NaN) : row)),
      },
      /is NaN/,
    ],
    [
      { distances: distancesOf(uniforms(12, 1)).map((row) => row.map((value) => -value)) },
      /expected one number ≥ 0/,
    ],
  ])('refuses %j', (change, words) => {
    const action = () => test(uniforms(12, 1), change);
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(words);
  });
});
