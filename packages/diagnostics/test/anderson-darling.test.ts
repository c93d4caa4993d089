/** The test of Anderson and Darling: its law against the series, published points and simulation; what it finds and what it must not. */
import { describe, expect, it } from 'vitest';
import {
  andersonDarlingPValue,
  kolmogorovDistance,
  kolmogorovPValue,
  normalQuantile,
  shapeDensity,
  shapeQuantile,
  testAgainstLaw,
  testNormality,
} from '../src/index.js';
import { drawLaw } from './weight-draws.js';

/** Largest distance of p-values from the uniform law, times √n: 2.7 has probability 10⁻⁶. */
function unevenness(pValues: readonly number[]): number {
  const sorted = Float64Array.from(pValues).sort();
  const n = sorted.length;
  return Math.sqrt(n) * sorted.reduce((most, p, i) => Math.max(most, p - i / n, (i + 1) / n - p), 0);
}

describe('andersonDarlingPValue', () => {
  it('is the series of Anderson & Darling for many numbers', () => {
    // Ann. Math. Stat. 23, 1952, summed with 25 digits (mpmath).
    for (const [z, shareBelow] of [
      [0.15, 0.0014085566323439893],
      [0.3, 0.061842363942876954],
      [0.6, 0.35200436427702053],
      [1, 0.6427333267859809],
      [1.5, 0.8235246271579503],
      [1.99, 0.906993116769035],
      [2.01, 0.9093173254457707],
      [3, 0.9726352116659737],
      [4, 0.9912818130860868],
      [5.9, 0.9989220090954075],
    ] as const) {
      const found = 1 - andersonDarlingPValue(z, 1e9);
      expect(Math.abs(found - shareBelow), `A² = ${z}`).toBeLessThan(2e-5);
    }
    // Points of the limit: Stephens, JASA 69, 1974; the last one is simulated, and 2 % off.
    for (const [z, p] of [
      [1.933, 0.1],
      [2.492, 0.05],
      [3.857, 0.01],
    ] as const) {
      expect(Math.abs(andersonDarlingPValue(z, 1e9) / p - 1)).toBeLessThan(p === 0.01 ? 0.03 : 0.001);
    }
  });

  it('keeps its digits far out, where it falls like √3 erfc(√A²)', () => {
    for (const [z, p] of [
      [8, 0.000113814155726583],
      [12, 1.7102869993221187e-6],
      [20, 4.465071538311922e-10],
      [30, 1.659548952778318e-14],
    ] as const) {
      expect(Math.abs(andersonDarlingPValue(z, 1e9) / p - 1), `A² = ${z}`).toBeLessThan(0.04);
    }
    expect(andersonDarlingPValue(6.0001, 50) / andersonDarlingPValue(5.9999, 50)).toBeCloseTo(1, 2);
    expect(andersonDarlingPValue(0, 50)).toBe(1);
    expect(andersonDarlingPValue(Number.POSITIVE_INFINITY, 50)).toBe(0);
    expect(andersonDarlingPValue(Number.NaN, 50)).toBeNaN();
  });

  it('falls all the way', () => {
    for (const n of [1, 5, 20, 1000]) {
      let last = 1;
      for (let z = 0.02; z < 20; z += 0.02) {
        const p = andersonDarlingPValue(z, n);
        expect(p).toBeLessThanOrEqual(last + 1e-5);
        last = p;
      }
    }
  });
});

