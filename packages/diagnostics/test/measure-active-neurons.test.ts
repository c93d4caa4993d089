import { createEngine, InvalidArgumentError, rootKey } from '@kindling/core';
import {
  measureActiveNeurons,
  measureSecondLayerDeath,
  predictSecondLayerDeadProbability,
  predictTrainability,
} from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { finish } from './measure-run.js';

const engine = createEngine();
const alike = findInitializer('normal:variance=1,bias-variance=1').initializer;

/** Upper 1e-6 points of χ² with k degrees of freedom, k = 1 … 8. */
const chiSquareLimits = [23.93, 27.63, 30.66, 33.38, 35.89, 38.26, 40.52, 42.7];

/** χ² of counts against probabilities, cells of few expected counts joined from the left. */
function chiSquare(counts: readonly number[], probabilities: readonly number[]) {
  const trials = counts.reduce((a, b) => a + b, 0);
  const cells: { found: number; expected: number }[] = [];
  let open = { found: 0, expected: 0 };
  probabilities.forEach((p, k) => {
    open = { found: open.found + (counts[k] ?? 0), expected: open.expected + p * trials };
    if (open.expected < 10) return;
    cells.push(open);
    open = { found: 0, expected: 0 };
  });
  const value = cells.reduce((sum, { found, expected }) => sum + (found - expected) ** 2 / expected, 0);
  return { value, limit: chiSquareLimits[cells.length - 2] ?? Number.NaN };
}

describe.each([
  [1, Math.sqrt(3), 8],
  [2, 1, 6],
  [5, 1, 8],
])('one hidden layer, %d inputs, radius %d, width %d', (inputDimension, radius, width) => {
  it('has Binomial(n, 1 − p) active neurons: χ², false alarm 1e-6', () => {
    const { counts } = finish(
      measureActiveNeurons(engine, {
        inputDimension,
        radius,
        hidden: [width],
        initializer: alike,
        trials: 6000,
        key: rootKey(2),
      }),
    );
    const theory = (r: number) =>
      predictTrainability({ inputDimension, radius: r, width, needed: 1 }).activeDistribution;
    const right = chiSquare(counts[0] ?? [], theory(radius));
    expect(right.value).toBeLessThan(right.limit);
    // Negative control: a ball a third larger.
    const wrong = chiSquare(counts[0] ?? [], theory(radius * 1.33));
    expect(wrong.value).toBeGreaterThan(wrong.limit);
  });
});

it('deeper layers have fewer active neurons: the chain goes down', () => {
  const hidden = [3, 3, 3, 3];
  const { counts, trials } = finish(
    measureActiveNeurons(engine, {
      inputDimension: 1,
      hidden,
      initializer: alike,
      trials: 1500,
      key: rootKey(4),
    }),
  );
  const means = counts.map((layer) => layer.reduce((sum, count, k) => sum + k * count, 0) / trials);
  expect(counts.map((layer) => layer.reduce((a, b) => a + b, 0))).toEqual(hidden.map(() => trials));
  for (let j = 1; j < means.length; j++) expect(means[j]).toBeLessThan((means[j - 1] ?? 0) + 0.05);
  expect(means[3]).toBeLessThan((means[0] ?? 0) - 0.3);
});

describe('a neuron of the second layer, over all inputs', () => {
  it.each([
    [1, 1],
    [1, 2],
    [2, 2],
    [2, 3],
  ] as const)('n₀ = %d, n₁ = %d: dead as often as predicted', (inputDimension, firstWidth) => {
    const { probability, standardError } = finish(
      measureSecondLayerDeath(engine, {
        inputDimension,
        firstWidth,
        initializer: alike,
        trials: 10_000,
        key: rootKey(1),
      }),
    );
    const theory = predictSecondLayerDeadProbability({ inputDimension, firstWidth }) ?? Number.NaN;
    expect(Math.abs(probability - theory)).toBeLessThan(4 * standardError);
    const other = predictSecondLayerDeadProbability({
      inputDimension: 3 - inputDimension,
      firstWidth: 3 - inputDimension,
    });
    expect(Math.abs(probability - (other ?? Number.NaN))).toBeGreaterThan(4 * standardError);
  });

  it('has no closed form beyond, but can be measured', () => {
    const options = {
      inputDimension: 1,
      firstWidth: 6,
      initializer: alike,
      trials: 3000,
      key: rootKey(1),
    } as const;
    const { probability } = finish(measureSecondLayerDeath(engine, options));
    expect(predictSecondLayerDeadProbability({ inputDimension: 1, firstWidth: 6 })).toBeNull();
    expect(probability).toBeGreaterThan(0.02);
    expect(probability).toBeLessThan(3 / 16);
  });
});

it('refuses what cannot be', () => {
  const options = {
    inputDimension: 2,
    firstWidth: 1,
    initializer: alike,
    trials: 1,
    key: rootKey(1),
  } as const;
  expect(() => finish(measureSecondLayerDeath(engine, options))).toThrow(InvalidArgumentError);
  const active = { inputDimension: 1, hidden: [2], initializer: alike, trials: 0, key: rootKey(1) };
  expect(() => finish(measureActiveNeurons(engine, active))).toThrow(/trials/);
  for (const [hidden, message] of [
    [[], /^measureActiveNeurons: hidden is empty/],
    [[2, 0.5], /^measureActiveNeurons: hidden\[1\] is 0.5/],
  ] as const) {
    expect(() => finish(measureActiveNeurons(engine, { ...active, hidden, trials: 1 }))).toThrow(message);
  }
  const lsuv = { ...options, firstWidth: 2, initializer: findInitializer('lsuv').initializer };
  expect(() => finish(measureSecondLayerDeath(engine, lsuv))).toThrow(
    'measureSecondLayerDeath: lsuv looks at data; expected an initializer that needs none',
  );
});
