/** Verdicts of settings everybody knows, with the numbers that make them. */
import { createEngine, InvalidArgumentError } from '@kindling/core';
import { type Diagnosis, diagnose, type EvidenceQuantity } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { eventualLine } from '../src/verdict/thresholds.js';

const engine = createEngine();

/** `784,100*50` as widths. */
function widthsOf(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [width, times = '1'] = part.split('*');
    return new Array<number>(Number(times)).fill(Number(width));
  });
}

function diagnoseText(widths: string, name: string, trials?: number): Diagnosis {
  const { initializer } = findInitializer(name);
  return diagnose(engine, {
    widths: widthsOf(widths),
    initializer,
    initializerName: name,
    remedies: false,
    ...(trials === undefined ? {} : { trials }),
  });
}

function numberOf(diagnosis: Diagnosis, quantity: EvidenceQuantity): number {
  return diagnosis.evidence.find((evidence) => evidence.quantity === quantity)?.value ?? Number.NaN;
}

describe('stock verdicts', () => {
  it.each([
    ['784,100*50', 'he-normal', ['starts']],
    ['784,100*50', 'he-uniform', ['starts']],
    ['100,50*25', 'he-student-t', ['starts']],
    ['784,100*50', 'orthogonal:gain=1.4142135623730951', ['starts']],
    ['784,100*50', 'glorot-normal', ['fm1-vanishing']],
    ['784,100*50', 'lecun-uniform', ['fm1-vanishing']],
    ['784,100*50', 'orthogonal', ['fm1-vanishing']],
    ['784,100*50', 'tfjs:he-normal', ['fm1-vanishing']],
    ['784,100*50', 'keras:dense', ['fm1-vanishing']],
    ['784,100*50', 'he-normal-2x', ['fm1-exploding']],
    ['784,30*20', 'ml-fnn', ['fm1-exploding']],
    ['784,100*50', 'pytorch:linear', ['fm1-vanishing', 'vanishing-gradients']],
    ['784,20*20', 'brainjs', ['fm1-vanishing', 'vanishing-gradients']],
    ['784,10*50', 'he-normal', ['fm2-length-variance']],
    ['784,10*50', 'lecun-normal', ['fm1-vanishing', 'fm2-length-variance']],
    ['1,2*9', 'he-normal', ['born-dead']],
    ['784,100*5', 'zeros', ['no-symmetry-breaking', 'zero-output']],
    ['784,30*5', 'ones', ['no-symmetry-breaking', 'fm1-exploding']],
    ['20,10*10', 'lsuv', ['starts']],
  ] as const)('%s with %s', (widths, name, verdicts) => {
    const diagnosis = diagnoseText(widths, name, 100);
    expect(diagnosis.verdicts).toEqual(verdicts);
    expect(diagnosis.verdict).toBe(verdicts[0]);
  });

  it.each([
    ['lecun-normal', 0.5],
    ['tfjs:he-normal', 0.773741],
    ['he-normal-2x', 2],
    ['pytorch:linear', 1 / 6],
    ['he-normal', 1],
  ])('%s: the factor a layer is %d', (name, factor) => {
    expect(numberOf(diagnoseText('784,100*50', name), 'lengthFactor')).toBeCloseTo(factor, 6);
  });

  it('tells a length that biases keep from one that the input makes', () => {
    const diagnosis = diagnoseText('784,100*50', 'pytorch:linear');
    // E[M] settles at β/(2(1 − g)) = (1/300)/(2 · 5/6) = 0.002, and Π g = 6^−50.
    expect(numberOf(diagnosis, 'outputLength')).toBeCloseTo(0.002, 6);
    expect(numberOf(diagnosis, 'gradientNorm')).toBeLessThan(1e-38);
  });

  it('carries S, the typical length and the bounds on being born dead', () => {
    const narrow = diagnoseText('784,10*50', 'he-normal');
    expect(numberOf(narrow, 'sumReciprocalWidths')).toBeCloseTo(5, 12);
    // 50 · (−0.307461), natural.
    expect(narrow.numbers.log10Typical).toBeCloseTo((50 * -0.307461) / Math.LN10, 4);
    const dead = diagnoseText('1,2*9', 'he-normal');
    expect(numberOf(dead, 'bornDeadLower')).toBeCloseTo(0.87026, 5);
    expect(numberOf(dead, 'bornDeadUpper')).toBeCloseTo(0.92492, 5);
    // Listed as simulated: .8809; five standard errors of 1,000 nets.
    expect(Math.abs(numberOf(dead, 'bornDeadProbability') - 0.8809)).toBeLessThan(5 * 0.0103);
  });

  it('says of evidence beyond its line which failure it is, and of the rest that it speaks for starting', () => {
    for (const name of ['he-normal', 'lecun-normal', 'he-normal-2x', 'pytorch:linear', 'zeros']) {
      const { evidence, verdicts } = diagnoseText('784,100*50', name);
      expect(evidence.every(({ code }) => code === 'starts' || verdicts.includes(code))).toBe(true);
      expect(evidence.every(({ text, value }) => text.length > 20 && Number.isFinite(value))).toBe(true);
    }
  });

  it('is plain JSON, and the same bytes every time', () => {
    for (const name of ['he-normal', 'ones', 'rai', 'lsuv', 'pytorch:linear']) {
      const text = JSON.stringify(diagnoseText('20,10*6', name, 40));
      expect(text).toBe(JSON.stringify(diagnoseText('20,10*6', name, 40)));
      expect(JSON.parse(text)).toEqual(diagnoseText('20,10*6', name, 40));
    }
  });

  it('leaves the arena as it was', () => {
    const used = engine.arena.usedBytes;
    diagnoseText('20,10*12', 'data-dependent');
    expect(engine.arena.usedBytes).toBe(used);
  });
});

