/** The arena between two reports of a measurement, and after measurements that end, are left or throw. */
import { allocateMatrix, createEngine, type Engine, rootKey, writeMatrix } from '@kindling/core';
import {
  measureActiveNeurons,
  measureBornDead,
  measureGradientStatistics,
  measureLengthStatistics,
  measureSecondLayerDeath,
} from '@kindling/diagnostics';
import { findInitializer, type Initializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { finish } from './measure-run.js';

const he = findInitializer('he-normal').initializer;

type Steps = Generator<{ readonly done: number; readonly total: number }, unknown>;

const measurements: readonly [string, (engine: Engine, initializer: Initializer) => Steps][] = [
  [
    'measureBornDead',
    (engine, initializer) => {
      const options = { inputDimension: 2, hidden: [3, 3], initializer, trials: 100, key: rootKey(1) };
      return measureBornDead(engine, options);
    },
  ],
  [
    'measureActiveNeurons',
    (engine, initializer) => {
      const options = { inputDimension: 2, hidden: [3, 3], initializer, trials: 5, key: rootKey(1) };
      return measureActiveNeurons(engine, options);
    },
  ],
  [
    'measureSecondLayerDeath',
    (engine, initializer) => {
      const options = {
        inputDimension: 1,
        firstWidth: 3,
        initializer,
        trials: 100,
        key: rootKey(1),
      } as const;
      return measureSecondLayerDeath(engine, options);
    },
  ],
  [
    'measureGradientStatistics',
    (engine, initializer) =>
      measureGradientStatistics(engine, { widths: [3, 3], initializer, trials: 9, key: rootKey(1) }),
  ],
  [
    'measureLengthStatistics',
    (engine, initializer) =>
      measureLengthStatistics(engine, { widths: [3, 3], initializer, trials: 9, key: rootKey(1) }),
  ],
];

describe.each(measurements)('%s', (name, start) => {
  it('refuses an arena that changed between two reports, and leaves what was allocated there alone', () => {
    const engine = createEngine();
    const used = engine.arena.usedBytes;
    const steps = start(engine, he);
    steps.next();
    const mine = allocateMatrix(engine, 4, 4);
    writeMatrix(engine, mine, new Array<number>(16).fill(7));
    const usedByBoth = engine.arena.usedBytes;
    expect(() => steps.next()).toThrow(`${name}: the arena changed between two reports`);
    expect(engine.arena.usedBytes).toBe(usedByBoth);
    expect(usedByBoth).toBeGreaterThan(used);
    expect(allocateMatrix(engine, 4, 4).pointer).toBeGreaterThan(mine.pointer);
  });

  it('goes on where the arena is as it was left, and gives its memory back at the end', () => {
    const engine = createEngine();
    const used = engine.arena.usedBytes;
    const undisturbed = finish(start(engine, he));
    const steps = start(engine, he);
    steps.next();
    const mark = engine.arena.mark();
    allocateMatrix(engine, 4, 4);
    engine.arena.release(mark);
    expect(finish(steps)).toEqual(undisturbed);
    expect(engine.arena.usedBytes).toBe(used);
  });

  it('gives its memory back when it is left or throws', () => {
    const engine = createEngine();
    const used = engine.arena.usedBytes;
    const steps = start(engine, he);
    steps.next();
    steps.return(undefined);
    expect(engine.arena.usedBytes).toBe(used);
    const tooMuch: Initializer = {
      kind: 'data-dependent',
      anchors: 'cycle',
      weightDeviation: 1e30,
      biasDeviation: 1e30,
    };
    // Data-dependent weights of this size leave f32 in the second layer; the others refuse the initializer.
    expect(() => finish(start(engine, tooMuch))).toThrow();
    expect(engine.arena.usedBytes).toBe(used);
  });
});
