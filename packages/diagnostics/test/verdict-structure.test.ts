/** What nothing bypasses, and what a block bypasses: symmetry, death, gradients, and the words about them. */
import {
  type Architecture,
  allocateMatrix,
  createEngine,
  type Layer,
  openStream,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import { type Diagnosis, diagnoseNetwork, type Evidence, type EvidenceQuantity } from '@kindling/diagnostics';
import { findInitializer, layerwise } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const constant = layerwise({ kind: 'constant', value: 0.1 });
const linear = (units: number): Layer => ({ kind: 'dense', units, activation: 'linear' });
const relu = (units: number): Layer => ({ kind: 'dense', units, activation: 'relu' });
const activation: Layer = { kind: 'activation', activation: 'relu' };
const normalization: Layer = { kind: 'batch-normalization' };
const pair = (width: number): readonly Layer[] => [relu(width), linear(width)];

function block(
  scale: number,
  branch: readonly Layer[],
  shortcut: 'identity' | 'projection' = 'identity',
): Layer {
  return { kind: 'residual', branch, scale, shortcut };
}

function repeated(count: number, ...layers: readonly Layer[]): readonly Layer[] {
  return Array.from({ length: count }, () => layers).flat();
}

function diagnosed(width: number, layers: readonly Layer[], name = 'he-normal', trials = 24): Diagnosis {
  const architecture: Architecture = { input: { width }, layers: [...layers, linear(10)] };
  const initializer = name === 'constant' ? constant : findInitializer(name).initializer;
  return diagnoseNetwork(engine, { architecture, initializer, trials, remedies: false });
}

function evidenceOf({ evidence }: Diagnosis, quantity: EvidenceQuantity): Evidence | undefined {
  return evidence.find((item) => item.quantity === quantity);
}

describe('equal units', () => {
  it.each(['zeros', 'constant'])('%s inside blocks alone leave the rest to learn', (name) => {
    const found = diagnosed(30, [block(1, pair(30))], name);
    expect(found.verdicts).not.toContain('no-symmetry-breaking');
    expect(found.verdicts).not.toContain('zero-output');
    expect(found.verdict).toBe('starts');
  });

  it('a note tells of branches that are worth one unit', () => {
    const { notes } = diagnosed(30, [block(1, pair(30))], 'constant');
    expect(notes.join(' ')).toMatch(/a branch is worth one unit/);
    expect(diagnosed(30, [block(1, pair(30))]).notes.join(' ')).not.toMatch(/worth one unit/);
  });

  it.each([
    ['a layer before the blocks', [linear(20), block(1, pair(20))]],
    ['a layer behind them', [block(1, pair(30)), relu(20)]],
    ['a projection', [block(1, pair(20), 'projection')]],
  ])('%s makes all of it equal', (_, layers) => {
    expect(diagnosed(30, layers, 'constant').verdict).toBe('no-symmetry-breaking');
    expect(diagnosed(30, layers, 'zeros').verdicts).toEqual(['no-symmetry-breaking', 'zero-output']);
  });
});

describe('death of what reads no weights of its own', () => {
  it('has no bound where a ReLU reads the data: all negative, and every net is dead', () => {
    const mark = engine.arena.mark();
    const inputs = allocateMatrix(engine, 8, 7);
    writeMatrix(engine, inputs, new Array<number>(56).fill(-0.5));
    const architecture: Architecture = { input: { width: 7 }, layers: [activation, relu(8), linear(3)] };
    const { initializer } = findInitializer('he-normal');
    const found = diagnoseNetwork(engine, { architecture, initializer, data: { inputs }, trials: 16 });
    engine.arena.release(mark);
    expect(found.numbers.bornDeadProbability).toBe(1);
    expect(found.verdict).toBe('born-dead');
    expect(evidenceOf(found, 'bornDeadUpper')).toBeUndefined();
  });

  it.each([
    ['behind weights', [linear(3), activation], 2 ** -3],
    ['behind weights and their normalization', [linear(3), normalization, activation], 2 ** -3],
    ['twice, which is once', [relu(3), activation], 2 ** -3],
    ['behind a block', [linear(3), block(1, pair(3)), activation], null],
    ['behind a normalized ReLU', [relu(3), normalization, activation], null],
  ] as const)('%s', (_, layers, bound) => {
    const found = diagnosed(4, layers, 'he-normal', 200);
    const upper = evidenceOf(found, 'bornDeadUpper');
    if (bound === null) expect(upper).toBeUndefined();
    else expect(found.numbers.bornDeadProbability).toBeLessThanOrEqual(upper?.value ?? bound);
    if (bound !== null && upper !== undefined) expect(upper.value).toBeCloseTo(bound, 12);
  });

  it('prints no bound below what was measured', () => {
    const mark = engine.arena.mark();
    // Equal rows die together: a layer of 3 with probability 1/8, of which 8 nets often show more.
    const inputs = allocateMatrix(engine, 8, 4);
    writeMatrix(engine, inputs, new Array<number>(32).fill(0.5));
    const { initializer } = findInitializer('he-normal');
    const architecture: Architecture = { input: { width: 4 }, layers: [linear(3), relu(3), linear(2)] };
    const options = { architecture, initializer, data: { inputs }, trials: 8, remedies: false };
    const told = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((seed) => {
      const found = diagnoseNetwork(engine, { ...options, key: rootKey(seed) });
      const upper = evidenceOf(found, 'bornDeadUpper')?.value ?? null;
      if (upper !== null) expect(upper).toBeGreaterThanOrEqual(found.numbers.bornDeadProbability);
      return upper;
    });
    engine.arena.release(mark);
    expect(new Set(told)).toEqual(new Set([1 / 8, null]));
  });
});

describe('what is said of shortcuts', () => {
  const alive = /shortcuts keep it alive/;
  const theorem = /no second failure mode/;

  it('that they keep alive what has no bottleneck, and only that', () => {
    expect(diagnosed(10, repeated(5, block(0.2, pair(10)))).notes.join(' ')).toMatch(alive);
    const post = diagnosed(10, [linear(2), ...repeated(8, block(1, pair(2)), activation)], 'he-normal', 100);
    expect(post.numbers.bornDeadProbability).toBeGreaterThan(0.1);
    expect(post.notes.join(' ')).not.toMatch(alive);
  });

  it('and nothing of 40 plain layers beside one block', () => {
    const { notes } = diagnosed(10, [...repeated(40, relu(10)), block(0.01, pair(10))]);
    expect(notes.join(' ')).not.toMatch(alive);
    expect(notes.join(' ')).not.toMatch(theorem);
  });
});

/** Mean and standard error of ‖J‖²_F/n over nets of modules x + η ReLU(W x) or x + η V ReLU(W x), He normal, from a random input. */
function measuredGradients(width: number, modules: number, scale: number, ending: 'relu' | 'linear') {
  const nets = 120;
  const room = allocateMatrix(engine, 1, width * width);
  const stream = openStream(engine, rootKey(7));
  const draw = (count: number, deviation: number) => {
    engine.kernels.fill_normal(stream, room.stride, room.pointer, deviation);
    return Array.from(readMatrix(engine, room)).slice(0, count);
  };
  const times = (matrix: readonly number[], vector: readonly number[]) =>
    vector.map((_, i) => vector.reduce((sum, x, j) => sum + (matrix[i * width + j] ?? 0) * x, 0));
  const squares = Array.from({ length: nets }, () => {
    let x: readonly number[] = draw(width, 1);
    // ‖J u‖² of a random direction u has the mean ‖J‖²_F/n for |u|² = 1.
    let tangent: readonly number[] = draw(width, 1);
    const start = tangent.reduce((sum, value) => sum + value * value, 0);
    for (let module = 0; module < modules; module++) {
      const first = draw(width * width, Math.sqrt(2 / width));
      const sums = times(first, x);
      const mask = (values: readonly number[]) => values.map((value, i) => ((sums[i] ?? 0) > 0 ? value : 0));
      let [added, moved] = [mask(sums), mask(times(first, tangent))];
      if (ending === 'linear') {
        const second = draw(width * width, Math.sqrt(2 / width));
        [added, moved] = [times(second, added), times(second, moved)];
      }
      x = x.map((value, i) => value + scale * (added[i] ?? 0));
      tangent = tangent.map((value, i) => value + scale * (moved[i] ?? 0));
    }
    return tangent.reduce((sum, value) => sum + value * value, 0) / start;
  });
  const mean = squares.reduce((sum, value) => sum + value, 0) / nets;
  const variance = squares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (nets - 1);
  return { mean, error: Math.sqrt(variance / nets) };
}

describe('gradients', () => {
  it('are told where they are the length: modules that end in a linear layer', () => {
    const told = evidenceOf(diagnosed(30, repeated(8, block(0.4, pair(30)))), 'gradientNorm')?.value;
    expect(told).toBeCloseTo((1 + 2 * 0.16) ** 8, 6);
    const { mean, error } = measuredGradients(30, 8, 0.4, 'linear');
    expect(Math.abs(mean - (told ?? 0))).toBeLessThan(4 * error);
  });

  it('are not told where they are not: the length of ReLU modules is far from them', () => {
    const found = diagnosed(30, repeated(10, block(0.5, [relu(30)])), 'he-normal', 60);
    expect(evidenceOf(found, 'gradientNorm')).toBeUndefined();
    expect(found.notes.join(' ')).toMatch(/What becomes of gradients is not judged by the length here/);
    const { mean, error } = measuredGradients(30, 10, 0.5, 'relu');
    const length = 10 ** (found.numbers.log10Typical ?? 0);
    expect(length).toBeGreaterThan(3 * (mean + 4 * error));
  });

  it.each([
    ['plain layers', [relu(20), linear(20), activation], true],
    ['a normalization', [linear(20), normalization, activation], false],
    ['an activation of a sum', [linear(20), block(0.1, pair(20)), activation], false],
    ['a branch that begins with an activation', [linear(20), block(0.1, [activation, linear(20)])], false],
    ['a projection', [block(0.1, pair(20), 'projection')], true],
  ] as const)('%s', (_, layers, told) => {
    const found = diagnosed(20, layers);
    expect(evidenceOf(found, 'gradientNorm') !== undefined).toBe(told);
  });
});
