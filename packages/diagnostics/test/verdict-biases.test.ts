/** Biases in a verdict: large ones, random ones beside constant weights, and those that are zero under another name. */
import { createEngine, InvalidArgumentError, rootKey } from '@kindling/core';
import { bornDeadBounds, diagnose, measureBornDead, predictBornDead } from '@kindling/diagnostics';
import { findInitializer, type Initializer, layerwise } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { predictSignal } from '../src/verdict/predict-signal.js';
import { simulateNets } from '../src/verdict/simulate-nets.js';
import { explodingDecades } from '../src/verdict/thresholds.js';
import { finish } from './measure-run.js';
import { shareStandardError } from './theory-simulation.js';

const engine = createEngine();
const named = (name: string) => findInitializer(name).initializer;
const layers = (input: number, width: number, depth: number) => [
  input,
  ...new Array<number>(depth).fill(width),
];

describe('biases far larger than what the input contributes', () => {
  it('explode, and zero biases are the remedy', () => {
    const diagnosis = diagnose(engine, {
      widths: layers(20, 100, 10),
      initializer: named('he-normal:bias-variance=1e6'),
    });
    expect(diagnosis.verdicts).toEqual(['fm1-exploding']);
    expect(diagnosis.numbers.startingShare).toBeLessThan(1e-6);
    const spoken = diagnosis.evidence.find(({ quantity }) => quantity === 'outputLength');
    expect(spoken?.code).toBe('fm1-exploding');
    // Ten layers, each of which adds Var(b)/2.
    expect((spoken?.value ?? 0) / 5e6).toBeCloseTo(1, 5);
    expect(diagnosis.remedy[0]?.starts).toBe(true);
    expect(diagnosis.remedy[0]?.text).toMatch(/zero biases/);
  });

  // Variances that put the mean length around the line, 10^2.5: six layers add six times half of it.
  it.each([
    ['he-normal', 60],
    ['he-normal', 105],
    ['he-normal', 200],
    ['he-uniform', 105],
    ['he-laplace', 105],
  ])('%s with biases of variance %d: as many nets above the line as simulation finds', (name, variance) => {
    const widths = layers(12, 15, 6);
    const initializer = named(`${name}:bias-variance=${variance}`);
    const trials = 1000;
    const theory = predictSignal({ widths, initializer, weightScales: null, inputLength: 1 });
    const nets = simulateNets(engine, {
      ...{ widths, outputs: 1, initializer, weightScales: null, key: rootKey(8), trials },
      data: null,
      gradients: false,
    });
    const found = nets.filter(({ lengthDecades }) => lengthDecades > explodingDecades).length / trials;
    // A twelfth of the nets is what the log-normal stand-in may be off, and 4 standard errors of the sample.
    const tolerance = 1 / 12 + 4 * shareStandardError(found, trials);
    expect(Math.abs((theory?.above ?? Number.NaN) - found)).toBeLessThan(tolerance);
    expect(found).toBeGreaterThan(0.05);
  });

  it('negative control: a tenth of the variance is below the line', () => {
    const initializer = named('he-normal:bias-variance=10');
    const theory = predictSignal({
      widths: layers(12, 15, 6),
      initializer,
      weightScales: null,
      inputLength: 1,
    });
    expect(theory?.above).toBeLessThan(0.05);
  });
});

describe('constant weights', () => {
  const verdictsOf = (name: string) =>
    diagnose(engine, { widths: [1, 16], outputs: 1, initializer: named(name), trials: 50, remedies: false })
      .verdicts;

  it('beside random biases are no unbroken symmetry: units differ, and so do the gradients of what reads them', () => {
    expect(verdictsOf('constant:value=0.3,bias-variance=1')).toEqual(['starts']);
    expect(verdictsOf('constant:value=0.3')).toEqual(['no-symmetry-breaking']);
    expect(verdictsOf('constant:value=0.3,bias=0.5')).toEqual(['no-symmetry-breaking']);
  });

  it('of zero pass nothing on, whatever the biases', () => {
    expect(verdictsOf('zeros')).toEqual(['no-symmetry-breaking', 'zero-output']);
    expect(verdictsOf('constant:value=0,bias-variance=1')).toEqual(['zero-output']);
  });
});

describe('bounds on being born dead', () => {
  const he = { kind: 'variance-scaling', distribution: 'normal', scale: 2, mode: 'fan-in' } as const;

  it('claim no lower one for orthogonal weights, for which it is false', () => {
    const orthogonal = named('orthogonal');
    expect(bornDeadBounds(orthogonal, [1, 2, 2])).toEqual({ upper: 1 - 0.75 * 0.75 });
    const { evidence } = diagnose(engine, { widths: [1, 2, 2], initializer: orthogonal, remedies: false });
    expect(evidence.map(({ quantity }) => quantity)).not.toContain('bornDeadLower');
    const trials = 10_000;
    const measured = finish(
      measureBornDead(engine, {
        ...{ inputDimension: 1, hidden: [2, 2], initializer: orthogonal, trials, key: rootKey(3) },
      }),
    );
    const lower = bornDeadBounds(layerwise(he), [1, 2, 2]).lower ?? Number.NaN;
    expect(lower).toBeCloseTo(5 / 32, 12);
    expect(Math.abs(measured.probability - 1 / 8)).toBeLessThan(4 * measured.standardError);
    expect(measured.probability).toBeLessThan(lower - 4 * measured.standardError);
  });

  it('know zero biases by whatever name', () => {
    const expected = predictBornDead({ inputDimension: 1, hidden: [3, 3], zeroBiases: true });
    expect(expected.lower).toBeGreaterThan(0);
    for (const biases of [{ kind: 'zeros' }, { kind: 'constant', value: 0 }] as const) {
      const initializer: Initializer = { kind: 'layerwise', weights: he, biases };
      expect(bornDeadBounds(initializer, [1, 3, 3])).toEqual(expected);
    }
    const biased = bornDeadBounds(named('he-normal:bias-variance=1'), [1, 3, 3]);
    expect(biased).toEqual({ upper: expected.upper });
  });

  it('say nothing of other laws, and all of zero weights', () => {
    expect(bornDeadBounds(named('rai'), [1, 3])).toEqual({ upper: 1 });
    expect(bornDeadBounds(named('lsuv'), [1, 3])).toEqual({ upper: 1 });
    expect(bornDeadBounds(named('zeros'), [1, 3])).toEqual({ lower: 1, upper: 1 });
    expect(() => bornDeadBounds(layerwise(he), [1, 0])).toThrow(InvalidArgumentError);
  });
});

it('a message names diagnose and its argument', () => {
  const initializer = named('he-normal');
  expect(() => diagnose(engine, { widths: [784, 1e9], initializer })).toThrow(/^diagnose: widths\[1\] is/);
  expect(() => diagnose(engine, { widths: [784, 3], outputs: -1, initializer })).toThrow(
    /^diagnose: outputs is -1/,
  );
});
