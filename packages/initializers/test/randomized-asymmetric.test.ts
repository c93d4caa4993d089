import { allocateMatrix, createEngine, readMatrix, rootKey } from '@kindling/core';
import { drawLayer } from '@kindling/initializers';
import { expect, it } from 'vitest';
import { kolmogorovLimit, kolmogorovSmirnov, normalCdf } from './probability-laws.js';

const engine = createEngine();
const fanIn = 2;
const units = 60_000;
const weights = allocateMatrix(engine, fanIn, units);
const biases = allocateMatrix(engine, 1, units);
const shape = { fanIn, fanOut: units };
drawLayer(engine, { kind: 'randomized-asymmetric' }, shape, rootKey(4), 0, weights, biases);
const values = readMatrix(engine, weights);
/** One number a unit: within a unit they are not independent. */
const samples = [values.subarray(0, units), values.subarray(units), readMatrix(engine, biases)];
const sigma = 0.6007 / Math.sqrt(fanIn);
const limit = kolmogorovLimit(1e-6);

/** One of the three numbers of a unit is Beta(2, 1), of distribution function x². */
function mixture(share: number, positive: (u: number) => number): (x: number) => number {
  return (x) => (1 - share) * normalCdf(x / sigma) + share * positive(Math.min(1, Math.max(0, x)));
}

it('has the published deviation, that of the formula to the four digits it gives', () => {
  const formula = Math.sqrt(1 + 8 / (9 * Math.PI)) - (2 * Math.SQRT2) / (3 * Math.sqrt(Math.PI));
  expect(formula).toBeCloseTo(0.6007473, 7);
  expect(Math.abs(0.6007 - formula)).toBeLessThan(5e-5);
});

it.each(['first weight', 'second weight', 'bias'].map((name, i) => [name, i] as const))(
  'the %s of a unit is normal with 2/3, Beta(2, 1) with 1/3 (Kolmogorov–Smirnov, false alarm 1e-6)',
  (_, i) => {
    const sample = samples[i] ?? [];
    expect(
      kolmogorovSmirnov(
        sample,
        mixture(1 / 3, (u) => u * u),
      ),
    ).toBeLessThan(limit);
    // Negative controls: a uniform number instead, the biases left out of the choice, no positive number at all.
    expect(
      kolmogorovSmirnov(
        sample,
        mixture(1 / 3, (u) => u),
      ),
    ).toBeGreaterThan(limit);
    expect(
      kolmogorovSmirnov(
        sample,
        mixture(1 / 2, (u) => u * u),
      ),
    ).toBeGreaterThan(limit);
    expect(
      kolmogorovSmirnov(
        sample,
        mixture(0, (u) => u * u),
      ),
    ).toBeGreaterThan(limit);
  },
);

it('makes one number of every unit positive, the others of either sign', () => {
  let negative = 0;
  let without = 0;
  for (let unit = 0; unit < units; unit++) {
    const signs = samples.map((sample) => (sample[unit] ?? 0) > 0);
    const positive = signs.filter(Boolean).length;
    if (positive === 0) without += 1;
    if (positive === 1) negative += 1;
  }
  expect(without).toBe(0);
  // Both normal numbers are negative in a quarter of the units.
  expect(Math.abs(negative - units / 4)).toBeLessThan(5 * Math.sqrt((units * 3) / 16));
});
