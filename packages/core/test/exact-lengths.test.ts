/** Lengths by their exact law: the bits of the kernels they are made of, one after the other, however far lengths run. */
import { describe, expect, it } from 'vitest';
import { createEngine, deriveKey, keyPurpose, type RandomKey, rootKey } from '../src/index.js';
import {
  type ExactLengthLayer,
  type ExactLengthResult,
  exactLength,
  exactLengths,
} from '../src/reference/index.js';
import { borrowing, guardedBlock } from './guarded.js';

const engine = createEngine();
const { arena, kernels } = engine;

function layersOf(
  widths: readonly number[],
  throughWeights: number,
  biasVariance: number,
): ExactLengthLayer[] {
  return widths.map((width) => ({ width, throughWeights, biasVariance }));
}

function placeTable(layers: readonly ExactLengthLayer[]): number {
  const table = arena.allocate(24 * layers.length);
  layers.forEach(({ width, throughWeights, biasVariance }, j) => {
    arena.doubles(table + 24 * j, 2).set([throughWeights, biasVariance]);
    arena.words(table + 24 * j + 16, 1).set([width]);
  });
  return table;
}

function run(key: RandomKey, layers: readonly ExactLengthLayer[], inputLength: number): ExactLengthResult[] {
  return borrowing(engine, () => {
    const table = placeTable(layers);
    const room = guardedBlock(engine, Math.max(...layers.map(({ width }) => width)));
    const results = guardedBlock(engine, 4 * layers.length);
    kernels.exact_length(
      ...key,
      ...([layers.length, table, inputLength, room.pointer, results.pointer] as const),
    );
    expect([room.brokenGuard(), results.brokenGuard()]).toEqual([null, null]);
    const values = arena.doubles(results.pointer, 2 * layers.length);
    return layers.map((_, j) => ({
      ratio: values[2 * j] ?? Number.NaN,
      exponent: values[2 * j + 1] ?? Number.NaN,
    }));
  });
}

function runMany(
  parent: RandomKey,
  [first, nets]: readonly [number, number],
  layers: readonly ExactLengthLayer[],
): number[] {
  return borrowing(engine, () => {
    const table = placeTable(layers);
    const room = guardedBlock(engine, Math.max(...layers.map(({ width }) => width)));
    const results = guardedBlock(engine, 4 * layers.length);
    const logLengths = guardedBlock(engine, 2 * nets * layers.length);
    kernels.exact_lengths(
      ...parent,
      ...([first, nets, layers.length, table, 1, room.pointer, results.pointer, logLengths.pointer] as const),
    );
    for (const block of [room, results, logLengths]) expect(block.brokenGuard()).toBeNull();
    return [...arena.doubles(logLengths.pointer, nets * layers.length)];
  });
}

describe('exact_length', () => {
  it.each([
    { throughWeights: 2, biasVariance: 0 },
    { throughWeights: 1.5, biasVariance: 0.3 },
  ])('has the bits of its twin, over widths around the units of the fill: %o', (law) => {
    for (const widths of [[1], [3, 4, 5, 1, 8], [17, 30, 12, 33, 16]]) {
      const key = deriveKey(rootKey(5), keyPurpose.trial, widths.length);
      const layers = layersOf(widths, law.throughWeights, law.biasVariance);
      expect(run(key, layers, 0.75)).toEqual(exactLength(key, layers, 0.75));
    }
  });

  it.each([1e-9, 1e9])(
    'carries powers of two where lengths run away: Var(w)·fan-in = %f',
    (throughWeights) => {
      const layers = layersOf(new Array<number>(100).fill(12), throughWeights, 0);
      const results = run(rootKey(7), layers, 1);
      expect(results).toEqual(exactLength(rootKey(7), layers, 1));
      expect(Math.abs(results.at(-1)?.exponent ?? 0)).toBeGreaterThan(2000);
    },
  );

  it('weighs biases in the units of lengths that ran far beyond f64 and came back', () => {
    const up = layersOf(new Array<number>(50).fill(16), 1e9, 0.5);
    const down = layersOf(new Array<number>(60).fill(16), 1e-9, 0.5);
    const layers = [...up, ...down];
    const results = run(rootKey(8), layers, 1);
    expect(results).toEqual(exactLength(rootKey(8), layers, 1));
    expect(Math.max(...results.map(({ exponent }) => exponent))).toBeGreaterThan(1074);
    // Back among ordinary numbers, where the biases alone decide: half their variance, by the ReLU.
    expect(results.at(-1)?.exponent).toBe(0);
    expect(results.at(-1)?.ratio).toBeGreaterThan(0.01);
    expect(results.at(-1)?.ratio).toBeLessThan(2);
  });

  it('draws other numbers for another key', () => {
    const layers = layersOf([6, 5], 2, 0);
    expect(run(rootKey(1), layers, 1)).not.toEqual(run(rootKey(2), layers, 1));
  });
});

describe('exact_lengths', () => {
  it.each([0, 0.3])(
    'has the bits of its twin, dead nets among them: biases of variance %f',
    (biasVariance) => {
      const layers = layersOf([3, 1, 2, 9, 1], 2, biasVariance);
      const twin = exactLengths(rootKey(9), 40, layers, 1);
      expect(runMany(rootKey(9), [0, 40], layers)).toEqual(twin.flat());
      expect(twin.flat().includes(Number.NEGATIVE_INFINITY)).toBe(true);
      // Beginning later, the same nets.
      expect(runMany(rootKey(9), [3, 4], layers)).toEqual(twin.slice(3, 7).flat());
    },
  );
});
