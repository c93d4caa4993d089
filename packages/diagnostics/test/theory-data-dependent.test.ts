/** The second moment of a data-dependent neuron: listed values, and its own scheme simulated. */
import { predictDataDependentSquare } from '@kindling/diagnostics';
import { describe, expect, it } from 'vitest';
import { normals, sampleMean } from './theory-simulation.js';

const square = (distance: number) =>
  predictDataDependentSquare({ weightDeviation: 0.8, biasDeviation: 0.3, distance });

describe('predictDataDependentSquare', () => {
  it.each([
    [0, 0.09],
    [0.5, 0.21441],
    [2, 1.63413],
  ])('at distance %d is %d', (distance, value) => {
    expect(Math.abs(square(distance) - value)).toBeLessThan(0.6e-5);
  });

  it.each([0.1, 0.5, 2])('is what simulation finds at distance %d, in three dimensions', (distance) => {
    const normal = normals(Math.round(distance * 10));
    const direction = [2, -1, 2].map((x) => (x / 3) * distance);
    const values = Array.from({ length: 200_000 }, () => {
      const pre = direction.reduce((sum, x) => sum + 0.8 * normal() * x, Math.abs(0.3 * normal()));
      return Math.max(0, pre) ** 2;
    });
    const found = sampleMean(values);
    expect(Math.abs(found.mean - square(distance))).toBeLessThan(4 * found.standardError);
    // Negative control: a bias that is not made positive halves the even moments.
    const symmetric = (0.64 * distance ** 2 + 0.09) / 2;
    expect(Math.abs(found.mean - symmetric)).toBeGreaterThan(4 * found.standardError);
  });

  it('refuses what cannot be, naming it', () => {
    expect(() => square(-1)).toThrow(/distance is -1/);
    expect(() => square(Number.NaN)).toThrow(/distance is NaN/);
  });
});
