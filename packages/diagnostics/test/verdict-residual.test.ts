/** Verdicts of residual nets: what scales do, what begins at zero, and remedies that keep their promises. */
import {
  type Architecture,
  createEngine,
  type Layer,
  type ResidualScaleRule,
  residualArchitecture,
} from '@kindling/core';
import {
  type Diagnosis,
  type DiagnosisNumbers,
  diagnoseNetwork,
  type EvidenceQuantity,
  predictNetworkLengths,
  verdictThresholds,
} from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const trials = 24;

function residual(
  module: 'relu' | 'linear',
  modules: number,
  scale: ResidualScaleRule,
  options: { readonly width?: number; readonly learned?: boolean } = {},
): Architecture {
  const { width = 10, learned = false } = options;
  const inputLayer = { inputs: 30, activation: 'linear' } as const;
  return residualArchitecture({ module, width, modules, scale, learned, inputLayer, outputs: 10 });
}

const constant = (value: number): ResidualScaleRule => ({ rule: 'constant', value });
const power = (base: number): ResidualScaleRule => ({ rule: 'power', base });

function diagnoseWith(architecture: Architecture, name = 'he-normal', remedies = false): Diagnosis {
  const { initializer } = findInitializer(name);
  return diagnoseNetwork(engine, { architecture, initializer, initializerName: name, trials, remedies });
}

function numberOf({ evidence }: Diagnosis, quantity: EvidenceQuantity): number {
  return evidence.find((item) => item.quantity === quantity)?.value ?? Number.NaN;
}