describe('testAgainstLaw', () => {
  it("is A² by its definition, and small at the law's own quantiles", () => {
    const sorted = Float64Array.from([-1.1, -0.4, 0.1, 0.2, 1.9]);
    const share = (x: number) => 0.5 + x / (2 * Math.sqrt(3));
    let sum = 0;
    for (let i = 1; i <= 5; i++) {
      const [up, down] = [sorted[i - 1] ?? 0, sorted[5 - i] ?? 0];
      sum += (2 * i - 1) * (Math.log(share(up / 1.5)) + Math.log(1 - share(down / 1.5)));
    }
    expect(testAgainstLaw(sorted, 'uniform', 1.5).statistic).toBeCloseTo(-5 - sum / 5, 12);
    for (const shape of ['normal', 'uniform', 'laplace', 'truncated-normal'] as const) {
      const quantiles = Float64Array.from(
        { length: 200 },
        (_, i) => 0.3 * shapeQuantile(shape, (i + 0.5) / 200),
      );
      expect(testAgainstLaw(quantiles, shape, 0.3).pValue, shape).toBeGreaterThan(0.999);
      expect(testAgainstLaw(quantiles, shape, 0.42).pValue, shape).toBeLessThan(0.1);
      // The density is the slope of the quantiles.
      const slope = (shapeQuantile(shape, 0.8001) - shapeQuantile(shape, 0.7999)) / 0.0002;
      expect(shapeDensity(shape, shapeQuantile(shape, 0.8)) * slope).toBeCloseTo(1, 5);
    }
  });

  it('has uniform p-values for few numbers and many, and for the wrong scale not', () => {
    for (const [count, trials] of [
      [8, 2000],
      [400, 600],
    ] as const) {
      const draws = Array.from({ length: trials }, (_, i) =>
        drawLaw({ law: 'laplace', deviation: 0.1 }, count, 7000 + i).sort(),
      );
      const p = draws.map((sorted) => testAgainstLaw(sorted, 'laplace', 0.1).pValue);
      expect(unevenness(p), `${count}`).toBeLessThan(2.7);
      const wrong = draws.map(
        (sorted) => testAgainstLaw(sorted, 'laplace', count === 8 ? 0.13 : 0.11).pValue,
      );
      expect(unevenness(wrong), `${count} control`).toBeGreaterThan(2.7);
    }
  });

  it('takes a number at the very end of a law, and none beyond it', () => {
    const inside = drawLaw({ law: 'uniform', deviation: 1 }, 1000, 1);
    inside[0] = -Math.sqrt(3);
    expect(testAgainstLaw(inside.sort(), 'uniform', 1).pValue).toBeGreaterThan(1e-3);
    inside[0] = -1.8;
    expect(testAgainstLaw(inside, 'uniform', 1)).toEqual({ statistic: Number.POSITIVE_INFINITY, pValue: 0 });
    expect(testAgainstLaw(inside, 'uniform', 1, 0.1).pValue).toBeGreaterThan(0);
    // Forty deviations out the normal tail is 0 in f64: A² is large, and still a number.
    inside[0] = -60;
    const far = testAgainstLaw(inside.sort(), 'normal', 1);
    expect(Number.isFinite(far.statistic)).toBe(true);
  });

  it('sees a scale that is 7 % off oftener than the distance of Kolmogorov and Smirnov does', () => {
    let [seen, seenByDistance] = [0, 0];
    for (let trial = 0; trial < 60; trial++) {
      const sorted = drawLaw({ law: 'normal', deviation: 1.07 }, 1000, 40 + trial).sort();
      if (testAgainstLaw(sorted, 'normal', 1).pValue < 0.01) seen++;
      if (kolmogorovPValue(kolmogorovDistance(sorted, 'normal', 1), 1000) < 0.01) seenByDistance++;
    }
    expect(seen).toBeGreaterThan(1.5 * seenByDistance);
  });
});

describe('testNormality', () => {
  it('has uniform p-values whatever mean and scale, and small ones for other shapes', () => {
    const p = Array.from({ length: 1500 }, (_, i) => {
      const values = drawLaw({ law: 'normal', deviation: 3 }, 60, 9000 + i).map((x) => 5 + x);
      return testNormality(values.sort()).pValue;
    });
    // The published formulas are right to a hundredth of a share.
    expect(unevenness(p)).toBeLessThan(2.7 + 0.01 * Math.sqrt(1500));
    const other = Array.from(
      { length: 200 },
      (_, i) => testNormality(drawLaw({ law: 'laplace', deviation: 1 }, 300, i).sort()).pValue,
    );
    expect(other.filter((value) => value < 0.01).length).toBeGreaterThan(180);
    // Without a law of its own for fitted numbers, case 0's would say that all is well nearly always.
    const naive = Array.from({ length: 200 }, (_, i) =>
      andersonDarlingPValue(
        testNormality(drawLaw({ law: 'normal', deviation: 3 }, 60, 9000 + i).sort()).statistic,
        60,
      ),
    );
    expect(unevenness(naive)).toBeGreaterThan(2.7);
  });

  it("gives Stephens' points", () => {
    // A* of 0.631, 0.752 and 1.035 are the 10, 5 and 1 % points (1974, 1986).
    const sorted = Float64Array.from({ length: 500 }, (_, i) => normalQuantile((i + 0.5) / 500));
    for (const [wanted, share] of [
      [0.631, 0.1],
      [0.752, 0.05],
      [1.035, 0.01],
    ] as const) {
      // A sample bent just so far.
      let [low, high] = [0, 0.3];
      const bent = (bend: number) => sorted.map((x) => x + bend * x * x * x).sort();
      for (let step = 0; step < 30; step++) {
        const middle = (low + high) / 2;
        const { statistic } = testNormality(bent(middle));
        if (statistic * (1 + 0.75 / 500 + 2.25 / 250_000) < wanted) low = middle;
        else high = middle;
      }
      expect(Math.abs(testNormality(bent(low)).pValue / share - 1)).toBeLessThan(0.04);
    }
    // And on beyond the end of the formula.
    const far = testNormality(Float64Array.from({ length: 2000 }, (_, i) => (i < 1000 ? i : 1e6 + i)));
    expect(far.pValue).toBeLessThan(1e-30);
  });
});
