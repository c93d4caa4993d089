import {
  allocateMatrix,
  createEngine,
  deriveKey,
  InvalidArgumentError,
  keyPurpose,
  mean,
  rootKey,
  standardError,
  writeMatrix,
} from '@kindling/core';
import {
  empiricalLengthVariance,
  type LengthStatisticsOptions,
  measureLengthStatistics,
  measureLengths,
  predictLengths,
  predictLengthVariance,
} from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { finish } from './measure-run.js';

const engine = createEngine();
const initializer = findInitializer('he-normal').initializer;
const measure = (options: LengthStatisticsOptions) => finish(measureLengthStatistics(engine, options));
const constant = (width: number, depth: number) => new Array<number>(depth + 1).fill(width);

it('is what measureLengths says of net after net', () => {
  const options = { widths: [6, 9, 3, 8], initializer, key: rootKey(4) };
  const trials = 500;
  const found = measure({ ...options, trials });
  const nets = Array.from({ length: trials }, (_, trial) =>
    measureLengths(engine, { ...options, key: deriveKey(rootKey(4), keyPurpose.trial, trial) }),
  );
  found.layers.forEach((layer, j) => {
    const lengths = nets.map((net) => net.lengths[j] ?? Number.NaN);
    const logs = nets.map((net) => net.logLengths[j] ?? Number.NaN).filter(Number.isFinite);
    expect(layer.meanLength).toBeCloseTo(mean(lengths), 10);
    expect(layer.standardError).toBeCloseTo(standardError(lengths), 10);
    expect(layer.meanLogLength).toBeCloseTo(mean(logs), 10);
    expect(layer.meanLogLengthStandardError).toBeCloseTo(standardError(logs), 10);
    expect(layer.deadTrials).toBe(lengths.filter((length) => length === 0).length);
  });
  expect(found.deadTrials).toBeGreaterThan(0);
  expect(found.lengthVarianceAcrossLayers).toBeCloseTo(
    mean(nets.map(({ lengths }) => empiricalLengthVariance(lengths))),
    10,
  );
});

describe.each(['matrices', 'exact-law'] as const)('%s', (method) => {
  it.each([
    ['he-normal', [20, 30, 20, 25]],
    ['he-normal:bias-variance=0.2', [20, 30, 20, 25]],
  ])('agrees with theory within 4 predicted standard errors: %s', (name, widths) => {
    const { initializer } = findInitializer(name);
    const found = measure({ widths, initializer, trials: 5000, key: rootKey(8), method });
    predictLengths({ widths, initializer }).forEach((theory, j) => {
      const layer = found.layers[j];
      const difference = Math.abs((layer?.meanLength ?? Number.NaN) - (theory.mean ?? Number.NaN));
      expect(difference).toBeLessThan(4 * (layer?.predictedStandardError ?? Number.NaN));
      const square = Math.abs((layer?.secondMoment ?? Number.NaN) - (theory.secondMoment ?? Number.NaN));
      const error = layer?.predictedSecondMomentStandardError ?? layer?.secondMomentStandardError;
      expect(square).toBeLessThan(4 * (error ?? Number.NaN));
    });
    const variance = predictLengthVariance({ widths, initializer }) ?? Number.NaN;
    expect(Math.abs((found.lengthVarianceAcrossLayers ?? Number.NaN) - variance)).toBeLessThan(
      4 * (found.lengthVarianceStandardError ?? Number.NaN),
    );
    expect(found.refusals).toEqual([]);
  });

  it('refuses E[M²] at S = 5 and shows logarithms, for 1,000 nets', () => {
    const widths = constant(10, 50);
    const found = measure({ widths, initializer, trials: 1000, key: rootKey(1), method });
    const last = found.layers.at(-1);
    expect(found.sumReciprocalWidths).toBeCloseTo(5, 12);
    expect([last?.secondMoment, last?.secondMomentStandardError, last?.meanLength]).toEqual([
      null,
      null,
      null,
    ]);
    expect(found.refusals.map(({ reason }) => reason)).toContain(
      'S = 5: a mean over 1,000 nets says nothing about E[M²]; showing log lengths',
    );
    const theory = predictLengths({ widths, initializer }).at(-1);
    const alive = 1000 - (last?.deadTrials ?? 0);
    expect(Math.abs((last?.meanLogLength ?? Number.NaN) - (theory?.meanLog ?? Number.NaN))).toBeLessThan(
      4 * Math.sqrt((theory?.varianceLog ?? Number.NaN) / alive),
    );
    // The layers before the tail is heavy are told.
    expect(found.layers[0]?.secondMoment).not.toBeNull();
  });
});

