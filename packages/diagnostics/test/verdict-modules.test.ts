/** Which of the two sums decides of a residual net: what a branch adds is looked at, not what its last layer is called. */
import { type Activation, type Architecture, createEngine, type Layer, rootKey } from '@kindling/core';
import { type Diagnosis, diagnoseNetwork, verdictThresholds } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { judge } from '../src/verdict/judge.js';
import { residualCandidates } from '../src/verdict/remedy-residual.js';

const engine = createEngine();
const trials = 16;

function dense(units: number, activation: Activation): Layer {
  return { kind: 'dense', units, activation };
}

function block(scale: number, ...branch: Layer[]): Layer {
  return { kind: 'residual', branch, scale, shortcut: 'identity' };
}

function repeated(count: number, layer: Layer): readonly Layer[] {
  return new Array<Layer>(count).fill(layer);
}

function diagnosed(layers: readonly Layer[], remedies = false, name = 'he-normal'): Diagnosis {
  const architecture: Architecture = {
    input: { width: 30 },
    layers: [dense(30, 'linear'), ...layers, dense(10, 'linear')],
  };
  const { initializer } = findInitializer(name);
  return diagnoseNetwork(engine, { architecture, initializer, trials, remedies });
}

function sumsOf({ evidence }: Diagnosis): readonly string[] {
  return evidence.filter(({ quantity }) => quantity === 'sumScales').map(({ text }) => text);
}

const leaky = (slope: number): Activation => ({ kind: 'leaky-relu', slope });

describe('a branch is judged by what it adds', () => {
  const relu = diagnosed(repeated(30, block(0.2, dense(30, 'relu'))));

  it('says of a leaky ReLU of slope 0 what it says of ReLU, and of slope 1 what it says of a linear layer', () => {
    expect(relu.verdict).toBe('starts');
    expect(diagnosed(repeated(30, block(0.2, dense(30, leaky(0)))))).toEqual(relu);
    const inner = dense(30, 'relu');
    expect(diagnosed(repeated(5, block(0.5, inner, dense(30, leaky(1)))))).toEqual(
      diagnosed(repeated(5, block(0.5, inner, dense(30, 'linear')))),
    );
  });

  it.each([
    ['a small slope', 0.01, 0.99 * 6, 'relu'],
    ['a half, whose mean still piles up by small steps', 0.5, 3, 'relu'],
    // 0.002/√π a module against 0.08: nothing but squares.
    ['nearly a line', 0.999, 1.2, 'linear'],
  ] as const)('%s: %d', (_, slope, sum, module) => {
    const found = diagnosed(repeated(30, block(0.2, dense(30, leaky(slope)))));
    expect(found.numbers.scalesModule).toBe(module);
    expect(found.numbers.sumScales).toBeCloseTo(sum, 9);
    expect(found.numbers.log10Typical).toBeLessThan(verdictThresholds.reluModulesExplodingDecades);
    const [text = ''] = sumsOf(found);
    expect(text).not.toContain('mean zero');
    expect(text).not.toContain(': what they add is positive');
  });

  it('starts with a slope of 0.01 as with none', () => {
    const found = diagnosed(repeated(30, block(0.2, dense(30, leaky(0.01)))));
    expect(found.numbers.log10Typical).toBeGreaterThan(verdictThresholds.linearModulesExplodingDecades);
    expect(found.verdicts).toEqual(['starts']);
  });

  it('looks into blocks at the end of a branch', () => {
    const nested = (scale: number) => block(0.1, dense(30, 'linear'), block(scale, dense(30, 'relu')));
    // Σ 0.1 · 1 · √2: the inner block reads twice the energy.
    const found = diagnosed(repeated(20, nested(1))).numbers;
    expect(found.scalesModule).toBe('relu');
    expect(found.sumScales).toBeCloseTo(2 * Math.SQRT2, 9);
    expect(diagnosed(repeated(20, nested(0))).numbers.scalesModule).toBe('linear');
  });

  it('sees what normalizations and activations leave of a sign', () => {
    const module = (...branch: Layer[]) => diagnosed(repeated(4, block(0.5, ...branch))).numbers.scalesModule;
    const normalization: Layer = { kind: 'batch-normalization' };
    const activation: Layer = { kind: 'activation', activation: 'relu' };
    expect(module(dense(30, 'relu'), normalization)).toBe('linear');
    expect(module(dense(30, 'linear'), normalization, activation)).toBe('relu');
    expect(module(normalization, activation, dense(30, 'linear'))).toBe('linear');
  });
});

