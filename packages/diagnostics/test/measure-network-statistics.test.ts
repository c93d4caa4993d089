/** Statistics over many networks: what `measureLengthStatistics` tells of dense ones, and what is refused. */
import {
  type Architecture,
  allocateMatrix,
  createEngine,
  denseArchitecture,
  deriveKey,
  keyPurpose,
  residualArchitecture,
  rootKey,
} from '@kindling/core';
import {
  empiricalLengthVariance,
  measureLengthStatistics,
  measureNetworkLengths,
  measureNetworkStatistics,
  type NetworkStatisticsOptions,
  predictNetworkLengths,
  predictNetworkLengthVariance,
} from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { expect, it } from 'vitest';

const engine = createEngine();
const he = findInitializer('he-normal').initializer;
const key = rootKey(6);

function finish<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const measure = (options: NetworkStatisticsOptions) => finish(measureNetworkStatistics(engine, options));

function residual(modules: number, value: number, module: 'relu' | 'linear' = 'linear'): Architecture {
  return residualArchitecture({ module, width: 20, modules, scale: { rule: 'constant', value } });
}

it.each(['he-normal', 'he-uniform'])(
  'a dense net, %s, has the statistics of measureLengthStatistics',
  (name) => {
    const { initializer } = findInitializer(name);
    const widths = [9, 20, 3, 20];
    const architecture = denseArchitecture({ widths, outputs: 0 });
    const found = measure({ architecture, initializer, trials: 2000, key });
    const expected = finish(measureLengthStatistics(engine, { widths, initializer, trials: 2000, key }));
    expect(found.deadTrials).toBe(expected.deadTrials);
    expect(found.deadTrials).toBeGreaterThan(10);
    expect(found.lengthVarianceAcrossLayers).toBeCloseTo(
      expected.lengthVarianceAcrossLayers ?? Number.NaN,
      12,
    );
    expected.layers.forEach((layer, l) => {
      const { width, ...rest } = layer;
      expect(found.layers[l]).toMatchObject({
        ...Object.fromEntries(
          Object.entries(rest).map(([field, value]) => [
            field,
            value === null ? null : expect.closeTo(value, 10),
          ]),
        ),
        shape: { height: 1, width: 1, channels: width },
      });
    });
  },
);

it('net i is that of measureNetworkLengths under the key of trial i; V̂ is in its mean what theory says', () => {
  const architecture = residual(6, 0.3);
  const trials = 1500;
  const found = measure({ architecture, initializer: he, trials, key });
  const nets = Array.from({ length: trials }, (_, trial) =>
    measureNetworkLengths(engine, {
      architecture,
      initializer: he,
      key: deriveKey(key, keyPurpose.trial, trial),
    }),
  );
  const last = nets.map(({ layers }) => layers[5]?.length ?? Number.NaN);
  expect(found.layers[5]?.meanLength).toBeCloseTo(last.reduce((sum, x) => sum + x, 0) / trials, 12);
  const logs = last.map(Math.log);
  const center = logs.reduce((sum, x) => sum + x, 0) / trials;
  const spread = logs.reduce((sum, x) => sum + (x - center) ** 2, 0) / (trials - 1);
  expect(found.layers[5]?.varianceLogLength).toBeCloseTo(spread, 10);
  const variances = nets.map(({ layers }) => empiricalLengthVariance(layers.map(({ length }) => length)));
  expect(found.lengthVarianceAcrossLayers).toBeCloseTo(variances.reduce((sum, x) => sum + x, 0) / trials, 12);
  const expected = predictNetworkLengthVariance({ architecture, initializer: he }) ?? Number.NaN;
  const error = found.lengthVarianceStandardError ?? Number.NaN;
  expect(error).toBeLessThan(0.1 * expected);
  expect(Math.abs((found.lengthVarianceAcrossLayers ?? Number.NaN) - expected)).toBeLessThan(4 * error);
});

it('takes standard errors from exact second moments, and refuses what they make meaningless', () => {
  const architecture = residual(60, 1);
  const theory = predictNetworkLengths({ architecture, initializer: he });
  const found = measure({ architecture, initializer: he, trials: 50, key });
  found.layers.forEach(({ meanLength, predictedStandardError }, l) => {
    const { mean, relativeSecondMoment } = theory[l] ?? {};
    const relative = Math.sqrt(((relativeSecondMoment ?? Number.NaN) - 1) / 50);
    expect((predictedStandardError ?? Number.NaN) / (mean ?? Number.NaN)).toBeCloseTo(relative, 10);
    expect(meanLength === null).toBe(relative > 0.5);
  });
  expect(found.layers[0]?.meanLength).not.toBeNull();
  const [refusal] = found.refusals;
  expect(refusal?.quantity).toBe('meanLength');
  expect(refusal?.layers.at(-1)).toBe(60);
  expect(refusal?.reason).toMatch(/over 50 nets says nothing about E\[M\]; showing log lengths/);
  expect(found.layers.at(-1)?.meanLogLength).toBeGreaterThan(50);
  // Without a second moment the variance of its logarithms has to do.
  const relu = measure({ architecture: residual(3, 0.5, 'relu'), initializer: he, trials: 50, key });
  expect(relu.layers[2]?.predictedStandardError).toBeNull();
  expect(relu.layers[2]?.meanLength).not.toBeNull();
  const one = measure({ architecture: residual(3, 0.5, 'relu'), initializer: he, trials: 1, key });
  expect(one.layers[2]?.meanLength).toBeNull();
  expect(one.refusals[0]?.reason).toMatch(/over one net/);
});

it('reports progress, gives the memory back, and refuses an arena that was changed', () => {
  const options = { architecture: residual(300, 0.1), initializer: he, trials: 5, key };
  const before = engine.arena.usedBytes;
  const reports = [...measureNetworkStatistics(engine, options)];
  expect(reports[0]).toEqual({ done: 0, total: 5 });
  expect(reports.at(-1)).toEqual({ done: 5, total: 5 });
  expect(engine.arena.usedBytes).toBe(before);
  const steps = measureNetworkStatistics(engine, options);
  steps.next();
  const mark = engine.arena.mark();
  allocateMatrix(engine, 3, 3);
  expect(() => steps.next()).toThrow(/the arena changed/);
  engine.arena.release(mark);
  expect(() => measure({ ...options, trials: 0 })).toThrow(/trials is 0/);
});
