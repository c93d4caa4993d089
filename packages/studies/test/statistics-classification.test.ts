/** Logistic regression and ROC curves: known answers, properties of the optimum, and what must be refused. */
import { createEngine, InvalidArgumentError, openStream, portableMath, rootKey } from '@kindling/core';
import { describe, expect, it } from 'vitest';
import { fitLogistic, type LogisticRow, logitOf } from '../src/statistics/logistic-regression.js';
import { areaEstimate, areaUnderRoc, rocCurve } from '../src/statistics/roc.js';

const engine = createEngine();

function uniforms(count: number, seed: number): Float32Array {
  const mark = engine.arena.mark();
  const out = engine.arena.allocateFloats(count);
  engine.kernels.fill_uniform(openStream(engine, rootKey(seed)), count, out, 0, 1);
  const values = engine.arena.floats(out, count).slice();
  engine.arena.release(mark);
  return values;
}

/** Rows whose classes follow the coefficients. */
function simulated(count: number, truth: readonly number[], seed: number): readonly LogisticRow[] {
  const draws = uniforms(count * (truth.length + 1), seed);
  return Array.from({ length: count }, (_, i) => {
    const at = i * (truth.length + 1);
    const features = truth.map((_w, j) => 4 * (draws[at + j] ?? 0) - 2);
    const share = 1 / (1 + portableMath.exp(-logitOf(truth, features)));
    return { features, positive: (draws[at + truth.length] ?? 0) < share, weight: 1 };
  });
}

describe('logistic regression', () => {
  it('finds the coefficients that made the classes, within their standard errors', () => {
    const truth = [1, -0.5, 0];
    const rows = simulated(4000, truth, 1);
    const found = fitLogistic(rows, { ridge: 1e-6 });
    // Fisher's information of a coefficient: Σ x²P(1 − P), features being independent; at least as large as that of the largest |w · x|.
    truth.forEach((w, j) => {
      const information = rows.reduce((sum, { features }) => {
        const share = 1 / (1 + portableMath.exp(-logitOf(truth, features)));
        return sum + (features[j] ?? 0) ** 2 * share * (1 - share);
      }, 0);
      expect(Math.abs((found[j] ?? 0) - w)).toBeLessThan(4.5 / Math.sqrt(information));
    });
  });

  it('stands where the gradient is zero, weights and ridge counted', () => {
    const rows = simulated(200, [0.7, 0.2], 2).map((row, i) => ({ ...row, weight: 1 + (i % 3) }));
    const found = fitLogistic(rows, { ridge: 3 });
    found.forEach((w, j) => {
      const gradient = rows.reduce((sum, { features, positive, weight }) => {
        const share = 1 / (1 + portableMath.exp(-logitOf(found, features)));
        return sum + weight * ((positive ? 1 : 0) - share) * (features[j] ?? 0);
      }, -3 * w);
      expect(Math.abs(gradient)).toBeLessThan(1e-8);
    });
  });

  it('stays finite where the classes can be parted, and turns with the labels', () => {
    const rows = [-2, -1, 1, 2].map((x) => ({ features: [x], positive: x > 0, weight: 1 }));
    const [w = 0] = fitLogistic(rows);
    expect(w).toBeGreaterThan(0.5);
    expect(w).toBeLessThan(5);
    expect(fitLogistic(rows.map((row) => ({ ...row, positive: !row.positive })))[0]).toBeCloseTo(-w, 10);
    expect(fitLogistic(rows, { ridge: 100 })[0]).toBeLessThan(w / 5);
  });

  it('refuses no rows, rows of different lengths, and no ridge', () => {
    const row = { features: [1], positive: true, weight: 1 };
    expect(() => fitLogistic([])).toThrow(InvalidArgumentError);
    expect(() => fitLogistic([row, { ...row, features: [1, 2] }])).toThrow(/equally many/);
    expect(() => fitLogistic([row], { ridge: 0 })).toThrow(/ridge is 0/);
  });
});

