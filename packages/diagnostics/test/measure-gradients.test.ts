import { createEngine, InvalidArgumentError, portableMath, rootKey } from '@kindling/core';
import {
  measureGradientNorms,
  measureGradientStatistics,
  predictGradientNorms,
  predictGradientSpread,
  sumReciprocalWidths,
} from '@kindling/diagnostics';
import { findInitializer, type Initializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { finish } from './measure-run.js';

const engine = createEngine();
const he = findInitializer('he-normal').initializer;

describe.each([
  ['he-normal', undefined],
  ['he-normal', 3],
  ['lecun-normal', 1],
  ['glorot-uniform', undefined],
  ['he-normal:bias-variance=0.5', 2],
  ['pytorch:linear', undefined],
])('%s, %s outputs', (name, outputs) => {
  const { initializer } = findInitializer(name);
  const widths = [6, 12, 4, 16, 12];
  const trials = 4000;
  const options = {
    widths,
    initializer,
    trials,
    key: rootKey(3),
    ...(outputs === undefined ? {} : { outputs }),
  };
  const { layers } = finish(measureGradientStatistics(engine, options));

  it('has the predicted mean square in every layer, within 4 standard errors', () => {
    const theory = predictGradientNorms({
      widths,
      initializer,
      ...(outputs === undefined ? {} : { outputs }),
    });
    layers.forEach(({ meanNorm, standardError }, j) => {
      const expected = theory?.[j] ?? Number.NaN;
      // The direction itself has norm 1 to f32's last digit.
      expect(Math.abs((meanNorm ?? Number.NaN) - expected)).toBeLessThan(
        4 * (standardError ?? Number.NaN) + 1e-6 * expected,
      );
    });
    // Negative control: a factor 1.2 a layer.
    const wrong = (theory?.[0] ?? 0) * 1.2 ** 4;
    expect(Math.abs((layers[0]?.meanNorm ?? 0) - wrong)).toBeGreaterThan(4 * (layers[0]?.standardError ?? 0));
  });
});

it('is the derivative: central differences of y along the input', () => {
  // One linear output and identity layers: y = u · ReLU(ReLU(x)), so the gradient is the mask of the input.
  const initializer = findInitializer('identity').initializer;
  const { inputGradient, norms } = measureGradientNorms(engine, {
    widths: [4, 4, 4],
    outputs: 1,
    initializer,
    input: [3, -1, 2, 5],
    key: rootKey(1),
  });
  // The output reads the first unit only, and its direction is ±1.
  expect(inputGradient.map(Math.abs)).toEqual([1, 0, 0, 0]);
  expect(norms).toEqual([1, 1, 1]);
  const blocked = measureGradientNorms(engine, {
    widths: [4, 4, 4],
    outputs: 1,
    initializer,
    input: [-3, 1, 2, 5],
    key: rootKey(1),
  });
  expect(blocked.norms).toEqual([0, 0, 1]);
  expect(blocked.logNorms.slice(0, 2)).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
});

it('squared Jacobian entries scatter exponentially in S: a fit of the logarithm against S', () => {
  const found = [
    [16, 1],
    [16, 3],
    [16, 5],
    [24, 6],
    [24, 9],
  ].map(([width = 0, depth = 0]) => {
    const widths = new Array<number>(depth + 1).fill(width);
    const { jacobianEntrySpread } = finish(
      measureGradientStatistics(engine, {
        widths,
        outputs: 1,
        initializer: he,
        trials: 6000,
        key: rootKey(9),
      }),
    );
    const theory = predictGradientSpread({ widths, initializer: he })?.entries[0] ?? Number.NaN;
    return {
      sum: sumReciprocalWidths(widths),
      log: portableMath.log(jacobianEntrySpread ?? Number.NaN),
      theory: portableMath.log(theory),
    };
  });
  const slope = (pick: (point: (typeof found)[number]) => number) => {
    const center = found.reduce((sum, point) => sum + point.sum, 0) / found.length;
    const level = found.reduce((sum, point) => sum + pick(point), 0) / found.length;
    const products = found.reduce((sum, point) => sum + (point.sum - center) * (pick(point) - level), 0);
    return products / found.reduce((sum, point) => sum + (point.sum - center) ** 2, 0);
  };
  // log(3 Π (1 + 5/n)) grows by nearly 5 a unit of S at these widths; bounded growth would be a slope near 0.
  expect(slope(({ theory }) => theory)).toBeGreaterThan(4);
  expect(Math.abs(slope(({ log }) => log) / slope(({ theory }) => theory) - 1)).toBeLessThan(0.25);
  for (const { log, theory } of found) expect(Math.abs(log - theory)).toBeLessThan(0.5);
});

it('stays in range where f32 would not', () => {
  const widths = new Array<number>(401).fill(12);
  const small: Initializer = findInitializer('normal:variance=0.001').initializer;
  const { norms, logNorms } = measureGradientNorms(engine, { widths, initializer: small, key: rootKey(5) });
  expect(norms[0]).toBe(0);
  expect(logNorms[0]).toBeLessThan(-1500);
  expect(logNorms.every(Number.isFinite)).toBe(true);
});

it('refuses what cannot be and gives the memory back', () => {
  const used = engine.arena.usedBytes;
  const options = { widths: [3, 3], initializer: he, key: rootKey(1) };
  expect(() => measureGradientNorms(engine, { ...options, input: [1] })).toThrow(InvalidArgumentError);
  expect(() => measureGradientNorms(engine, { ...options, outputs: -1 })).toThrow(
    /^measureGradientNorms: outputs is -1/,
  );
  expect(() => measureGradientNorms(engine, { ...options, widths: [3] })).toThrow(
    /^measureGradientNorms: widths has 1/,
  );
  const lsuv = findInitializer('lsuv').initializer;
  expect(() => measureGradientNorms(engine, { ...options, initializer: lsuv })).toThrow(/data/);
  measureGradientNorms(engine, options);
  expect(engine.arena.usedBytes).toBe(used);
});
