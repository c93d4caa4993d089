import { fixupScale, skipInitScale } from '@kindling/initializers';
import { expect, it } from 'vitest';

it.each([
  [1, 2, 1],
  [16, 2, 0.25],
  [54, 2, 54 ** -0.5],
  [16, 3, 0.5],
  [1000, 4, 1000 ** (-1 / 6)],
])('Fixup: %d branches of %d layers', (branches, layersPerBranch, expected) => {
  expect(fixupScale({ branches, layersPerBranch })).toBeCloseTo(expected, 14);
});

it.each([
  ['branches', { branches: 0, layersPerBranch: 2 }],
  ['branches', { branches: Number.NaN, layersPerBranch: 2 }],
  ['layersPerBranch', { branches: 3, layersPerBranch: 1 }],
])('Fixup refuses a wrong %s', (field, options) => {
  expect(() => fixupScale(options)).toThrow(field);
});

it('SkipInit starts every block as the identity', () => {
  expect(skipInitScale).toBe(0);
});
