import { empiricalLengthVariance } from '@kindling/diagnostics';
import { expect, it } from 'vitest';

it('is the mean square minus the squared mean', () => {
  expect(empiricalLengthVariance([1, 2, 4])).toBeCloseTo(7 - (7 / 3) ** 2, 12);
  expect(empiricalLengthVariance([5, 5, 5, 5])).toBe(0);
});

it('does not cancel where the lengths are large and close', () => {
  expect(empiricalLengthVariance([1e9 + 1, 1e9 - 1])).toBe(1);
});

it('has no value for no layers', () => {
  expect(empiricalLengthVariance([])).toBeNaN();
});
