/** Least squares with a ridge: what is exact is found, the solution is the minimum, and what has none is refused. */
import { InvalidArgumentError } from '@kindling/core';
import { describe, expect, it } from 'vitest';
import { addRow, openNormalEquations, solveRidge } from '../src/regression/ridge.js';

const columns = 5;
const rows = Array.from({ length: 40 }, (_, i) =>
  Float64Array.from(
    { length: columns },
    (_, j) => Math.sin(1.3 * (i + 1) * (j + 1.7)) * (i % 3 === j ? 0 : 1),
  ),
);
const truth = [
  [1, -2],
  [0.5, 0],
  [3, 1],
  [-1, 4],
  [0.25, 2],
] as const;

function solve(targetOf: (x: Float64Array, i: number) => readonly number[], ridge: number): Float64Array {
  const equations = openNormalEquations(columns, 2);
  rows.forEach((x, i) => {
    addRow(equations, x, Float64Array.from(targetOf(x, i)));
  });
  return solveRidge(equations, ridge);
}

const exact = (x: Float64Array) =>
  [0, 1].map((k) => x.reduce((sum, value, j) => sum + value * (truth[j]?.[k] ?? 0), 0));

describe('solveRidge', () => {
  it('finds a linear map where there is one', () => {
    const solution = solve(exact, 1e-14);
    truth.flat().forEach((value, i) => {
      expect(solution[i]).toBeCloseTo(value, 9);
    });
  });

  it('is the minimum of squares and ridge: no step to a side is lower', () => {
    const targetOf = (x: Float64Array, i: number) => exact(x).map((value) => value + Math.cos(5 * i));
    const ridge = 0.1;
    const solution = solve(targetOf, ridge);
    const diagonal = rows.reduce((sum, x) => sum + x.reduce((own, value) => own + value * value, 0), 0);
    const cost = (beta: Float64Array) =>
      rows.reduce((sum, x, i) => {
        const wanted = targetOf(x, i);
        return [0, 1].reduce((own, k) => {
          const got = x.reduce((total, value, j) => total + value * (beta[2 * j + k] ?? 0), 0);
          return own + (got - (wanted[k] ?? 0)) ** 2;
        }, sum);
      }, 0) +
      ((ridge * diagonal) / columns) * beta.reduce((sum, value) => sum + value * value, 0);
    const least = cost(solution);
    solution.forEach((_, i) => {
      for (const step of [-1e-3, 1e-3]) {
        expect(cost(solution.map((value, j) => (i === j ? value + step : value)))).toBeGreaterThan(least);
      }
    });
  });

  it('shrinks with the ridge, and refuses NaN and columns that are all zero', () => {
    const size = (ridge: number) => solve(exact, ridge).reduce((sum, value) => sum + value * value, 0);
    expect(size(1)).toBeLessThan(0.8 * size(1e-9));
    expect(() => solve(() => [1, 1], Number.NaN)).toThrow(InvalidArgumentError);
    const empty = openNormalEquations(2, 1);
    addRow(empty, Float64Array.of(0, 0), Float64Array.of(1));
    expect(() => solveRidge(empty, 1e-9)).toThrow('solveRidge: pivot 0 is 0');
  });
});
