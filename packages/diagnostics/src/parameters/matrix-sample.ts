/** A part of a matrix that is small enough for its spectrum, taken while the matrix is read, however large it is. */
import { InvalidArgumentError } from '@kindling/core';
import type { WeightMatrix } from './weight-matrix.js';

/**
 * Products that all singular values of a part may take, rows × columns² for columns ≤ rows: some seconds. 1000 × 500 has 2.5 · 10⁸, which
 * is whole; of 4096 × 4096 some 630 rows and columns are taken.
 */
export const mostSpectrumProducts = 2.5e8;
/** Numbers of a part, for the shuffled copies of it. */
export const mostSpectrumNumbers = 500_000;

/** What a part may have at most. */
export interface MatrixSampleLimits {
  /** Products that all its singular values take; default 2.5 · 10⁸. */
  readonly products?: number;
  /** Its numbers; default 500,000. */
  readonly numbers?: number;
}

/** A part of a matrix. */
export interface MatrixSample extends WeightMatrix {
  /** Of the whole matrix. */
  readonly ofRows: number;
  readonly ofColumns: number;
}

/** Takes a matrix piece by piece. */
export interface MatrixSampler {
  /** The next numbers, row by row. */
  add(piece: ArrayLike<number>): void;
  /** @throws InvalidArgumentError unless as many numbers came as were announced */
  finish(): MatrixSample;
}

/**
 * A sampler of evenly spaced rows and columns, in the proportion of the matrix where both must be fewer. A part of a matrix of independent
 * numbers is one, so its bulk is that of its own sizes; but a spike of the whole shrinks with the share of numbers that is taken, and a weak
 * one is lost in the bulk: what is said of a part holds for the part.
 *
 * @param rows of the matrix, row by row in the order of the numbers
 * @throws InvalidArgumentError for sizes that are no integers ≥ 1, or limits below 1
 */
export function openMatrixSample(
  rows: number,
  columns: number,
  { products = mostSpectrumProducts, numbers = mostSpectrumNumbers }: MatrixSampleLimits = {},
): MatrixSampler {
  for (const [name, size] of [
    ['rows', rows],
    ['columns', columns],
  ] as const) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new InvalidArgumentError(`openMatrixSample: ${name} is ${size}; expected an integer ≥ 1`);
    }
  }
  for (const [name, limit] of [
    ['products', products],
    ['numbers', numbers],
  ] as const) {
    if (!(limit >= 1)) {
      throw new InvalidArgumentError(`openMatrixSample: ${name} is ${limit}; expected a number ≥ 1`);
    }
  }
  const size = rows * columns;
  const [taken, across] = partOf(rows, columns, products, numbers);
  const places = Array.from({ length: across }, (_, j) => Math.floor((j * columns) / across));
  const values = new Float64Array(taken * across);
  let [seen, row, next] = [0, 0, 0];
  const startOf = (index: number) => Math.floor((index * rows) / taken) * columns;
  return {
    add(piece) {
      const end = seen + piece.length;
      while (row < taken) {
        const place = startOf(row) + (places[next] as number);
        if (place >= end) break;
        values[row * across + next] = piece[place - seen] as number;
        next++;
        if (next === across) [row, next] = [row + 1, 0];
      }
      seen = end;
    },
    finish() {
      if (seen !== size) {
        throw new InvalidArgumentError(`openMatrixSample: ${seen} numbers came; expected ${size}`);
      }
      return { rows: taken, columns: across, values, ofRows: rows, ofColumns: columns };
    },
  };
}

/** Sizes of the part: both sides shrink by one factor, since the aspect is what the bulk depends on. */
function partOf(
  rows: number,
  columns: number,
  products: number,
  numbers: number,
): readonly [rows: number, columns: number] {
  const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
  const share = Math.min(
    cubeRoot(Math.min(1, products / (long * short * short))),
    Math.sqrt(Math.min(1, numbers / (long * short))),
  );
  // A billionth more, so that a share of ½ is one.
  const shrunk = (size: number) => Math.max(1, Math.min(size, Math.floor(size * share + 1e-9)));
  return [shrunk(rows), shrunk(columns)];
}

/** By bisection, of x ≤ 1: exact where it is 1. */
function cubeRoot(x: number): number {
  if (x === 1) return 1;
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (middle * middle * middle <= x) low = middle;
    else high = middle;
  }
  return low;
}
