/**
 * Are the entries of a matrix in random order? Whatever law fresh weights are drawn from, any order of them was equally likely. Training
 * leaves rows and columns that differ, neighbors that are alike, and directions that stand out. None of these tests asks for the law or
 * the scale; each gives a z that is near a standard normal if the order is random, and large where it is not.
 */
import { portableMath } from '@kindling/core';
import { fewestTested } from '../identify-law.js';
import { topEigenvalueLaw } from '../marchenko-pastur.js';
import { topSingularValue } from '../top-singular-value.js';
import type { WeightMatrix } from '../weight-matrix.js';

/** The z of each test. One-sided: only large ones speak against a random order. */
export interface OrderTests {
  /** Means of columns (units) differ by more than chance. */
  readonly columnMeans: number;
  /** Means of rows (inputs) do. */
  readonly rowMeans: number;
  /** Mean sizes |w − mean| of columns do. */
  readonly columnSizes: number;
  /** Mean sizes of rows do: inputs that never change were never trained. */
  readonly rowSizes: number;
  /** Entries of neighboring rows are alike: what a unit reads side by side. */
  readonly neighbors: number;
  /** The largest singular value is larger than that of a random matrix of this variance. Of heavy tails it is a little larger at birth: by 0.7 for Laplace at 60 × 40. */
  readonly topSingularValue: number;
}

/** The names. */
export const orderTestNames = [
  'columnMeans',
  'rowMeans',
  'columnSizes',
  'rowSizes',
  'neighbors',
  'topSingularValue',
] as const satisfies readonly (keyof OrderTests)[];

/** Fewer rows or columns make no matrix. */
export const fewestOrdered = 2;

/**
 * Runs the six tests. Differences of means are judged by the sum of squares between groups, whose mean under random order is exact and whose law is
 * taken as a Gamma by Wilson and Hilferty's cube root (as `variancePValue` does); neighbors by r·√pairs, r the correlation of entries one row apart;
 * the singular value of the entries minus their mean by the law of Tracy and Widom, itself taken as a Gamma (Chiani, J. Multivar. Anal. 129, 2014).
 *
 * @returns `null` for fewer than two rows or columns or 20 entries, or entries that are all the same
 */
export function testOrder({ rows, columns, values }: WeightMatrix): OrderTests | null {
  if (rows < fewestOrdered || columns < fewestOrdered || values.length < fewestTested) return null;
  const centered = minusMean(values);
  const total = sumOfSquares(centered);
  if (!(total > 0)) return null;
  const sizes = minusMean(centered.map(Math.abs));
  const groups = (of: Float64Array, count: number, at: (i: number) => number) => groupZ(of, count, at);
  const column = (i: number) => i % columns;
  const row = (i: number) => Math.floor(i / columns);
  return {
    columnMeans: groups(centered, columns, column),
    rowMeans: groups(centered, rows, row),
    columnSizes: groups(sizes, columns, column),
    rowSizes: groups(sizes, rows, row),
    neighbors: neighborZ(centered, columns, total),
    topSingularValue: topZ({ rows, columns, values: centered }, total),
  };
}

function minusMean(values: ArrayLike<number>): Float64Array {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  const mean = sum / values.length;
  return Float64Array.from(values, (value) => value - mean);
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (values[i] as number);
  return sum;
}

/**
 * Σ size·mean² over groups, in units of the entries' variance: (count − 1) in the mean, with variance (count − 1)(2 + κ/size).
 *
 * @param values of mean 0
 */
function groupZ(values: Float64Array, count: number, groupOf: (i: number) => number): number {
  const sums = new Float64Array(count);
  let [second, fourth] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const group = groupOf(i);
    sums[group] = (sums[group] as number) + value;
    second += value * value;
    fourth += value * value * value * value;
  }
  const { length } = values;
  // All sizes alike: numbers of one size and two signs.
  if (!(second > 0)) return 0;
  const size = length / count;
  const between = sumOfSquares(sums) / size / (second / (length - 1));
  const kurtosis = (length * fourth) / (second * second) - 3;
  const degrees = (2 * (count - 1)) / Math.max(0.5, 2 + kurtosis / size);
  return cubeRootZ(between / (count - 1), degrees);
}

/** The z of a Gamma variable of mean 1 and variance 2/degrees. */
function cubeRootZ(ratio: number, degrees: number): number {
  const spread = 2 / (9 * degrees);
  const root = ratio > 0 ? portableMath.exp(portableMath.log(ratio) / 3) : 0;
  return (root - (1 - spread)) / Math.sqrt(spread);
}

function neighborZ(values: Float64Array, columns: number, total: number): number {
  let products = 0;
  const pairs = values.length - columns;
  for (let i = 0; i < pairs; i++) products += (values[i] as number) * (values[i + columns] as number);
  return (products / total) * (values.length / Math.sqrt(pairs));
}

/** Gamma with the moments of the law of Tracy and Widom of order 1, moved to the left. Source: Chiani, table 1. */
const topGamma = { shape: 46.446, scale: 0.186054, shift: 9.84801 } as const;

function topZ(matrix: { rows: number; columns: number; values: Float64Array }, total: number): number {
  const rows = Math.max(matrix.rows, matrix.columns);
  const top = topSingularValue(matrix);
  const { center, scale } = topEigenvalueLaw(rows, Math.min(matrix.rows, matrix.columns));
  const variance = total / matrix.values.length;
  const deviation = ((top * top) / rows / variance - center) / scale;
  const { shape, scale: unit, shift } = topGamma;
  return cubeRootZ((deviation + shift) / (shape * unit), 2 * shape);
}
