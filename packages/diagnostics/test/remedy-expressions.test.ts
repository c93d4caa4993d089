/** Remedies as expressions: what a command asks about is the very initializer that was tried. */
import { convolutionalArchitecture, createEngine } from '@kindling/core';
import { diagnose, diagnoseNetwork } from '@kindling/diagnostics';
import { findInitializer, layerwise } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { varianceScalingExpression, withBiasesExpression } from '../src/verdict/initializer-expression.js';

const engine = createEngine();
const named = (name: string) => findInitializer(name).initializer;

describe('an expression', () => {
  it.each([
    'he-normal',
    'glorot-uniform',
    'he-student-t:degrees-of-freedom=7',
    'variance-scaling:scale=2.63,mode=fan-average,distribution=truncated-normal-uncorrected',
    'he-laplace:bias=0.5',
    'lecun-normal:bias-variance=0.25',
  ])('of %s draws the same', (name) => {
    const initializer = named(name);
    const expression = varianceScalingExpression(initializer);
    expect(expression).toMatch(/^variance-scaling:scale=/);
    expect(named(expression ?? '')).toEqual(initializer);
  });

  it('is none where the catalog has no words', () => {
    for (const name of ['pytorch:linear', 'orthogonal', 'rai', 'lsuv', 'normal:variance=1']) {
      expect(varianceScalingExpression(named(name))).toBeNull();
    }
  });

  it('adds biases to a name, where it can say them', () => {
    const weights = { kind: 'variance-scaling', distribution: 'normal', scale: 2, mode: 'fan-in' } as const;
    const biased = layerwise(weights, { kind: 'stated-variance', distribution: 'normal', variance: 0.1 });
    const expression = withBiasesExpression('he-normal', biased);
    expect(expression).toBe('he-normal:bias-variance=0.1');
    expect(named(expression ?? '')).toEqual(biased);
    expect(withBiasesExpression('he-normal', layerwise(weights))).toBe('he-normal');
    const uniform = layerwise(weights, { kind: 'stated-variance', distribution: 'uniform', variance: 0.1 });
    expect(withBiasesExpression('he-normal', uniform)).toBeNull();
  });
});

it('a gain against padding has an expression, which gives the numbers that were promised', () => {
  const architecture = convolutionalArchitecture({
    input: { height: 4, width: 4, channels: 3 },
    filters: new Array<number>(60).fill(32),
    kernel: [3, 3],
    padding: 'zero',
    head: { kind: 'flatten', outputs: 10 },
  });
  const { remedy } = diagnoseNetwork(engine, { architecture, initializer: named('he-normal'), trials: 16 });
  const gain = remedy.find(({ text }) => /makes up for the padding layer by layer/.test(text));
  const expression = gain?.change.initializerName ?? '';
  const [, scale = ''] =
    /^variance-scaling:scale=([\d.]+),mode=fan-in,distribution=normal$/.exec(expression) ?? [];
  expect(gain?.text).toContain(`variance ${scale}/fan-in`);
  const options = { architecture, initializer: named(expression), trials: 16, remedies: false };
  expect(diagnoseNetwork(engine, options).numbers).toEqual(gain?.after);
});

it('critical weights beside normal biases have one too', () => {
  const widths = [20, ...new Array<number>(40).fill(50)];
  const { remedy } = diagnose(engine, { widths, initializer: named('lecun-normal:bias-variance=0.001') });
  const critical = remedy.find(({ text }) => /keep the biases/.test(text));
  expect(critical?.change.initializerName).toBe('he-normal:bias-variance=0.001');
  expect(named(critical?.change.initializerName ?? '')).toEqual(critical?.change.initializer);
});
