import { createEngine, deriveKey, InvalidArgumentError, keyPurpose, mean, rootKey } from '@kindling/core';
import {
  measureLengths,
  predictLengths,
  predictMomentStandardErrors,
  sampleLengths,
} from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const initializerOf = (name: string) => findInitializer(name).initializer;
const trialKey = (seed: number, trial: number) => deriveKey(rootKey(seed), keyPurpose.trial, trial);

describe.each(['he-normal', 'lecun-normal', 'normal:variance=0.1', 'he-normal:bias-variance=0.4'])(
  '%s',
  (name) => {
    const widths = [20, 30, 20, 20, 25, 20, 20];
    const initializer = initializerOf(name);
    const trials = 20_000;
    const nets = Array.from({ length: trials }, (_, trial) =>
      sampleLengths(engine, { widths, initializer, key: trialKey(3, trial) }),
    );
    const errors = predictMomentStandardErrors({ widths, initializer, trials });

    it('has the predicted mean, and mean logarithm where there is one, within 4 predicted standard errors', () => {
      predictLengths({ widths, initializer }).forEach((theory, j) => {
        const lengths = nets.map((net) => net.lengths[j] ?? Number.NaN);
        const { mean: error, meanLog } = errors[j] ?? { mean: null, meanLog: null };
        expect(Math.abs(mean(lengths) / (theory.mean ?? Number.NaN) - 1)).toBeLessThan(
          4 * (error ?? Number.NaN),
        );
        // Negative control: the mean of weights a tenth larger in deviation.
        if (j === 0)
          expect(Math.abs(mean(lengths) / (1.21 * (theory.mean ?? 0)) - 1)).toBeGreaterThan(4 * (error ?? 0));
        if (theory.meanLog === null) return;
        const logs = nets.map((net) => net.logLengths[j] ?? Number.NaN).filter(Number.isFinite);
        expect(Math.abs(mean(logs) - theory.meanLog)).toBeLessThan(4 * (meanLog ?? Number.NaN));
      });
    });
  },
);

it('has the law of drawn matrices: Kolmogorov–Smirnov on the last length, false alarm 1e-6', () => {
  const widths = [4, 3, 5, 4];
  const initializer = initializerOf('he-normal:bias-variance=0.2');
  const nets = 6000;
  const last = (
    trial: number,
    seed: number,
    draw: typeof sampleLengths | typeof measureLengths,
    bias = initializer,
  ) => draw(engine, { widths, initializer: bias, key: trialKey(seed, trial) }).lengths.at(-1) ?? Number.NaN;
  const count = { length: nets };
  const sampled = Array.from(count, (_, trial) => last(trial, 1, sampleLengths));
  const drawn = Array.from(count, (_, trial) => last(trial, 1, measureLengths));
  const other = Array.from(count, (_, trial) => last(trial, 2, measureLengths, initializerOf('he-normal')));
  // Two samples of n: P(D > t) ≈ 2 exp(−n t²).
  const threshold = Math.sqrt(Math.log(2 / 1e-6) / nets);
  expect(distance(sampled, drawn)).toBeLessThan(threshold);
  expect(distance(sampled, other)).toBeGreaterThan(threshold);
});

/** The largest difference of two empirical distribution functions. */
function distance(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((x) => [x, 1 / a.length] as const), ...b.map((x) => [x, -1 / b.length] as const)];
  all.sort((p, q) => p[0] - q[0]);
  let difference = 0;
  let largest = 0;
  all.forEach(([x, step], i) => {
    difference += step;
    // Equal values, such as dead nets, count together.
    if (x !== all[i + 1]?.[0]) largest = Math.max(largest, Math.abs(difference));
  });
  return largest;
}

it('finds as many dead nets as theory says: P = 1 − Π (1 − 2^−n)', () => {
  const widths = [3, 3, 2, 4, 3];
  const trials = 20_000;
  const initializer = initializerOf('he-normal');
  let dead = 0;
  for (let trial = 0; trial < trials; trial++) {
    const { lengths, logLengths } = sampleLengths(engine, { widths, initializer, key: trialKey(2, trial) });
    if (lengths.at(-1) === 0) dead += 1;
    expect(lengths.at(-1) === 0).toBe(logLengths.at(-1) === Number.NEGATIVE_INFINITY);
  }
  const p = 1 - widths.slice(1).reduce((alive, n) => alive * (1 - 2 ** -n), 1);
  expect(Math.abs(dead / trials - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / trials));
});

it('carries lengths beyond f64: E log M of 3,000 layers', () => {
  const widths = new Array<number>(3001).fill(50);
  const initializer = initializerOf('normal:variance=0.01');
  const theory = predictLengths({ widths, initializer }).at(-1);
  const { lengths, logLengths } = sampleLengths(engine, { widths, initializer, key: rootKey(1) });
  const deviation = Math.sqrt(theory?.varianceLog ?? Number.NaN);
  expect(Math.abs((logLengths.at(-1) ?? 0) - (theory?.meanLog ?? Number.NaN))).toBeLessThan(4 * deviation);
  expect(lengths.at(-1)).toBe(0);
  expect(logLengths.at(-1)).toBeLessThan(-4000);
});

it('refuses what has another law', () => {
  const options = { widths: [3, 4], key: rootKey(1) };
  for (const name of ['he-uniform', 'he-truncated-normal', 'orthogonal', 'rai', 'pytorch:linear', 'lsuv']) {
    expect(() => sampleLengths(engine, { ...options, initializer: initializerOf(name) }), name).toThrow(
      InvalidArgumentError,
    );
  }
  const initializer = initializerOf('he-normal:bias=0.1');
  expect(() => sampleLengths(engine, { ...options, initializer })).toThrow(
    /normal weights and constant biases/,
  );
  expect(() =>
    sampleLengths(engine, { ...options, initializer: initializerOf('he-normal'), inputLength: Number.NaN }),
  ).toThrow(/inputLength/);
});

it('gives the memory back, and the same bits for the same key', () => {
  const used = engine.arena.usedBytes;
  const options = { widths: [50, 60, 10], initializer: initializerOf('he-normal'), key: rootKey(1) };
  expect(sampleLengths(engine, options)).toEqual(sampleLengths(engine, options));
  expect(engine.arena.usedBytes).toBe(used);
});
