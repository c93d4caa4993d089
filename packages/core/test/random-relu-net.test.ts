/** Random nets in one call: the bits of the kernels they are made of, one after the other, whatever the depth does to lengths. */
import { describe, expect, it } from 'vitest';
import { createEngine, deriveKey, keyPurpose, type RandomKey, rootKey } from '../src/index.js';
import {
  type RandomReluLayer,
  type RandomReluResult,
  randomReluNet,
  randomReluNets,
} from '../src/reference/index.js';
import { randomFloats } from './floats.js';
import { borrowing, guardedBlock, guardedVector } from './guarded.js';

const engine = createEngine();
const laws = ['normal', 'uniform', 'truncated-normal'] as const;
const vectors = (n: number) => Math.ceil(n / 4) * 4;

function run(key: RandomKey, layers: readonly RandomReluLayer[], input: Float32Array): RandomReluResult[] {
  return borrowing(engine, () => {
    const widest = vectors(Math.max(input.length, ...layers.map(({ width }) => width)));
    const largest = Math.max(...layers.map(({ fanIn, width }) => fanIn * width)) + 3;
    const table = placeTable(layers);
    const blocks = {
      from: guardedBlock(engine, widest),
      to: guardedBlock(engine, widest),
      weights: guardedBlock(engine, largest),
      zeros: guardedVector(engine, new Float32Array(widest)),
      results: guardedBlock(engine, 4 * layers.length),
    };
    engine.arena.floats(blocks.from.pointer, input.length).set(input);
    engine.kernels.random_relu_net(
      ...key,
      layers.length,
      ...([table, blocks.from.pointer, blocks.to.pointer, blocks.weights.pointer] as const),
      blocks.zeros.pointer,
      blocks.results.pointer,
    );
    for (const block of Object.values(blocks)) expect(block.brokenGuard()).toBeNull();
    const bytes = engine.arena.bytes(blocks.results.pointer, 16 * layers.length);
    const results = new Float64Array(bytes.slice().buffer);
    return layers.map((_, j) => ({
      square: results[2 * j] ?? Number.NaN,
      exponent: results[2 * j + 1] ?? Number.NaN,
    }));
  });
}

function layersOf(
  widths: readonly number[],
  law: RandomReluLayer['law'],
  variance: number,
): RandomReluLayer[] {
  const spread = { normal: 1, uniform: Math.sqrt(3), 'truncated-normal': 1 }[law];
  return widths.slice(1).map((width, j) => {
    const fanIn = widths[j] ?? 0;
    return { fanIn, width, law, parameter: spread * Math.sqrt(variance / fanIn) };
  });
}

/** log(M_j / M₀) of many nets, as the kernel gives them. */
function runMany(
  parent: RandomKey,
  first: number,
  nets: number,
  layers: readonly RandomReluLayer[],
): number[] {
  return borrowing(engine, () => {
    const widest = vectors(Math.max(...layers.flatMap(({ fanIn, width }) => [fanIn, width])));
    const largest = Math.max(...layers.map(({ fanIn, width }) => fanIn * width)) + 3;
    const blocks = {
      from: guardedBlock(engine, widest),
      to: guardedBlock(engine, widest),
      weights: guardedBlock(engine, largest),
      zeros: guardedVector(engine, new Float32Array(widest)),
      results: guardedBlock(engine, 4 * layers.length),
      logLengths: guardedBlock(engine, 2 * nets * layers.length),
    };
    engine.kernels.random_relu_nets(
      ...parent,
      ...([first, nets, layers.length, placeTable(layers)] as const),
      ...([blocks.from.pointer, blocks.to.pointer, blocks.weights.pointer, blocks.zeros.pointer] as const),
      ...([blocks.results.pointer, blocks.logLengths.pointer] as const),
    );
    for (const block of Object.values(blocks)) expect(block.brokenGuard()).toBeNull();
    return [...engine.arena.doubles(blocks.logLengths.pointer, nets * layers.length)];
  });
}

/** The table of a net's layers, in the arena. */
function placeTable(layers: readonly RandomReluLayer[]): number {
  const table = engine.arena.allocate(16 * layers.length);
  const words = engine.arena.words(table, 4 * layers.length);
  const floats = engine.arena.floats(table, 4 * layers.length);
  layers.forEach(({ fanIn, width, law, parameter }, j) => {
    words.set([fanIn, width, laws.indexOf(law)], 4 * j);
    floats[4 * j + 3] = parameter;
  });
  return table;
}

describe('random_relu_nets', () => {
  it.each(laws)('has the bits of its twin for %s weights', (law) => {
    const layers = layersOf([5, 9, 4, 12], law, 2);
    const twin = randomReluNets(rootKey(9), 7, layers);
    expect(runMany(rootKey(9), 0, 7, layers)).toEqual(twin.flat());
    // Beginning later, the same nets.
    expect(runMany(rootKey(9), 3, 4, layers)).toEqual(twin.slice(3).flat());
  });
});

describe('random_relu_net', () => {
  it.each(laws)('has the bits of its twin for %s weights, over widths around the vectors', (law) => {
    for (const widths of [
      [1, 1],
      [3, 4, 5, 1, 8],
      [17, 30, 12, 33],
      [9, 64, 2],
    ]) {
      const key = deriveKey(rootKey(5), keyPurpose.trial, widths.length);
      const layers = layersOf(widths, law, 2);
      const input = randomFloats(widths[0] ?? 0, widths[0] ?? 0);
      expect(run(key, layers, input)).toEqual(randomReluNet(key, layers, input));
    }
  });

  it.each([1e-6, 1e6])('carries powers of two where lengths run away: variance %f / fan-in', (variance) => {
    const layers = layersOf(new Array<number>(61).fill(12), 'normal', variance);
    const key = rootKey(7);
    const input = randomFloats(1, 12);
    const results = run(key, layers, input);
    expect(results).toEqual(randomReluNet(key, layers, input));
    expect(Math.abs(results.at(-1)?.exponent ?? 0)).toBeGreaterThan(400);
  });

  it('passes on dead layers, NaN and infinities', () => {
    const layers = layersOf([4, 6, 5], 'normal', 2);
    const key = rootKey(1);
    expect(run(key, layers, new Float32Array(4))).toEqual([
      { square: 0, exponent: 0 },
      { square: 0, exponent: 0 },
    ]);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const input = Float32Array.of(bad, 1, 1, 1);
      expect(run(key, layers, input)).toEqual(randomReluNet(key, layers, input));
    }
  });

  it('draws other numbers for another key', () => {
    const layers = layersOf([4, 6, 5], 'normal', 2);
    const input = Float32Array.of(1, 1, 1, 1);
    expect(run(rootKey(1), layers, input)).not.toEqual(run(rootKey(2), layers, input));
  });
});
