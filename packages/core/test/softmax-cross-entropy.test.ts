/** The loss and what is read off the logits: against f64, against central differences, and at the edges of f32. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../src/index.js';
import {
  countCorrect,
  type SoftmaxProblem,
  softmaxCrossEntropy,
  softmaxCrossEntropyF32,
} from '../src/reference/index.js';
import { firstDifference, firstOutside, randomFloats, seededNumbers } from './floats.js';
import { borrowing, guardedRows, placeBytes, readRows } from './guarded.js';

const engine = createEngine();
const unit = 2 ** -24;

interface Outcome {
  readonly loss: number;
  readonly gradient: Float32Array;
}

function run({ m, n, logits, labels }: SoftmaxProblem, extra = 0): Outcome {
  return borrowing(engine, () => {
    const rows = { rows: m, columns: n, ld: Math.ceil(n / 4) * 4 + 4 * extra };
    const block = guardedRows(engine, rows, logits);
    const place = placeBytes(engine, labels);
    const loss = engine.kernels.softmax_cross_entropy(m, n, block.pointer, rows.ld, place);
    expect(block.brokenGuard()).toBeNull();
    return { loss, gradient: readRows(engine, block.pointer, rows) };
  });
}

function randomProblem(m: number, n: number, size: number): SoftmaxProblem {
  const next = seededNumbers(m * 100 + n);
  return {
    m,
    n,
    logits: randomFloats(m + n, m * n).map((x) => size * x),
    labels: Uint8Array.from({ length: m }, () => Math.floor(n * next())),
  };
}

describe('softmax_cross_entropy', () => {
  it('is within rounding of f64, and has the gradient of its f32 twin', () => {
    for (const m of [1, 2, 7, 64]) {
      for (const n of [1, 2, 3, 4, 5, 9, 10, 13, 100]) {
        for (const size of [1e-3, 1, 30, 1000]) {
          const problem = randomProblem(m, n, size);
          const context = JSON.stringify({ m, n, size });
          const got = run(problem, m % 2);
          const twin = softmaxCrossEntropyF32(problem);
          expect(firstDifference(got.gradient, Float32Array.from(twin.gradient)), context).toBeNull();
          expect(Math.abs(got.loss - twin.loss), context).toBeLessThanOrEqual(m * 1e-15 * (1 + twin.loss));

          const exact = softmaxCrossEntropy(problem);
          // A difference of logits is off by |z − max|·u ≤ 2·size·u, which the power multiplies; the series, its sum,
          // the quotient and the factor add about 8 u. Powers below e^−87 are dropped.
          const relative = (2 * size + 8) * 2 * unit;
          const bound = (i: number) =>
            relative * (Math.abs(exact.gradient[i] ?? 0) + (isLabel(problem, i) ? 1 / m : 0)) + 1e-37;
          expect(firstOutside(got.gradient, exact.gradient, bound), context).toBeNull();
          expect(Math.abs(got.loss - exact.loss), context).toBeLessThanOrEqual(m * relative);
        }
      }
    }
  });

  it('gives log n for equal logits, however large, and the gradient of a uniform guess', () => {
    for (const n of [1, 2, 10, 16]) {
      for (const level of [0, -5, 1e30, 3.4e38, -3.4e38]) {
        const { loss, gradient } = run({
          m: 2,
          n,
          logits: new Float32Array(2 * n).fill(level),
          labels: [0, n - 1],
        });
        expect(loss).toBeCloseTo(2 * Math.log(n), 14);
        expect(gradient[0]).toBeCloseTo((1 / n - 1) / 2, 6);
        if (n > 1) expect(gradient[1]).toBeCloseTo(1 / n / 2, 6);
      }
    }
  });

  it('survives logits whose powers would overflow', () => {
    const { loss, gradient } = run({ m: 2, n: 3, logits: [1000, 0, -1000, 1000, 0, -1000], labels: [0, 2] });
    expect(loss).toBe(2000);
    expect([...gradient]).toEqual([0, 0, 0, 0.5, 0, -0.5]);
  });

  it('has gradient rows that sum to zero within their roundings', () => {
    const problem = randomProblem(64, 10, 5);
    const { gradient } = run(problem);
    for (let i = 0; i < 64; i++) {
      const sum = gradient.slice(10 * i, 10 * i + 10).reduce((total, x) => total + x, 0);
      expect(Math.abs(sum)).toBeLessThanOrEqual((12 * unit) / 64);
    }
  });

  it('has the gradient of its own loss, by central differences', () => {
    const problem = randomProblem(3, 5, 2);
    const { gradient } = run(problem);
    const step = 2 ** -6;
    for (let i = 0; i < 15; i++) {
      const moved = (by: number) => {
        const logits = Float32Array.from(problem.logits);
        logits[i] = Number(logits[i]) + by;
        // The step that f32 really took.
        return { at: Number(logits[i]), loss: run({ ...problem, logits }).loss };
      };
      const [up, down] = [moved(step), moved(-step)];
      // Third derivative of the loss: below 0.1; f32 logits make a loss of size 2 uncertain by some u.
      const slope = (up.loss - down.loss) / (up.at - down.at) / 3;
      expect(Math.abs(slope - Number(gradient[i]))).toBeLessThan((0.1 * step ** 2) / 6 + (20 * unit) / step);
    }
  });

  it('makes the loss NaN for a NaN or +∞ anywhere in a row, in vectors and tails', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      for (let at = 0; at < 7; at++) {
        const logits = randomFloats(1, 14);
        logits[at] = bad;
        expect(run({ m: 2, n: 7, logits, labels: [3, 3] }).loss).toBeNaN();
      }
    }
    const lost = new Float32Array(5).fill(Number.NEGATIVE_INFINITY);
    expect(run({ m: 1, n: 5, logits: lost, labels: [3] }).loss).toBeNaN();
  });

  it('gives probability zero to a logit of −∞: no gradient, or an infinite loss at the label', () => {
    const logits = [0, Number.NEGATIVE_INFINITY, 0];
    const beside = run({ m: 1, n: 3, logits, labels: [0] });
    expect(beside.loss).toBeCloseTo(Math.log(2), 14);
    expect([...beside.gradient]).toEqual([-0.5, 0, 0.5]);
    expect(run({ m: 1, n: 3, logits, labels: [1] }).loss).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not look at what lies behind a row', () => {
    // The guarded rows are padded with NaN.
    expect(run(randomProblem(5, 6, 1), 2).loss).toBeGreaterThan(0);
  });

  it('is zero for no rows', () => {
    expect(run({ m: 0, n: 10, logits: [], labels: [] }).loss).toBe(0);
  });

  it('the comparison with f64 refuses the gradient of another label', () => {
    // The control, at a bound wider than the one above.
    const problem = randomProblem(4, 10, 1);
    const wrong = softmaxCrossEntropy({
      ...problem,
      labels: Array.from(problem.labels, (y) => (y + 1) % 10),
    });
    expect(firstOutside(run(problem).gradient, wrong.gradient, () => 1e-4)).not.toBeNull();
  });
});

function isLabel({ n, labels }: SoftmaxProblem, i: number): boolean {
  return i % n === labels[Math.floor(i / n)];
}

describe('count_correct', () => {
  function count(m: number, n: number, logits: ArrayLike<number>, labels: ArrayLike<number>): number {
    return borrowing(engine, () => {
      const rows = { rows: m, columns: n, ld: n + 1 };
      const block = guardedRows(engine, rows, logits);
      return engine.kernels.count_correct(m, n, block.pointer, rows.ld, placeBytes(engine, labels));
    });
  }

  it('gives a tie to the first', () => {
    const logits = [1, 3, 3, 2];
    expect([0, 1, 2, 3].map((label) => count(1, 4, logits, [label]))).toEqual([0, 1, 0, 0]);
    expect(count(1, 2, [-0, 0], [0])).toBe(1);
  });

  it('never counts a row with a NaN, wherever it stands', () => {
    for (let at = 0; at < 5; at++) {
      const logits = [5, 4, 3, 2, 1];
      logits[at] = Number.NaN;
      expect([0, 1, 2, 3, 4].map((label) => count(1, 5, logits, [label]))).toEqual([0, 0, 0, 0, 0]);
    }
  });

  it('takes infinities as numbers', () => {
    expect(count(1, 3, [0, Number.POSITIVE_INFINITY, 1], [1])).toBe(1);
    expect(
      count(1, 3, [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], [0]),
    ).toBe(1);
  });

  it('is its twin', () => {
    const next = seededNumbers(8);
    for (const m of [0, 1, 2, 100]) {
      for (const n of [1, 2, 10, 11]) {
        // Few distinct values: many ties.
        const logits = Float32Array.from({ length: m * n }, () => Math.floor(4 * next()));
        const labels = Uint8Array.from({ length: m }, () => Math.floor(n * next()));
        expect(count(m, n, logits, labels)).toBe(countCorrect(m, n, logits, labels));
      }
    }
  });
});
