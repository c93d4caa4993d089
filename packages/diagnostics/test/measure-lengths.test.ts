import { createEngine, deriveKey, InvalidArgumentError, keyPurpose, mean, rootKey } from '@kindling/core';
import { empiricalLengthVariance, measureLengths, predictLengths } from '@kindling/diagnostics';
import { initializerLaw, initializerNames, type VarianceScaling } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const nets = 4000;

function measureMany(widths: readonly number[], law: VarianceScaling, seed: number, count = nets) {
  const root = rootKey(seed);
  return Array.from({ length: count }, (_, trial) =>
    measureLengths(engine, { widths, law, key: deriveKey(root, keyPurpose.trial, trial) }),
  );
}

/** How many predicted standard errors the mean of the last lengths lies from the prediction for `theory`. */
function deviation(lengths: readonly number[], widths: readonly number[], theory: VarianceScaling): number {
  const predicted = predictLengths({ widths, law: theory }).at(-1);
  if (predicted === undefined) throw new Error('a net has at least one layer');
  const standardError = Math.sqrt((predicted.secondMoment - predicted.mean ** 2) / lengths.length);
  return (mean(lengths) - predicted.mean) / standardError;
}

// S = Σ 1/n = 0.3: the mean of 4,000 nets is close to normal there.
const widths = [20, 30, 20, 20, 25, 20, 20];

describe.each(initializerNames)('%s', (name) => {
  const law = initializerLaw(name);
  const measured = measureMany(widths, law, 5);

  it('has the predicted mean length in every layer, within 4 predicted standard errors', () => {
    for (let layer = 1; layer < widths.length; layer++) {
      const lengths = measured.map((net) => net.lengths[layer - 1] ?? Number.NaN);
      expect(Math.abs(deviation(lengths, widths.slice(0, layer + 1), law))).toBeLessThan(4);
    }
  });

  it('has the predicted second moment in the first layer, within 4 sample standard errors', () => {
    const squares = measured.map((net) => (net.lengths[0] ?? Number.NaN) ** 2);
    const predicted = predictLengths({ widths, law })[0]?.secondMoment ?? Number.NaN;
    const spread = Math.sqrt(squares.reduce((sum, x) => sum + (x - mean(squares)) ** 2, 0) / nets / nets);
    expect(Math.abs(mean(squares) - predicted) / spread).toBeLessThan(4);
  });
});

it('negative control: truncated He is many standard errors from the theory of He', () => {
  const lengths = measureMany(widths, initializerLaw('he-truncated-normal-uncorrected'), 5).map(
    (net) => net.lengths.at(-1) ?? Number.NaN,
  );
  expect(deviation(lengths, widths, initializerLaw('he-normal'))).toBeLessThan(-20);
});

it('has E[V] = 1.41566 for ten layers of width 20, within 4 sample standard errors', () => {
  const variances = measureMany(new Array<number>(11).fill(20), initializerLaw('he-normal'), 9).map((net) =>
    empiricalLengthVariance(net.lengths),
  );
  const center = mean(variances);
  const spread = Math.sqrt(variances.reduce((sum, v) => sum + (v - center) ** 2, 0)) / nets;
  expect(Math.abs(center - 1.41566) / spread).toBeLessThan(4);
});

it('counts dead nets as length 0: P = 1 − Π (1 − 2^−n), within 4 binomial standard errors', () => {
  const narrow = [3, 3, 2, 4, 3];
  const measured = measureMany(narrow, initializerLaw('he-normal'), 2);
  const dead = measured.filter((net) => net.lengths.at(-1) === 0);
  const probability = 1 - narrow.slice(1).reduce((alive, n) => alive * (1 - 2 ** -n), 1);
  const standardError = Math.sqrt((probability * (1 - probability)) / nets);
  expect(Math.abs(dead.length / nets - probability) / standardError).toBeLessThan(4);
  for (const net of dead) expect(net.logLengths.at(-1)).toBe(Number.NEGATIVE_INFINITY);
});

it('is right far outside the range of f32: scales 2 and ½ of the same draws differ by exactly 4^−depth', () => {
  const deep = new Array<number>(1001).fill(16);
  const key = rootKey(4);
  const he = measureLengths(engine, {
    widths: deep,
    law: { distribution: 'normal', scale: 2, mode: 'fan-in' },
    key,
  });
  const small = measureLengths(engine, {
    widths: deep,
    law: { distribution: 'normal', scale: 0.5, mode: 'fan-in' },
    key,
  });
  he.logLengths.forEach((value, j) => {
    expect(small.logLengths[j]).toBeCloseTo(value - (j + 1) * Math.log(4), 8);
  });
  expect(he.logLengths.at(-1)).toBeGreaterThan(-1000);
});

it('gives 0 for a dead net however far its scale has run, and Infinity beyond f64', () => {
  const widths = new Array<number>(121).fill(6);
  const law: VarianceScaling = { distribution: 'normal', scale: 4e4, mode: 'fan-in' };
  const nets = measureMany(widths, law, 1, 50);
  for (const { lengths, logLengths } of nets) {
    expect(lengths.some(Number.isNaN)).toBe(false);
    lengths.forEach((length, j) => {
      expect(length === 0).toBe(logLengths[j] === Number.NEGATIVE_INFINITY);
    });
  }
  expect(nets.some((net) => net.lengths.at(-1) === Number.POSITIVE_INFINITY)).toBe(true);
  expect(nets.some((net) => net.lengths.at(-1) === 0)).toBe(true);
});

it('ends when a layer overflows f32 in one step', () => {
  const law: VarianceScaling = { distribution: 'normal', scale: 1e76, mode: 'fan-in' };
  const { lengths } = measureLengths(engine, { widths: [4, 8, 8], law, key: rootKey(1) });
  expect(lengths.every((length) => length > 1e70 || Number.isNaN(length))).toBe(true);
});

it('takes an input, and measures relative to it', () => {
  const law = initializerLaw('he-normal');
  const options = { widths: [3, 8, 8], law, key: rootKey(8) };
  const one = measureLengths(engine, { ...options, input: [1, -2, 0.5] });
  const double = measureLengths(engine, { ...options, input: [2, -4, 1] });
  expect(double.lengths).toEqual(one.lengths);
  // Inputs whose squares, or themselves, f32 cannot hold: a power of two times the same input.
  for (const factor of [2 ** 127, 2 ** -149, 2 ** 400, 2 ** -400]) {
    const far = measureLengths(engine, { ...options, input: [factor, -2 * factor, 0.5 * factor] });
    expect(far.lengths).toEqual(one.lengths);
  }
  const used = engine.arena.usedBytes;
  expect(() => measureLengths(engine, { ...options, input: [1, 2] })).toThrow(InvalidArgumentError);
  expect(() => measureLengths(engine, { ...options, input: [0, 0, 0] })).toThrow(/zero/);
  expect(() => measureLengths(engine, { ...options, input: [1, Number.NaN, 0] })).toThrow(/finite/);
  expect(engine.arena.usedBytes).toBe(used);
});

it('gives the memory back', () => {
  const before = engine.arena.usedBytes;
  measureLengths(engine, { widths: [50, 60], law: initializerLaw('he-normal'), key: rootKey(1) });
  expect(engine.arena.usedBytes).toBe(before);
});
