import {
  allocateDenseNetwork,
  allocateMatrix,
  createEngine,
  deriveKey,
  keyPurpose,
  readMatrix,
  rootKey,
} from '@kindling/core';
import {
  drawWeights,
  effectiveVariance,
  type Fans,
  initializeNetwork,
  initializerLaw,
  initializerNames,
  type VarianceScaling,
} from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { kolmogorovLimit, kolmogorovSmirnov, normalCdf, truncatedNormalCdf } from './normal-law.js';

const engine = createEngine();
const rows = 400;
const columns = 500;
const fans: Fans = { fanIn: rows, fanOut: columns };

function draw(
  law: VarianceScaling,
  seed: number,
  shape: readonly [number, number] = [rows, columns],
): Float32Array {
  const mark = engine.arena.mark();
  const matrix = allocateMatrix(engine, ...shape);
  drawWeights(engine, law, fans, rootKey(seed), matrix);
  const values = readMatrix(engine, matrix);
  engine.arena.release(mark);
  return values;
}

/** The distribution function that `law` promises, from its delivered variance alone. */
function lawCdf(law: VarianceScaling): (x: number) => number {
  const sigma = Math.sqrt(effectiveVariance(law, fans).variance);
  if (law.distribution === 'normal') return (x) => normalCdf(x / sigma);
  if (law.distribution === 'uniform') {
    const bound = Math.sqrt(3) * sigma;
    return (x) => Math.min(1, Math.max(0, (x + bound) / (2 * bound)));
  }
  return (x) => truncatedNormalCdf((x / sigma) * Math.sqrt(0.7737413035499232));
}

/** A sampler that is right raises this alarm once in a million runs of the test. */
const limit = kolmogorovLimit(1e-6);

describe.each(initializerNames)('%s', (name) => {
  const law = initializerLaw(name);
  const values = draw(law, 7);

  it('follows its law (Kolmogorov–Smirnov, 200,000 draws, false alarm 1e-6)', () => {
    expect(kolmogorovSmirnov(values, lawCdf(law))).toBeLessThan(limit);
  });

  it('delivers the variance it states, within 5 standard errors', () => {
    const { variance, excessKurtosis } = effectiveVariance(law, fans);
    const second = values.reduce((sum, w) => sum + w * w, 0) / values.length;
    const standardError = variance * Math.sqrt((excessKurtosis + 2) / values.length);
    expect(Math.abs(second - variance) / standardError).toBeLessThan(5);
  });
});

it('negative control: the uncorrected truncated normal fails the test of the corrected one', () => {
  const values = draw(initializerLaw('he-truncated-normal-uncorrected'), 7);
  expect(kolmogorovSmirnov(values, lawCdf(initializerLaw('he-truncated-normal')))).toBeGreaterThan(2 * limit);
});

it('negative control: He normal with 2 % more variance fails', () => {
  const values = draw({ distribution: 'normal', scale: 2.04, mode: 'fan-in' }, 7);
  expect(kolmogorovSmirnov(values, lawCdf(initializerLaw('he-normal')))).toBeGreaterThan(limit / 2);
  const { variance } = effectiveVariance(initializerLaw('he-normal'), fans);
  const second = values.reduce((sum, w) => sum + w * w, 0) / values.length;
  expect(Math.abs(second - variance) / (variance * Math.sqrt(2 / values.length))).toBeGreaterThan(5);
});

it.each(initializerNames)('%s: the numbers do not depend on padding', (name) => {
  const law = initializerLaw(name);
  expect(draw(law, 3, [7, 10])).toEqual(draw(law, 3, [1, 70]));
});

it('depends on the key, and on nothing drawn before', () => {
  const law = initializerLaw('he-normal');
  const first = draw(law, 1, [5, 5]);
  draw(law, 2, [100, 9]);
  expect(draw(law, 1, [5, 5])).toEqual(first);
  expect(draw(law, 2, [5, 5])).not.toEqual(first);
});

it('initializes each layer from its own key and leaves the biases at zero', () => {
  const network = allocateDenseNetwork(engine, { widths: [6, 5, 5, 5], outputs: 3 });
  const key = rootKey(11);
  initializeNetwork(engine, network, initializerLaw('he-uniform'), key);
  const weights = network.layers.map((layer) => readMatrix(engine, layer.weights));
  expect(weights[1]).not.toEqual(weights[2]);
  const second = network.layers[1];
  if (second === undefined) throw new Error('the network has four layers');
  const alone = allocateMatrix(engine, 5, 5);
  drawWeights(engine, initializerLaw('he-uniform'), second, deriveKey(key, keyPurpose.weights, 1), alone);
  expect(readMatrix(engine, alone)).toEqual(weights[1]);
  for (const layer of network.layers)
    expect([...readMatrix(engine, layer.biases)].every((b) => b === 0)).toBe(true);
});