describe('verdicts by scale', () => {
  it.each([
    ['relu', 100, constant(1), 'fm1-exploding', 100],
    ['relu', 100, power(0.75), 'starts', 3],
    ['relu', 100, power(0.5), 'starts', 1],
    ['relu', 10, power(0.9), 'starts', 5.86189],
    // Bounded for every L, and yet too large for a step of 0.01: so do trainings say.
    ['relu', 50, power(0.9), 'fm1-exploding', 8.95362],
    ['relu', 50, { rule: 'inverse-modules' }, 'starts', 1],
    ['linear', 50, { rule: 'inverse-root-modules' }, 'starts', 1],
    ['linear', 50, constant(1), 'fm1-exploding', 50],
    ['linear', 3, constant(1), 'starts', 3],
  ] as const)('%s modules, %d of %j: %s', (module, modules, scale, verdict, sum) => {
    const diagnosis = diagnoseWith(residual(module, modules, scale));
    expect(diagnosis.verdicts).toEqual([verdict]);
    expect(diagnosis.numbers.sumScales).toBeCloseTo(sum, 4);
    expect(numberOf(diagnosis, 'sumScales')).toBe(diagnosis.numbers.sumScales);
    expect(diagnosis.numbers.sumReciprocalWidths).toBeNull();
  });

  it('takes mean and spread of modules that end in a linear layer from theory, as random nets have them', () => {
    const architecture = residual('linear', 20, { rule: 'inverse-root-modules' }, { width: 20 });
    const known = diagnoseWith(architecture);
    expect([known.method, known.trials]).toEqual(['theory', 0]);
    // 1 + cη², c = 2, behind a linear layer that doubles.
    const mean = 2 * 1.1 ** 20;
    expect(10 ** (known.numbers.log10Mean ?? 0)).toBeCloseTo(mean, 6);
    // Unit law by law: a uniform one has no second moment here, so it is measured; its mean is the same.
    const sampled = diagnoseNetwork(engine, {
      architecture,
      initializer: findInitializer('he-uniform').initializer,
      trials: 400,
      remedies: false,
    });
    expect(sampled.method).toBe('simulation');
    expect(sampled.numbers.log10Mean).toBeCloseTo(known.numbers.log10Mean ?? 0, 9);
    // Uniform weights scatter a little less; the standard error of a mean of 400 is deviation/20.
    const deviation = known.numbers.log10Deviation ?? 0;
    const distance = (sampled.numbers.log10Typical ?? 0) - (known.numbers.log10Typical ?? 0);
    expect(Math.abs(distance)).toBeLessThan(5 * (deviation / 20) + 0.02);
  });

  it.each([
    [64, 100],
    [16, 50],
  ])('tells no mean outside the proved bounds, however few the nets: %d*%d', (width, modules) => {
    const architecture = residual('relu', modules, constant(1), { width });
    const { initializer } = findInitializer('he-normal');
    const { numbers, evidence } = diagnoseNetwork(engine, {
      ...{ architecture, initializer, trials: 4, remedies: false },
    });
    const told = predictNetworkLengths({ architecture, initializer }).at(-2);
    const mean = (numbers.log10Mean ?? 0) * Math.LN10;
    expect(told?.mean).toBeNull();
    expect(mean).toBeGreaterThanOrEqual(told?.logLower ?? Number.NaN);
    expect(mean).toBeLessThanOrEqual(told?.logUpper ?? Number.NaN);
    expect(mean).toBeCloseTo(told?.logEstimate ?? Number.NaN, 9);
    expect(numbers.lengthFactor).toBeCloseTo(Math.exp(mean / (modules + 1)), 9);
    const length = evidence.find(({ quantity }) => quantity === 'outputLength');
    expect(length?.text).toMatch(/ \(theory's estimate\)\.$/);
    expect(length?.text).not.toContain('measured');
  });

  it('says that lengths level off where the sum is bounded, and explode where it is not', () => {
    const level =
      /^Training (is unlikely to|does not) start: lengths level off with depth, but too high for SGD at rate 0\.01\.$/;
    const bounded = diagnoseWith(residual('relu', 40, power(0.9), { width: 5 }));
    expect(bounded.verdicts).toEqual(['fm1-exploding']);
    expect(bounded.headline).toMatch(level);
    const exploding = [
      residual('relu', 40, constant(1), { width: 5 }),
      // Bounded by 99, and 40 modules are far from that.
      residual('relu', 40, power(0.99), { width: 5 }),
      // 2/l, whose sum has no bound.
      residual('relu', 100, { rule: 'list', values: Array.from({ length: 100 }, (_, l) => 2 / (l + 1)) }),
    ];
    for (const architecture of exploding) {
      const { headline, verdicts } = diagnoseWith(architecture);
      expect(verdicts).toEqual(['fm1-exploding']);
      expect(headline).toMatch(/: signals explode with depth\.$/);
    }
    // The same scales on shortcuts that double the length: that grows with every module.
    const projected: Architecture = {
      input: { width: 30 },
      layers: residual('relu', 40, power(0.9), { width: 5 }).layers.map((layer) =>
        layer.kind === 'residual' ? { ...layer, shortcut: 'projection' } : layer,
      ),
    };
    expect(diagnoseWith(projected).headline).toMatch(/signals explode with depth/);
  });

  it('counts modules, and speaks of a typical net that is as the mean as such', () => {
    const layers = residual('relu', 8, constant(4), { width: 10 }).layers.slice(1);
    const modules = diagnoseWith({ input: { width: 10 }, layers }).evidence.map(({ text }) => text);
    expect(modules.join(' ')).toMatch(/each of 8 modules multiplies.* over 8 modules more than/);
    expect(modules.join(' ')).toContain('The mean length of the last module is');
    expect(modules.join(' ')).not.toMatch(/\d layers?\b|hidden layer is/);
    const behindLayer = diagnoseWith(residual('relu', 8, constant(4))).evidence.map(({ text }) => text);
    expect(behindLayer.join(' ')).toContain('each of 9 layers multiplies');
    // Nothing but shortcuts: no sample, and no spread.
    const shortcuts = diagnoseWith({
      input: { width: 10 },
      layers: residual('linear', 8, constant(0), { learned: true, width: 10 }).layers.slice(1),
    });
    const told = shortcuts.evidence.map(({ text }) => text).join(' ');
    expect(shortcuts.method).toBe('theory');
    expect(told).not.toContain('measured');
    expect(told).toContain('A typical net is as the mean: its signal is 1.');
  });

  it.each([
    ['he-normal', 'linear', /where c is 2 with these weights\.$/],
    // Var(w)·fan-in is 1: a half behind ReLU, and 1 behind the linear layer.
    ['lecun-normal', 'linear', /where c is 0\.5 with these weights\.$/],
    // 1/3 each, biases left out.
    ['pytorch:linear', 'linear', /where c is 0\.0556 with these weights\.$/],
    ['he-normal', 'relu', /like exp\(2 Σ η\/√π \+ Σ η²\) with He's variance\.$/],
    ['lecun-normal', 'relu', /like exp\(2 √c Σ η\/√π \+ c Σ η²\), where c is 0\.5 with these weights\.$/],
  ] as const)('tells what branches multiply a length by: %s, %s', (name, module, text) => {
    const { evidence } = diagnoseWith(residual(module, 6, constant(0.1)), name);
    expect(evidence.find(({ quantity }) => quantity === 'sumScales')?.text).toMatch(text);
  });

  it('says that failure mode 2 cannot be, and where the sum comes from', () => {
    const { notes, evidence } = diagnoseWith(residual('relu', 10, constant(0.1)));
    expect(notes.join(' ')).toMatch(/no second failure mode once the first is avoided.*Theorem 4/);
    expect(evidence.find(({ quantity }) => quantity === 'sumScales')?.text).toMatch(
      /^Σ η = 1 over 10 modules that end in ReLU/,
    );
    const linear = diagnoseWith(residual('linear', 10, constant(0.1))).evidence;
    expect(linear.find(({ quantity }) => quantity === 'sumScales')?.text).toMatch(
      /^Σ η² = 0\.1 over 10 modules that end in a linear layer/,
    );
  });

  it('never finds a second failure mode, on either side of the line', () => {
    const verdicts = [0.2, 0.4, 0.5, 0.6, 0.7, 1].flatMap((eta) => [
      ...diagnoseWith(residual('linear', 10, constant(eta)), 'he-uniform').verdicts,
      ...diagnoseWith(residual('relu', 10, constant(eta))).verdicts,
    ]);
    expect(new Set(verdicts)).toEqual(new Set(['starts', 'fm1-exploding']));
  });

  it('never calls a net dead that shortcuts keep alive, however narrow', () => {
    const { numbers, evidence } = diagnoseWith(
      residual('relu', 50, { rule: 'inverse-modules' }, { width: 1 }),
    );
    expect(numbers.bornDeadProbability).toBe(0);
    expect(evidence.some(({ quantity }) => quantity.startsWith('bornDead'))).toBe(false);
    // The control: the same widths without shortcuts.
    const plain: Architecture = {
      input: { width: 30 },
      layers: [
        ...new Array<Layer>(50).fill({ kind: 'dense', units: 1, activation: 'relu' }),
        // Not a plain dense net, so that the same code judges it.
        { kind: 'dense', units: 4, activation: { kind: 'leaky-relu', slope: 0.1 } },
        { kind: 'dense', units: 10, activation: 'linear' },
      ],
    };
    expect(diagnoseWith(plain).verdict).toBe('born-dead');
  });
});

describe('branches that begin at zero', () => {
  const zero = residual('linear', 100, constant(0), { learned: true });

  it('ReZero: starts, as its shortcuts alone', () => {
    const diagnosis = diagnoseWith(zero);
    expect(diagnosis.verdict).toBe('starts');
    // One linear layer of He's variance doubles the mean square.
    expect(10 ** (diagnosis.numbers.log10Mean ?? 0)).toBeCloseTo(2, 9);
    expect(diagnosis.numbers.sumScales).toBe(0);
    expect(diagnosis.notes.join(' ')).toMatch(/All 100 branches start at zero.*they begin to learn/);
  });

  it('Fixup: the last layers and the output are zero, and that is no zero output', () => {
    const diagnosis = diagnoseWith(residual('linear', 100, constant(1)), 'fixup');
    expect(diagnosis.verdicts).toEqual(['starts']);
    expect(diagnosis.numbers.log10Mean).toBeCloseTo(Math.log10(2), 9);
    expect(diagnosis.notes.join(' ')).toMatch(/begin to learn/);
  });

  it('a fixed scale of zero, or two zeros one behind the other, never wake, and that is said', () => {
    const fixed = diagnoseWith(residual('relu', 5, constant(0)));
    expect(fixed.notes.join(' ')).toMatch(/they stay zero/);
    const both = diagnoseWith(residual('linear', 5, constant(0), { learned: true }), 'fixup');
    expect(both.notes.join(' ')).toMatch(/they stay zero/);
  });

  it('zeros everywhere are: where nothing goes past them, too', () => {
    expect(diagnoseWith(residual('relu', 5, constant(1)), 'zeros').verdicts).toEqual([
      'no-symmetry-breaking',
      'zero-output',
    ]);
  });
});

describe('remedies', () => {
  it.each([
    ['relu', /^scale branch l by η_l = 0\.75\^l, which keeps Σ η at 3; yours is 100$/],
    ['linear', /^scale branch l by η_l = 1\/√L, which keeps Σ η² at 1; yours is 100$/],
  ] as const)('of %s modules keep their promises', (module, text) => {
    const before = diagnoseWith(residual(module, 100, constant(1)), 'he-normal', true);
    expect(before.verdict).toBe('fm1-exploding');
    expect(before.remedy.length).toBeGreaterThanOrEqual(3);
    expect(before.remedy[0]?.text).toMatch(text);
    expect(before.remedy.at(-1)?.text).toMatch(/ReZero/);
    for (const { change, after, starts } of before.remedy) {
      expect(starts).toBe(true);
      expect(change.initializer).toBeUndefined();
      expect(change.architecture).toBeDefined();
      const again = diagnoseWith(change.architecture as Architecture);
      expect(again.numbers).toEqual(after satisfies DiagnosisNumbers);
    }
    expect(before.remedy[0]?.change.scaleRule).toEqual(
      module === 'relu' ? power(0.75) : { rule: 'inverse-root-modules' },
    );
  });

  it('puts weights right where they are what is wrong', () => {
    const architecture = residual('relu', 10, { rule: 'inverse-modules' });
    const before = diagnoseWith(architecture, 'he-normal:gain=30', true);
    expect(before.verdict).toBe('fm1-exploding');
    expect(before.remedy.find(({ change }) => change.initializerName === 'he-normal')?.starts).toBe(true);
  });
});

it('has lines of its own for both kinds of modules, in order', () => {
  const { linearModulesExplodingDecades, explodingDecades, reluModulesExplodingDecades } = verdictThresholds;
  expect(linearModulesExplodingDecades).toBeLessThan(explodingDecades);
  expect(explodingDecades).toBeLessThan(reluModulesExplodingDecades);
});
