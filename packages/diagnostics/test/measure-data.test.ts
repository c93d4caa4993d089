/** Measurements with data that have targets, which nets without outputs know nothing of; inputs far from 1. */
import {
  allocateMatrix,
  createEngine,
  type Engine,
  InvalidArgumentError,
  type Matrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import {
  diagnose,
  measureActiveNeurons,
  measureBornDead,
  measureGradientNorms,
  measureLengthStatistics,
  measureLengths,
} from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { expect, it } from 'vitest';
import { finish } from './measure-run.js';

const engine = createEngine();
const initializerOf = (name: string) => findInitializer(name).initializer;

function matrixOf(where: Engine, rows: number, columns: number): Matrix {
  const matrix = allocateMatrix(where, rows, columns);
  const values = Array.from({ length: rows * columns }, (_, i) => ((i * 7) % 11) - 5);
  writeMatrix(where, matrix, values);
  return matrix;
}

it.each(['lsuv', 'sign-flip', 'data-dependent', 'he-normal'])(
  '%s: targets change nothing where there is no output layer',
  (name) => {
    const initializer = initializerOf(name);
    const inputs = matrixOf(engine, 6, 2);
    const targets = matrixOf(engine, 6, 3);
    const options = { inputDimension: 2, hidden: [4, 3], initializer, trials: 3, key: rootKey(1) };
    const net = { widths: [2, 4, 3], initializer, key: rootKey(1) };
    const [without, withTargets] = [{ inputs }, { inputs, targets }].map((data) => [
      measureLengths(engine, { ...net, data }),
      measureGradientNorms(engine, { ...net, data }),
      finish(measureLengthStatistics(engine, { ...net, trials: 3, data })),
      finish(measureBornDead(engine, { ...options, data })),
      finish(measureActiveNeurons(engine, { ...options, data })),
    ]);
    expect(withTargets).toEqual(without);
  },
);

it('diagnoses an initializer that reads no targets, whatever their shape', () => {
  const data = { inputs: matrixOf(engine, 6, 2), targets: matrixOf(engine, 6, 1) };
  const options = { widths: [2, 10, 10], outputs: 10, initializer: initializerOf('lsuv'), remedies: false };
  expect(diagnose(engine, { ...options, data })).toEqual(
    diagnose(engine, { ...options, data: { inputs: data.inputs } }),
  );
});

it('targets of another width are refused by the one initializer that reads them', () => {
  const options = {
    widths: [2, 3],
    outputs: 2,
    initializer: initializerOf('data-dependent'),
    key: rootKey(1),
  };
  const data = { inputs: matrixOf(engine, 6, 2), targets: matrixOf(engine, 6, 1) };
  expect(() => measureGradientNorms(engine, { ...options, data })).toThrow(InvalidArgumentError);
});

it('tells logarithms of inputs whose squares f64 cannot hold, and refuses the rest', () => {
  const options = {
    widths: [2, 6, 6],
    initializer: initializerOf('he-normal'),
    key: rootKey(3),
    trials: 200,
  };
  const near = finish(measureLengthStatistics(engine, { ...options, input: [1, 2] }));
  for (const power of [1000, -1000]) {
    const scale = 2 ** power;
    const far = finish(measureLengthStatistics(engine, { ...options, input: [scale, 2 * scale] }));
    far.layers.forEach(({ meanLength, meanLogLength, deadTrials }, j) => {
      expect(meanLength).toBeNull();
      expect(deadTrials).toBe(near.layers[j]?.deadTrials);
      const expected = (near.layers[j]?.meanLogLength ?? Number.NaN) + 2 * power * Math.LN2;
      expect(meanLogLength).toBeCloseTo(expected, 8);
    });
    expect(far.refusals.map(({ reason }) => reason).join()).toMatch(/beyond the range of floating point/);
  }
});

it.each(['matrices', 'exact-law'] as const)('statistics by %s with an inputLength far from 1', (method) => {
  const options = {
    widths: [3, 9, 9],
    initializer: initializerOf('he-normal'),
    key: rootKey(3),
    trials: 300,
    method,
  };
  const near = finish(measureLengthStatistics(engine, options));
  for (const inputLength of [2 ** -660, 2 ** 660]) {
    const far = finish(measureLengthStatistics(engine, { ...options, inputLength }));
    far.layers.forEach(({ meanLength, predictedStandardError, secondMoment }, j) => {
      const layer = near.layers[j];
      expect((meanLength ?? Number.NaN) / inputLength).toBeCloseTo(layer?.meanLength ?? Number.NaN, 10);
      const error = (predictedStandardError ?? Number.NaN) / inputLength;
      expect(error).toBeCloseTo(layer?.predictedStandardError ?? Number.NaN, 10);
      // 2^±1320 is beyond f64.
      expect(secondMoment).toBeNull();
    });
  }
});

it('takes an inputLength far from 1, beside biases and without', () => {
  const key = rootKey(2);
  const he = measureLengths(engine, { widths: [3, 8, 8], initializer: initializerOf('he-normal'), key });
  const initializer = initializerOf('he-normal:bias-variance=1');
  // Nothing of the biases is left beside a huge input: relative lengths are those without them.
  const huge = measureLengths(engine, { widths: [3, 8, 8], initializer, key, inputLength: 2 ** 900 });
  huge.logLengths.forEach((log, j) => {
    expect(log).toBeCloseTo(he.logLengths[j] ?? Number.NaN, 5);
  });
  // And nothing but the biases of a tiny one, so absolute lengths do not depend on it.
  const [small = [], smaller = []] = [2 ** -200, 2 ** -1000].map((inputLength) =>
    measureLengths(engine, { widths: [3, 8, 8], initializer, key, inputLength }).logLengths.map(
      (log) => log + Math.log(inputLength),
    ),
  );
  small.forEach((log, j) => {
    expect(log).toBeCloseTo(smaller[j] ?? Number.NaN, 5);
  });
});