describe('modules of both kinds', () => {
  const speck = block(1e-6, dense(30, 'relu'));

  it('one negligible ReLU module does not take over', () => {
    const modules = repeated(20, block(0.38, dense(30, 'relu'), dense(30, 'linear')));
    const alone = diagnosed(modules);
    const both = diagnosed([...modules, speck]);
    expect(alone.verdict).toBe('fm1-exploding');
    expect(both.verdicts).toEqual(alone.verdicts);
    expect(both.numbers.scalesModule).toBe('linear');
    expect(both.numbers.sumScales).toBeCloseTo(alone.numbers.sumScales ?? 0, 12);
    const [first, second] = sumsOf(both);
    expect(first).toMatch(/^Σ η² = 2\.89 over 20 modules that end in a linear layer/);
    expect(second).toMatch(/^Σ η = 1\.0e-6 over 1 module that ends in ReLU/);
  });

  it('and a negligible linear one does not either', () => {
    const modules = repeated(30, block(0.2, dense(30, 'relu')));
    const { numbers, verdict } = diagnosed([...modules, block(1e-3, dense(30, 'linear'))]);
    expect([verdict, numbers.scalesModule]).toEqual(['starts', 'relu']);
  });

  it('remedies lower the sum that decides, and tell that one', () => {
    const modules = repeated(50, block(1, dense(30, 'relu'), dense(30, 'linear')));
    const { remedy, numbers } = diagnosed([...modules, speck], true);
    expect(numbers.sumScales).toBeCloseTo(50, 9);
    expect(remedy.length).toBeGreaterThanOrEqual(3);
    expect(remedy[0]?.text).toMatch(
      /^scale branch l by η_l = 1\/√L, which keeps Σ η² at 0\.98; yours is 50$/,
    );
    for (const { text } of remedy) expect(text).toMatch(/Σ η² .*yours is 50$/);
  });

  it('tries no rule that raises the sum', () => {
    const modules = repeated(4, block(0.1, dense(30, 'relu')));
    const judgment = judge(engine, {
      ...{ kind: 'network', initializerName: null, key: rootKey(1), data: null, inputLength: 1, trials },
      architecture: { input: { width: 30 }, layers: [dense(30, 'linear'), ...modules, dense(10, 'linear')] },
      // The weights explode, not the scales: every rule would make them larger.
      initializer: findInitializer('he-normal:gain=30').initializer,
    });
    expect(judgment.assessment.verdicts).toEqual(['fm1-exploding']);
    expect(judgment.numbers.sumScales).toBeCloseTo(0.4, 12);
    const texts = residualCandidates(judgment).map(({ text }) => text(judgment, judgment));
    expect(texts).toEqual([expect.stringMatching(/^let every branch begin at zero.*yours is 0\.4$/)]);
  });
});

describe('words of sums', () => {
  it('of one module, of negative scales, of many', () => {
    const [one = ''] = sumsOf(diagnosed([block(0.5, dense(30, 'relu'))]));
    expect(one).toMatch(/^Σ η = 0\.5 over 1 module that ends in ReLU: what they add is positive and adds up/);
    const [negative = ''] = sumsOf(diagnosed(repeated(3, block(-0.5, dense(30, 'relu')))));
    expect(negative).toContain('what they add is negative and adds up');
    const mixed = [...repeated(3, block(-0.5, dense(30, 'relu'))), block(0.5, dense(30, 'relu'))];
    expect(sumsOf(diagnosed(mixed))[0]).toContain('what they add is of one sign in each of them');
    const many = new Array<Layer>(1000).fill(block(1, dense(2, 'relu')));
    const { initializer } = findInitializer('he-normal');
    const architecture: Architecture = { input: { width: 2 }, layers: many };
    const found = diagnoseNetwork(engine, { architecture, initializer, trials: 2, remedies: false });
    expect(sumsOf(found)[0]).toMatch(/^Σ η = 1,000 over 1,000 modules/);
  });

  it('of branches that start at zero', () => {
    const branch = [dense(30, 'relu'), dense(30, 'linear')];
    const fixup = diagnosed(repeated(10, block(1, ...branch)), false, 'fixup');
    expect(sumsOf(fixup)[0]).toBe(
      'Σ η² = 0 before the first step. 10 branches that start at zero are left out.',
    );
    const { notes, numbers } = diagnosed([block(0, ...branch)]);
    expect(numbers.sumScales).toBe(0);
    expect(notes.join(' ')).toMatch(/The only branch starts at zero.*; it stays zero.*would wake it\./);
    const some = diagnosed([block(0, ...branch), block(0.5, ...branch)]);
    expect(sumsOf(some)[0]).toMatch(
      /^Σ η² = 0\.25 over 1 module .*One branch that starts at zero is left out\.$/,
    );
    expect(some.notes.join(' ')).toMatch(/One of the 2 branches starts at zero/);
  });
});
