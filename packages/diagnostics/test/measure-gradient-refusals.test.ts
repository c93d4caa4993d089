/** Means of squared gradients that a sample cannot tell are not told. */
import { createEngine, rootKey } from '@kindling/core';
import { type GradientStatisticsOptions, measureGradientStatistics } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { gradientStandardErrors } from '../src/theory/gradient-standard-errors.js';
import { finish } from './measure-run.js';
import { normals, sampleMean } from './theory-simulation.js';

const engine = createEngine();
const named = (name: string) => findInitializer(name).initializer;
const measure = (options: Pick<GradientStatisticsOptions, 'widths' | 'trials'> & { name: string }) =>
  finish(
    measureGradientStatistics(engine, {
      widths: options.widths,
      trials: options.trials,
      initializer: named(options.name),
      key: rootKey(2),
    }),
  );

describe.each(['he-normal', 'he-uniform', 'he-student-t'])('%s', (name) => {
  it('is refused over 50 layers of 10 neurons: no sample of 200 holds the nets that make the mean', () => {
    const found = measure({ widths: new Array<number>(51).fill(10), trials: 200, name });
    expect(found.layers[0]).toMatchObject({
      meanNorm: null,
      standardError: null,
      relativeSecondMoment: null,
    });
    expect(found.jacobianEntrySpread).toBeNull();
    // The last layer's is 1 in every net.
    expect(found.layers.at(-1)?.meanNorm).toBeCloseTo(1, 6);
    expect(found.layers[0]?.meanLogNorm).toBeLessThan(-5);
    const quantities = ['meanNorm', 'relativeSecondMoment', 'jacobianEntrySpread'];
    expect(found.refusals.map(({ quantity }) => quantity)).toEqual(quantities);
    expect(found.refusals[0]?.reason).toBe(
      'S = 5: a mean over 200 nets says nothing about E‖gradient‖²; showing log norms',
    );
  });

  it('is told over 3 layers of 30', () => {
    const found = measure({ widths: [30, 30, 30, 30], trials: 300, name });
    expect(found.refusals).toEqual([]);
    for (const { meanNorm, relativeSecondMoment } of found.layers) {
      expect(meanNorm).toBeGreaterThan(0.5);
      expect(relativeSecondMoment).toBeGreaterThanOrEqual(1 - 1e-6);
    }
  });
});

it('zero weights: means of 0, and no quotient', () => {
  const found = measure({ widths: [3, 3, 3], trials: 4, name: 'zeros' });
  expect(found.layers[0]).toMatchObject({ meanNorm: 0, relativeSecondMoment: null, zeroTrials: 4 });
  expect(found.jacobianEntrySpread).toBeNull();
});

/** Masks are fair coins, in law: ‖∂y/∂x‖² of one linear output is a product of χ². */
it('gradientStandardErrors has the moments of its product of factors', () => {
  const widths = [40, 30, 20];
  const trials = 100;
  const normal = normals(5);
  const chiSquare = (count: number) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += normal() ** 2;
    return sum;
  };
  const active = (n: number) => Array.from({ length: n }, normal).filter((x) => x > 0).length;
  const norms = Array.from({ length: 30_000 }, () => {
    const scale = ((2 / 30) * chiSquare(active(30)) * 2 * chiSquare(active(20))) / 20;
    return { norm: (scale * chiSquare(40)) / 40, entry: scale * normal() ** 2 };
  });
  const found = (values: readonly number[]) => {
    const squares = sampleMean(values.map((x) => x * x));
    const mean = sampleMean(values).mean;
    return { spread: squares.mean / (mean * mean), error: squares.standardError / (mean * mean) };
  };
  const options = { widths, initializer: named('he-normal'), trials };
  const theory = gradientStandardErrors({ ...options, outputs: 1 });
  const spreadOf = (error: number | undefined) => (error ?? Number.NaN) ** 2 * trials + 1;
  const square = found(norms.map(({ norm }) => norm));
  expect(Math.abs(square.spread - spreadOf(theory?.layers[0]?.mean))).toBeLessThan(5 * square.error);
  const fourth = found(norms.map(({ norm }) => norm * norm));
  expect(Math.abs(fourth.spread - spreadOf(theory?.layers[0]?.square))).toBeLessThan(5 * fourth.error);
  // Without the output's weights there is less to scatter, and the last layer has norm 1.
  const direct = gradientStandardErrors(options);
  expect(direct?.layers[0]?.mean).toBeLessThan(theory?.layers[0]?.mean ?? 0);
  expect(direct?.layers[2]?.mean).toBeCloseTo(0, 6);
  expect(direct?.layers[2]?.square).toBeCloseTo(0, 6);
  expect(gradientStandardErrors({ ...options, initializer: named('rai') })).toBeNull();
});
