/** The runs test: by hand, against its exact law, and the normal tail against published values. */
import { describe, expect, it } from 'vitest';
import { largestOfManyPValue, normalTwoSidedTail, runsTestOfCounts, testRuns } from '../src/index.js';
import { autoregressive, normals } from './parameter-draws.js';

describe('normalTwoSidedTail', () => {
  it('is erfc(|x|/√2) to 10⁻¹² of itself, far out too', () => {
    // From 40-digit arithmetic (mpmath's erfc).
    const published: readonly (readonly [x: number, tail: number])[] = [
      [0.001, 0.999202115572178],
      [0.5, 0.617075077451974],
      [1, 0.317310507862914],
      [1.959963984540054, 0.05],
      [2.4999, 0.0124228367498892],
      [2.5, 0.0124193306515523],
      [3, 0.00269979606326019],
      [3.479, 0.000503288586830111],
      [5, 5.73303143758388e-7],
      [8, 1.24419211485436e-15],
      [12.5, 7.46512859775543e-36],
      [20, 5.50724823721247e-89],
      [30, 9.81342785429637e-198],
      [37, 1.14511424450492e-299],
    ];
    for (const [x, tail] of published) {
      expect(Math.abs(normalTwoSidedTail(x) / tail - 1), `x=${x}`).toBeLessThan(1e-12);
      expect(normalTwoSidedTail(-x)).toBe(normalTwoSidedTail(x));
    }
    expect(normalTwoSidedTail(0)).toBe(1);
    expect(normalTwoSidedTail(40)).toBe(0);
    expect(normalTwoSidedTail(Number.POSITIVE_INFINITY)).toBe(0);
    expect(normalTwoSidedTail(Number.NaN)).toBeNaN();
  });

  it('does not step where the series ends', () => {
    const [below, above] = [normalTwoSidedTail(2.5 - 1e-9), normalTwoSidedTail(2.5)];
    // The density there is 0.0175, twice.
    expect((below - above) / 1e-9 / (2 * 0.01752830049356854)).toBeCloseTo(1, 3);
  });
});

describe('largestOfManyPValue', () => {
  it('is 1 − (1 − p)^k, for tiny p too', () => {
    for (const p of [1e-300, 1e-17, 1e-9, 0.003, 0.02, 0.4]) {
      for (const k of [1, 2, 20]) {
        // Of tiny p the first two terms; of others the power itself.
        const want = p < 1e-6 ? k * p * (1 - ((k - 1) / 2) * p) : 1 - (1 - p) ** k;
        expect(Math.abs(largestOfManyPValue(p, k) / want - 1), `${p} ${k}`).toBeLessThan(2e-12);
      }
    }
    expect(largestOfManyPValue(1, 5)).toBe(1);
    expect(largestOfManyPValue(0, 5)).toBe(0);
  });

  it('gives the published points of 20 layers', () => {
    for (const [z, share] of [
      [2.119, 0.5],
      [3.016, 0.05],
      [3.479, 0.01],
    ] as const) {
      expect(largestOfManyPValue(normalTwoSidedTail(z), 20)).toBeCloseTo(share, 3);
    }
  });
});

describe('runsTestOfCounts', () => {
  it('is (R − μ)/σ as published', () => {
    const [n1, n2, runs] = [12, 25, 11];
    const n = n1 + n2;
    const mean = 1 + (2 * n1 * n2) / n;
    const variance = (2 * n1 * n2 * (2 * n1 * n2 - n)) / (n * n * (n - 1));
    const test = runsTestOfCounts(n1, n2, runs);
    expect(test?.z).toBeCloseTo((runs - mean) / Math.sqrt(variance), 12);
    expect(test?.pValue).toBe(normalTwoSidedTail(test?.z ?? 0));
    expect(runsTestOfCounts(9, 1000, 15)).toBeNull();
  });

  it('has the mean and variance of all orders, counted one by one', () => {
    // All 2^16 strings of 16 sides: those with n1 above are equally likely.
    for (const n1 of [3, 8, 11]) {
      let [count, sum, squares] = [0, 0, 0];
      for (let sides = 0; sides < 65_536; sides++) {
        const runs = 1 + ones((sides ^ (sides >> 1)) & 0x7fff);
        if (ones(sides) !== n1) continue;
        count++;
        sum += runs;
        squares += runs * runs;
      }
      const [n2, mean] = [16 - n1, sum / count];
      expect(mean).toBeCloseTo(1 + (2 * n1 * n2) / 16, 10);
      const product = 2 * n1 * n2;
      expect(squares / count - mean * mean).toBeCloseTo((product * (product - 16)) / (256 * 15), 10);
    }
  });
});

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest &= rest - 1) count++;
  return count;
}

describe('testRuns', () => {
  it('drops ties, or counts them as below', () => {
    const x = Array.from({ length: 60 }, (_, i) => (i % 3 === 2 ? 5 : i % 2 === 0 ? 1 : 9));
    expect(testRuns(x)).toMatchObject({ above: 20, below: 20 });
    // 5 joins the 1s: 1 9 5 9 1 5 …
    expect(testRuns(x, { ties: 'below' })).toMatchObject({ above: 20, below: 40 });
    const black = [...new Array(60).fill(0), ...new Array(40).fill(7)];
    expect(testRuns(black)).toBeNull();
    expect(testRuns(black, { ties: 'below' })).toMatchObject({ above: 40, below: 60, runs: 2 });
    expect(testRuns([])).toBeNull();
    expect(() => testRuns([1, Number.NaN])).toThrow('testRuns: values hold NaN; expected numbers');
  });

  it('splits an even number of distinct numbers in halves', () => {
    expect(testRuns(normals(1000, 1))).toMatchObject({ above: 500, below: 500 });
    expect(testRuns(normals(1001, 1))).toMatchObject({ above: 500, below: 500 });
  });

  it('is far out for sorted, alternating and autoregressive numbers, and not for shuffled ones', () => {
    const count = 4000;
    expect(testRuns(normals(count, 2).sort())?.z).toBeLessThan(-60);
    expect(testRuns(Array.from({ length: count }, (_, i) => (i % 2) + i / count / 2))?.z).toBeGreaterThan(60);
    // Of neighbors with correlation ρ the sides differ with probability arccos(ρ)/π.
    const z = testRuns(autoregressive(count, 0.5, 3))?.z ?? 0;
    expect(Math.abs(z - (2 / 3 - 1) * Math.sqrt(count))).toBeLessThan(6);
    expect(Math.abs(testRuns(normals(count, 2))?.z ?? 99)).toBeLessThan(4);
  });
});
