import { createEngine, InvalidArgumentError, readMatrix, rootKey } from '@kindling/core';
import { findTargetFunction, sampleFunction, targetFunctions, unitVarianceRadius } from '@kindling/trainer';
import { describe, expect, it } from 'vitest';

const engine = createEngine();

describe('target functions', () => {
  it.each<[string, readonly number[], readonly number[]]>([
    ['absolute', [-1.5], [1.5]],
    ['folded', [-1], [1]],
    ['folded', [0.5], [0.5]],
    ['folded', [Math.sqrt(3)], [0]],
    ['folded', [-Math.sqrt(3)], [0]],
    ['x-sin-5x', [2], [2 * Math.sin(10)]],
    ['step-sine', [0], [0]],
    ['step-sine', [0.3], [1 + 0.2 * Math.sin(1.5)]],
    ['step-sine', [-0.3], [-0.2 * Math.sin(1.5)]],
    ['absolute-pair', [1, -2], [1, 3]],
  ])('%s of %s is %s', (name, point, values) => {
    const got = findTargetFunction(name).evaluate(point);
    expect(got).toHaveLength(values.length);
    // An ulp of the host's sine, and one rounding more.
    values.forEach((value, i) => {
      expect(Math.abs(Number(got[i]) - value)).toBeLessThan(1e-15);
    });
  });

  it('have names of their own and as many outputs as they say', () => {
    expect(new Set(targetFunctions.map(({ name }) => name)).size).toBe(targetFunctions.length);
    for (const { inputs, outputs, evaluate } of targetFunctions) {
      expect(evaluate(new Array<number>(inputs).fill(0.5))).toHaveLength(outputs);
    }
  });

  it('names what there is when asked for another', () => {
    expect(() => findTargetFunction('cube')).toThrow(InvalidArgumentError);
    expect(() => findTargetFunction('cube')).toThrow('expected absolute, folded');
  });
});

describe('sampleFunction', () => {
  const absolute = findTargetFunction('absolute');
  const pair = findTargetFunction('absolute-pair');

  it('makes a grid from end to end, symmetric to the bit', () => {
    const { inputs, targets } = sampleFunction(engine, absolute, { count: 101 });
    const points = [...readMatrix(engine, inputs)];
    expect([points[0], points[50], points[100]]).toEqual([
      -Math.fround(unitVarianceRadius),
      0,
      Math.fround(unitVarianceRadius),
    ]);
    expect(points.map((x) => 0 - x).reverse()).toEqual(points.map((x) => x + 0));
    expect([...readMatrix(engine, targets)]).toEqual(points.map(Math.abs));
    expect([...readMatrix(engine, sampleFunction(engine, absolute, { count: 1 }).inputs)]).toEqual([0]);
  });

  it('makes a square grid over two inputs, the last coordinate fastest', () => {
    const { inputs, targets } = sampleFunction(engine, pair, { count: 9, radius: 2 });
    expect([...readMatrix(engine, inputs)].map((x) => x + 0)).toEqual([
      -2, -2, -2, 0, -2, 2, 0, -2, 0, 0, 0, 2, 2, -2, 2, 0, 2, 2,
    ]);
    expect([...readMatrix(engine, targets)]).toEqual([4, 0, 2, 2, 0, 4, 2, 2, 0, 0, 2, 2, 0, 4, 2, 2, 4, 0]);
  });

  it('draws points by the key: the same for the same, inside, spread evenly; targets are the function there', () => {
    const draw = (seed: number, count: number) => {
      const { inputs, targets } = sampleFunction(engine, pair, { count, radius: 3, key: rootKey(seed) });
      return { points: readMatrix(engine, inputs), values: readMatrix(engine, targets) };
    };
    const before = engine.arena.mark();
    const { points, values } = draw(1, 5000);
    expect(draw(1, 5000)).toEqual({ points, values });
    expect(draw(2, 5000).points).not.toEqual(points);
    expect(points.every((x) => Math.abs(x) < 3)).toBe(true);
    const [x, y] = [Number(points[20]), Number(points[21])];
    expect([values[20], values[21]]).toEqual([Math.fround(Math.abs(x + y)), Math.fround(Math.abs(x - y))]);
    // Mean 0 and mean square 3 of U(±3): five standard errors of 10,000 coordinates.
    const mean = (f: (value: number) => number) => points.reduce((sum, value) => sum + f(value), 0) / 10_000;
    expect(Math.abs(mean((value) => value))).toBeLessThan(5 * Math.sqrt(3 / 10_000));
    expect(Math.abs(mean((value) => value * value) - 3)).toBeLessThan(5 * Math.sqrt((81 / 5 - 9) / 10_000));
    engine.arena.release(before);
  });

  it.each([
    [{ count: 0 }, 'count is 0'],
    [{ count: 1.5 }, 'count is 1.5'],
    [{ count: 9, radius: 0 }, 'radius is 0'],
    [{ count: 9, radius: Number.NaN }, 'radius is NaN'],
    [{ count: 10 }, 'count is 10; expected the square of an integer for a grid over 2 inputs, such as 16'],
  ])('refuses %s and allocates nothing', (sample, message) => {
    const before = engine.arena.usedBytes;
    expect(() => sampleFunction(engine, pair, sample)).toThrow(message);
    expect(engine.arena.usedBytes).toBe(before);
  });
});
