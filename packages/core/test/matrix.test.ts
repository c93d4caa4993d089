import { describe, expect, it } from 'vitest';
import {
  allocateMatrix,
  clearMatrix,
  createEngine,
  firstRows,
  InvalidArgumentError,
  leadingDimension,
  readMatrix,
  sumSquares,
  writeMatrix,
} from '../src/index.js';
import * as reference from '../src/reference/index.js';
import { firstDifference, randomFloats } from './floats.js';

const engine = createEngine();

describe('leadingDimension', () => {
  it('is the least multiple of 4 that holds the columns and is off the multiples of 1 KiB', () => {
    for (let columns = 0; columns < 5000; columns++) {
      const ld = leadingDimension(columns);
      expect(ld % 4).toBe(0);
      expect(ld).toBeGreaterThanOrEqual(columns);
      expect(ld === 0 || (4 * ld) % 1024 !== 0).toBe(true);
      expect(ld - columns).toBeLessThan(columns % 256 > 252 || columns % 256 === 0 ? 8 : 4);
    }
    expect([0, 1, 4, 5, 10, 252, 253, 256, 257, 512].map(leadingDimension)).toEqual([
      0, 4, 4, 8, 12, 252, 260, 260, 260, 516,
    ]);
  });
});

describe('writeMatrix and readMatrix', () => {
  it('carry numbers there and back, rounding doubles to f32', () => {
    for (const [rows, columns] of [
      [0, 0],
      [0, 5],
      [5, 0],
      [1, 1],
      [3, 4],
      [7, 5],
      [2, 512],
    ] as const) {
      const matrix = allocateMatrix(engine, rows, columns);
      const values = Array.from(randomFloats(rows + columns, rows * columns), (x) => x * Math.PI);
      writeMatrix(engine, matrix, values);
      expect(firstDifference(readMatrix(engine, matrix), Float32Array.from(values))).toBeNull();
    }
  });

  it('give a copy, not a view', () => {
    const matrix = allocateMatrix(engine, 2, 2);
    writeMatrix(engine, matrix, [1, 2, 3, 4]);
    const copy = readMatrix(engine, matrix);
    writeMatrix(engine, matrix, [5, 6, 7, 8]);
    expect([...copy]).toEqual([1, 2, 3, 4]);
  });

  it('refuse another count of values', () => {
    const matrix = allocateMatrix(engine, 2, 3);
    expect(() => writeMatrix(engine, matrix, [1, 2, 3])).toThrow(InvalidArgumentError);
    expect(() => writeMatrix(engine, matrix, [1, 2, 3])).toThrow('got 3 values; expected 2 × 3 = 6');
  });
});

describe('allocateMatrix', () => {
  it.each([-1, 1.5, Number.NaN])('refuses %s rows or columns', (size) => {
    expect(() => allocateMatrix(engine, size, 1)).toThrow(`rows is ${size}; expected an integer ≥ 0`);
    expect(() => allocateMatrix(engine, 1, size)).toThrow(`columns is ${size}; expected an integer ≥ 0`);
  });
});

describe('firstRows', () => {
  it('is the top of the same matrix', () => {
    const matrix = allocateMatrix(engine, 3, 2);
    writeMatrix(engine, matrix, [1, 2, 3, 4, 5, 6]);
    const top = firstRows(matrix, 2);
    expect([...readMatrix(engine, top)]).toEqual([1, 2, 3, 4]);
    expect(firstRows(matrix, 3)).toEqual(matrix);
    expect(firstRows(matrix, 0).rows).toBe(0);
  });

  it.each([-1, 4, 0.5, Number.NaN])('refuses %s of three rows', (rows) => {
    const matrix = allocateMatrix(engine, 3, 2);
    expect(() => firstRows(matrix, rows)).toThrow(`rows is ${rows}; expected an integer from 0 to 3`);
  });
});

describe('clearMatrix and sumSquares', () => {
  it('clear everything, padding too', () => {
    const matrix = allocateMatrix(engine, 3, 5);
    engine.arena.floats(matrix.pointer, 3 * matrix.stride).fill(Number.NaN);
    clearMatrix(engine, matrix);
    expect(engine.arena.floats(matrix.pointer, 3 * matrix.stride).every((x) => Object.is(x, 0))).toBe(true);
  });

  it('sum the numbers and not the padding', () => {
    const matrix = allocateMatrix(engine, 3, 5);
    engine.arena.floats(matrix.pointer, 3 * matrix.stride).fill(Number.NaN);
    const values = randomFloats(1, 15);
    writeMatrix(engine, matrix, values);
    expect(sumSquares(engine, matrix)).toBe(reference.sumSquares(3, 5, values));
  });
});
