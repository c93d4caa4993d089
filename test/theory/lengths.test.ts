/**
 * Every initializer of the catalog, drawn by the kernels and passed forward in f32, against the formulas: mean length,
 * second moment, logarithm and dead nets, within 4 standard errors. What has no formula must say why.
 */
import {
  allocateDenseNetwork,
  allocateForward,
  allocateMatrix,
  createEngine,
  deriveKey,
  forward,
  keyPurpose,
  rootKey,
  sumSquares,
  writeMatrix,
} from '@kindling/core';
import { lengthTheory, predictLengths, predictMomentStandardErrors } from '@kindling/diagnostics';
import {
  findInitializer,
  type Initializer,
  initializeNetwork,
  initializerNames,
} from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

// None is narrower than the one before, as delta-orthogonal weights need it.
const widths = [12, 16, 20, 24];
const trials = 4000;
/** Mean square 1, fourth moment 1.72. */
const input = Array.from(
  { length: 12 },
  (_, i) => (i % 3 === 0 ? 1.5 : 0.6123724356957945) * (i % 2 ? -1 : 1),
);
const inputLength = input.reduce((sum, x) => sum + x * x, 0) / 12;
const inputFourthMoment = input.reduce((sum, x) => sum + x ** 4, 0) / 12;

/** Lengths of `trials` nets, one array a layer. */
function measure(initializer: Initializer): number[][] {
  const engine = createEngine();
  const network = allocateDenseNetwork(engine, { widths, outputs: 0 });
  const workspace = allocateForward(engine, network, 1);
  const row = allocateMatrix(engine, 1, 12);
  writeMatrix(engine, row, Float64Array.from(input));
  const lengths = widths.slice(1).map(() => new Array<number>(trials));
  for (let trial = 0; trial < trials; trial++) {
    initializeNetwork(engine, network, initializer, deriveKey(rootKey(7), keyPurpose.trial, trial));
    forward(engine, network, row, workspace, (layer, act) => {
      (lengths[layer - 1] ?? [])[trial] = sumSquares(engine, act) / act.columns;
    });
  }
  return lengths;
}

function average(values: readonly number[]): { readonly mean: number; readonly standardError: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}

const catalog = initializerNames.map((name) => {
  const { initializer } = findInitializer(name);
  return [name, initializer, lengthTheory(initializer, widths)] as const;
});
const known = catalog.filter(([, , theory]) => theory.mean === true);
const unknown = catalog.filter(([, , theory]) => theory.mean !== true);

it('knows the mean of most initializers, and says why not of the others', () => {
  expect(known.length).toBeGreaterThan(unknown.length);
  for (const [name, , theory] of unknown) expect(theory.mean, name).toMatch(/symmetric|data|random/);
});

describe.each(known)('%s', (name, initializer, theory) => {
  const lengths = measure(initializer);
  const options = { widths, initializer, inputLength, inputFourthMoment };
  const predicted = predictLengths(options);
  const errors = predictMomentStandardErrors({ ...options, trials });

  it('has the predicted mean and second moment in every layer', () => {
    predicted.forEach((layer, j) => {
      const values = lengths[j] ?? [];
      const found = average(values);
      const mean = layer.mean ?? Number.NaN;
      const relative = errors[j]?.mean;
      const standardError = relative == null ? found.standardError : relative * mean;
      expect(Math.abs(found.mean - mean), `mean of layer ${j + 1}`).toBeLessThanOrEqual(
        4 * standardError + 1e-6 * mean,
      );
      // Negative control: the mean of a variance a fifth larger.
      if (mean > 0) expect(Math.abs(found.mean - 1.2 ** (j + 1) * mean)).toBeGreaterThan(4 * standardError);
      if (layer.secondMoment === null) return;
      const squares = average(values.map((x) => x * x));
      const exact = errors[j]?.secondMoment;
      const tolerance = exact == null ? squares.standardError : exact * layer.secondMoment;
      expect(
        Math.abs(squares.mean - layer.secondMoment),
        `second moment of layer ${j + 1}`,
      ).toBeLessThanOrEqual(4 * tolerance + 1e-6 * layer.secondMoment);
    });
  });

  if (theory.logLength !== true) return;
  it('has the predicted logarithm', () => {
    predicted.forEach((layer, j) => {
      const logs = (lengths[j] ?? []).map(Math.log).filter(Number.isFinite);
      const tolerance = 4 * (errors[j]?.meanLog ?? Number.NaN);
      expect(Math.abs(average(logs).mean - (layer.meanLog ?? Number.NaN)), name).toBeLessThan(tolerance);
    });
  });
});

it('dead layers are as frequent as predicted in narrow nets, and the counts of wider ones differ', () => {
  const { initializer } = findInitializer('he-uniform');
  const narrow = [3, 3, 2, 3];
  const engine = createEngine();
  const network = allocateDenseNetwork(engine, { widths: narrow, outputs: 0 });
  const workspace = allocateForward(engine, network, 1);
  const row = allocateMatrix(engine, 1, 3);
  writeMatrix(engine, row, Float64Array.of(1, -0.7, 0.3));
  const dead = [0, 0, 0];
  const nets = 20_000;
  for (let trial = 0; trial < nets; trial++) {
    initializeNetwork(engine, network, initializer, deriveKey(rootKey(8), keyPurpose.trial, trial));
    forward(engine, network, row, workspace, (layer, act) => {
      if (sumSquares(engine, act) === 0) dead[layer - 1] = (dead[layer - 1] ?? 0) + 1;
    });
  }
  const predicted = predictLengths({ widths: narrow, initializer });
  const wider = predictLengths({ widths: [3, 4, 3, 4], initializer });
  predicted.forEach(({ deadProbability }, j) => {
    const p = deadProbability ?? Number.NaN;
    const tolerance = 4 * Math.sqrt((p * (1 - p)) / nets);
    expect(Math.abs((dead[j] ?? 0) / nets - p)).toBeLessThan(tolerance);
    expect(Math.abs((dead[j] ?? 0) / nets - (wider[j]?.deadProbability ?? 0))).toBeGreaterThan(tolerance);
  });
});