describe('what cannot be known is said', () => {
  it('of initializers that look at data and got none', () => {
    const { method, notes } = diagnoseText('20,10*3', 'lsuv', 40);
    expect(method).toBe('simulation');
    expect(notes.join(' ')).toMatch(/none were given/);
  });

  it('of asymmetric ones: the reason why there is no formula', () => {
    expect(diagnoseText('20,10*3', 'rai', 40).notes.join(' ')).toMatch(/no formula.*not symmetric about 0/);
  });

  it('not of what theory knows', () => {
    const { method, trials, notes } = diagnoseText('20,100*3', 'he-normal');
    expect([method, trials, notes.length]).toEqual(['theory', 0, 1]);
  });
});

describe('bad arguments', () => {
  const { initializer } = findInitializer('he-normal');
  it.each([
    [{ widths: [784], initializer }, /widths has 1 entries/],
    [{ widths: [784, 0], initializer }, /widths\[1\] is 0/],
    [{ widths: [784, Number.NaN], initializer }, /widths\[1\] is NaN/],
    [{ widths: [784, 10], initializer, outputs: -1 }, /outputs is -1/],
    [{ widths: [784, 10], initializer, trials: 1e9 }, /trials is 1000000000/],
    [{ widths: [784, 10], initializer, trials: 1.5 }, /trials is 1.5/],
    [{ widths: [784, 10], initializer, weightScales: [1, 1] }, /weightScales has 2 entries; expected 1/],
    [{ widths: [784, 10], initializer, weightScales: [0] }, /weightScales\[0\] is 0/],
    [
      {
        widths: [784, 10],
        initializer: {
          kind: 'layerwise',
          weights: { kind: 'stated-variance', distribution: 'normal', variance: -1 },
          biases: { kind: 'zeros' },
        },
      },
      /variance is -1/,
    ],
  ] as const)('%j', (options, message) => {
    const act = () => diagnose(engine, options);
    expect(act).toThrow(InvalidArgumentError);
    expect(act).toThrow(message);
  });
});

describe('late is not never', () => {
  it.each([
    // Ten epochs in training where the corrected law takes two.
    ['784,100*50', 'tfjs:he-normal', /^Training starts late: signals vanish with depth\.$/, 0.5, 1],
    ['784,100*50', 'glorot-normal', /^Training does not start: signals vanish/, 0, 0.01],
    ['784,100*29', 'glorot-normal', /^Training starts late, if at all: signals vanish/, 0.25, 0.5],
    ['784,10*50', 'he-normal', /^Training starts late, if at all: lengths scatter/, 0.25, 0.5],
    ['784,100*50', 'he-normal-2x', /^Training does not start: signals explode/, 0, 0.01],
    ['784,100*6', 'pytorch:linear', /^Training starts late: signals vanish with depth; biases drown/, 0.5, 1],
    [
      '784,100*8',
      'pytorch:linear',
      /^Training does not start: signals vanish with depth; biases drown/,
      0,
      0.01,
    ],
    ['784,100*50', 'he-normal', /^Training should start\.$/, 0.95, 1],
  ] as const)('%s with %s', (widths, name, headline, least, most) => {
    const diagnosis = diagnoseText(widths, name, 100);
    const { startingShare, eventualShare } = diagnosis.numbers;
    expect(diagnosis.headline).toMatch(headline);
    expect(eventualShare).toBeGreaterThanOrEqual(Math.max(least, startingShare));
    expect(eventualShare).toBeLessThanOrEqual(most);
  });

  it('says where starts end, in evidence of its own, for signals that are too small alone', () => {
    const late = diagnoseText('784,100*50', 'tfjs:he-normal');
    const text = late.evidence.find(({ quantity }) => quantity === 'eventualShare')?.text;
    expect(text).toMatch(/^It starts late: .*above 3\.2e-9, where starts end/);
    for (const name of ['he-normal', 'he-normal-2x']) {
      expect(numberOf(diagnoseText('784,100*50', name), 'eventualShare')).toBeNaN();
    }
  });

  it('draws the line lower the wider the net, from 10 units to 56, and never above that of starting in time', () => {
    expect([1, 5, 10, 20, 50, 56.3, 100, 1e4].map((width) => eventualLine(false, width).toFixed(2))).toEqual([
      '-5.00',
      '-5.00',
      '-5.50',
      '-6.70',
      '-8.30',
      '-8.50',
      '-8.50',
      '-8.50',
    ]);
    expect(eventualLine(true, 100)).toBe(-5);
  });
});