describe('the ROC curve', () => {
  const positives = [3, 1, 4, 1, 5, 9];
  const negatives = [2, 7, 1, 0, 0];

  it('has the area that counting all pairs gives', () => {
    const pairs = positives.flatMap((p) => negatives.map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
    const counted = pairs.reduce<number>((sum, value) => sum + value, 0) / pairs.length;
    expect(areaUnderRoc(positives, negatives)).toBeCloseTo(counted, 12);
    expect(areaUnderRoc(negatives, positives)).toBeCloseTo(1 - counted, 12);
    const curve = rocCurve(positives, negatives);
    const trapezoids = curve.reduce((sum, point, i) => {
      const before = curve[i - 1];
      if (before === undefined) return 0;
      const width = point.falsePositives - before.falsePositives;
      return sum + (width * (point.truePositives + before.truePositives)) / 2;
    }, 0);
    expect(trapezoids).toBeCloseTo(counted, 12);
    expect(curve[0]).toEqual({ falsePositives: 0, truePositives: 0 });
    expect(curve.at(-1)).toEqual({ falsePositives: 1, truePositives: 1 });
  });

  it('is a half where scores say nothing, one where they part, NaN for an empty class', () => {
    expect(areaUnderRoc([1, 1], [1, 1, 1])).toBe(0.5);
    expect(areaUnderRoc([2, 3], [0, 1])).toBe(1);
    expect(areaUnderRoc([], [1])).toBeNaN();
  });

  it('has intervals that hold the truth as often as they say', () => {
    // Trained scores are uniform on [0.3, 1.3], fresh ones on [0, 1]: P(trained > fresh) = 1 − 0.7²/2.
    const truth = 1 - 0.7 ** 2 / 2;
    let held = 0;
    for (let study = 0; study < 100; study++) {
      const draws = uniforms(80, 100 + study);
      const pairs = Array.from({ length: 40 }, (_, i) => ({
        fresh: draws[2 * i] ?? 0,
        trained: 0.3 + (draws[2 * i + 1] ?? 0),
      }));
      const { low, high } = areaEstimate(pairs);
      if (low !== null && high !== null && low <= truth && truth <= high) held++;
    }
    // 95 of 100; below 86 with probability 1e-4 if it were 95.
    expect(held).toBeGreaterThanOrEqual(86);
    expect(held).toBeLessThan(100.5);
  });

  it('has intervals that hold the truth near 1, too, where resamples have next to no scatter', () => {
    // Trained scores are uniform on [0.93, 1.93]: P(trained > fresh) = 1 − 0.07²/2, and half of the samples are parted.
    const truth = 1 - 0.07 ** 2 / 2;
    let [held, parted] = [0, 0];
    for (let study = 0; study < 100; study++) {
      const draws = uniforms(48, 300 + study);
      const pairs = Array.from({ length: 24 }, (_, i) => ({
        fresh: draws[2 * i] ?? 0,
        trained: 0.93 + (draws[2 * i + 1] ?? 0),
      }));
      const { value, low, high } = areaEstimate(pairs);
      if (value === 1) parted++;
      if (low !== null && high !== null && low <= truth && truth <= high) held++;
      if (value === 1) expect(low).toBeLessThan(0.95);
    }
    expect(parted).toBeGreaterThan(20);
    expect(held).toBeGreaterThanOrEqual(86);
    // Where nothing is told the interval is that of Mann and Whitney's variance, (2n + 1)/(12 n²), to 2 %.
    const { low, high } = areaEstimate(
      Array.from({ length: 400 }, (_, i) => ({ fresh: i, trained: 399 - i })),
    );
    expect(((high ?? 0) - (low ?? 0)) / ((2 * 1.96 * Math.sqrt(801 / 12)) / 400)).toBeCloseTo(1, 1);
  });
});
