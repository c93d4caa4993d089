/** The kinks that data force, against exhaustive search over small nets, both below the bound and at what is enough. */
import { InvalidArgumentError } from '@kindling/core';
import { countNeededKinks, type DataPoint, interpolateExactly } from '@kindling/diagnostics';
import { describe, expect, it } from 'vitest';

const pointsOf = (ys: readonly number[]): DataPoint[] => ys.map((y, x) => ({ x, y }));

/** Least sum of squares Σ (y − Xβ)² over β by Gram–Schmidt on the columns; columns that add nothing are dropped. */
function leastSquares(columns: readonly (readonly number[])[], y: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  const basis: number[][] = [];
  let rest = [...y];
  for (const column of columns) {
    let own = [...column];
    for (const _ of [1, 2]) {
      for (const q of basis) {
        const share = dot(own, q);
        own = own.map((value, i) => value - share * (q[i] ?? 0));
      }
    }
    const length = Math.sqrt(dot(own, own));
    if (length < 1e-9) continue;
    const q = own.map((value) => value / length);
    basis.push(q);
    const share = dot(rest, q);
    rest = rest.map((value, i) => value - share * (q[i] ?? 0));
  }
  return dot(rest, rest);
}

/**
 * The least loss of a ReLU net of `width` units on points at x = 0, 1, …: all places of kinks on a grid of tenths (points among them)
 * in either direction, output weights by least squares.
 */
function leastLoss(ys: readonly number[], width: number): number {
  const last = ys.length - 1;
  const units: number[][] = [];
  for (let place = -1; place <= 10 * last; place++) {
    const t = place / 10;
    units.push(
      ys.map((_, x) => Math.max(0, x - t)),
      ys.map((_, x) => Math.max(0, t + 0.2 - x)),
    );
  }
  const constant = ys.map(() => 1);
  let least = Number.POSITIVE_INFINITY;
  const search = (chosen: readonly number[][], from: number) => {
    if (chosen.length === width) {
      least = Math.min(least, leastSquares([constant, ...chosen], ys));
      return;
    }
    for (let i = from; i < units.length; i++) search([...chosen, units[i] ?? []], i + 1);
  };
  search([], 0);
  return least;
}

/** The least loss of continuous functions of straight pieces with so many kinks, on the same grid: a slope of their own comes first. */
function leastLossWithSlope(ys: readonly number[], kinks: number): number {
  const last = ys.length - 1;
  const units = Array.from({ length: 10 * last }, (_, i) => ys.map((_, x) => Math.max(0, x - i / 10)));
  const base = [ys.map(() => 1), ys.map((_, x) => x)];
  let least = Number.POSITIVE_INFINITY;
  const search = (chosen: readonly number[][], from: number) => {
    if (chosen.length === kinks) {
      least = Math.min(least, leastSquares([...base, ...chosen], ys));
      return;
    }
    for (let i = from; i < units.length; i++) search([...chosen, units[i] ?? []], i + 1);
  };
  search([], 0);
  return least;
}

describe('the count', () => {
  it.each([
    [[], 0],
    [[3], 0],
    [[1, 5], 0],
    [[0, 1, 2, 3], 0],
    [[0, 1, 0], 1],
    [[0, 1, 0, 1], 2],
    [[0, 1, 0, 1, 0, 1], 4],
    // Convex: a run of three, two kinks; of four, still two.
    [[0, 1, 4, 9, 16], 2],
    [[0, 1, 4, 9, 16, 25], 2],
    // A run of two, a straight point, a run of one of the same sign.
    [[0, 0, 1, 3, 5, 8], 2],
    [[0, 1, 3, 4, 4, 6], 3],
  ])('of %j is %i', (ys, kinks) => {
    expect(countNeededKinks(pointsOf(ys))).toBe(kinks);
    expect(countNeededKinks(pointsOf(ys).reverse())).toBe(kinks);
  });

  it('refuses equal places and what is no number', () => {
    const bad = [
      { x: 1, y: 0 },
      { x: 1, y: 2 },
    ];
    expect(() => countNeededKinks(bad)).toThrow(InvalidArgumentError);
    expect(() => countNeededKinks(bad)).toThrow('two points have x = 1');
    expect(() => countNeededKinks([{ x: Number.NaN, y: 0 }])).toThrow('expected finite numbers');
  });
});

describe('exhaustive search over small functions', () => {
  const cases: readonly (readonly number[])[] = [
    [0, 1, 0],
    [0, 1, 0, 1],
    [0, 2, 1, 1.5],
    [0, 1, 4, 9],
    [0, 1, 4, 9, 16],
    [0, 0, 1, 3, 5],
  ];

  it('finds none with fewer kinks, and none but by units with fewer units', () => {
    for (const ys of cases) {
      const kinks = countNeededKinks(pointsOf(ys));
      expect(leastLossWithSlope(ys, kinks - 1), `${ys}`).toBeGreaterThan(0.01);
      expect(leastLoss(ys, kinks - 1), `${ys}`).toBeGreaterThan(0.01);
    }
  });

  it('finds one with as many kinks as are counted: the bound is sharp', () => {
    for (const ys of cases) {
      // The kinks of these lie on the grid of tenths: 0, 1, 4, 9 is 0 to x = ½ … on lines of slopes 1 and 5.
      const kinks = countNeededKinks(pointsOf(ys));
      expect(leastLossWithSlope(ys, kinks), `${ys}`).toBeLessThan(1e-12);
    }
  });

  it('finds that a zigzag of three points needs two units, which is m − 1, and that m − 1 always do', () => {
    expect(leastLoss([0, 1, 0], 1)).toBeGreaterThan(0.01);
    expect(leastLoss([0, 1, 0], 2)).toBeLessThan(1e-12);
    for (const ys of cases) {
      const { width } = interpolateExactly({ inputs: ys.map((_, x) => [x]), targets: ys });
      expect(width).toBe(ys.length - 1);
      expect(width).toBeGreaterThan(countNeededKinks(pointsOf(ys)));
    }
  });
});