it('counts dead trials: they are zeros of the mean, and in no mean of logarithms', () => {
  const widths = [2, 1, 1];
  const found = measure({ widths, initializer, trials: 2000, key: rootKey(3) });
  const dead = found.layers.map(({ deadTrials }) => deadTrials / 2000);
  expect(Math.abs((dead[0] ?? 0) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 2000));
  expect(Math.abs((dead[1] ?? 0) - 0.75)).toBeLessThan(4 * Math.sqrt(0.1875 / 2000));
  expect(Number.isFinite(found.layers[1]?.meanLogLength)).toBe(true);
  const zeros = measure({
    widths,
    initializer: findInitializer('zeros').initializer,
    trials: 10,
    key: rootKey(1),
  });
  expect(zeros.layers[0]).toMatchObject({
    meanLength: 0,
    secondMoment: 0,
    meanLogLength: null,
    deadTrials: 10,
  });
  expect(zeros.refusals).toEqual([]);
});

it('tells logarithms where lengths leave f64, and says so', () => {
  const widths = constant(12, 1000);
  const found = measure({
    widths,
    initializer: findInitializer('lecun-normal').initializer,
    trials: 20,
    key: rootKey(1),
  });
  expect(found.layers.at(-1)?.meanLength).toBeNull();
  expect(found.refusals.map(({ reason }) => reason).join()).toMatch(/beyond the range of floating point/);
});

it('says of one net what one net can say', () => {
  const found = measure({ widths: [100, 100, 100], initializer, trials: 1, key: rootKey(1) });
  // One net of relative deviation 0.22: its length is an estimate, and it has no standard error of its own.
  expect(found.layers[0]?.meanLength).not.toBeNull();
  expect(found.layers[0]?.standardError).toBeNull();
  expect(measure({ widths: [3, 3], initializer, trials: 1, key: rootKey(1) }).refusals[0]?.reason).toMatch(
    /over one net/,
  );
});

it('passes points of the data, and tells their mean length', () => {
  const mark = engine.arena.mark();
  const inputs = allocateMatrix(engine, 3, 2);
  writeMatrix(engine, inputs, [1, 1, 2, 2, 0, 0]);
  const biased = findInitializer('he-normal:bias-variance=2').initializer;
  const trials = 6000;
  const found = measure({
    widths: [2, 40, 40],
    initializer: biased,
    trials,
    key: rootKey(1),
    data: { inputs },
  });
  const theory = predictLengths({ widths: [2, 40, 40], initializer: biased, inputLength: 5 / 3 });
  found.layers.forEach((layer, j) => {
    const difference = Math.abs((layer.meanLength ?? Number.NaN) - (theory[j]?.mean ?? Number.NaN));
    expect(difference).toBeLessThan(4 * (layer.standardError ?? Number.NaN));
    expect(layer.predictedStandardError).toBeNull();
  });
  engine.arena.release(mark);
});

it('reports progress, may be left at any report and gives the memory back', () => {
  const used = engine.arena.usedBytes;
  const steps = measureLengthStatistics(engine, {
    widths: constant(200, 20),
    initializer,
    trials: 50,
    key: rootKey(1),
  });
  expect(steps.next().value).toEqual({ done: 0, total: 50 });
  expect(steps.next().value).toEqual({ done: 1, total: 50 });
  steps.return(undefined as never);
  expect(engine.arena.usedBytes).toBe(used);
});

it('refuses what cannot be, in one line', () => {
  const options = { widths: [3, 3], initializer, key: rootKey(1) };
  for (const trials of [0, 1.5, Number.NaN, 1e9]) {
    expect(() => measure({ ...options, trials })).toThrow(/^measureLengthStatistics: trials is/);
  }
  expect(() => measure({ ...options, trials: 1, widths: [3, Number.NaN] })).toThrow(InvalidArgumentError);
  expect(() => measure({ ...options, trials: 1, method: 'exact-law', input: [1, 2, 3] })).toThrow(
    /exact-law/,
  );
  const uniform = findInitializer('he-uniform').initializer;
  expect(() => measure({ ...options, trials: 1, method: 'exact-law', initializer: uniform })).toThrow(
    /normal weights/,
  );
});
