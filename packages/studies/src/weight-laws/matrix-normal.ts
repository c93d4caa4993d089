/**
 * Matrix normal laws: W = M + L·Z·Rᵀ with Z iid standard normal, row covariance U = L·Lᵀ, column covariance V = R·Rᵀ. What a fully
 * connected layer's weights have in common over seeds that their marginal does not tell: which inputs weigh more, which go together.
 */
import { InvalidArgumentError } from '@kindling/core';
import { cholesky, solveLower, timesLower, transposed } from '../linear-algebra/cholesky.js';

/**
 * What is known of an axis beforehand.
 *
 * - `any`: nothing, such as of pixels or classes;
 * - `exchangeable`: its places mean the same, such as units of a hidden layer: no law of independently trained nets can tell them apart.
 *   Means are then equal along it, and the covariance has one variance and one covariance;
 * - `independent`: the same, with a covariance of 0.
 */
export type AxisSymmetry = 'any' | 'exchangeable' | 'independent';

/** What the fit is given. */
export interface MatrixNormalOptions {
  readonly rows: number;
  readonly columns: number;
  /** Each rows × columns, row-major, finite; at least one. */
  readonly samples: readonly ArrayLike<number>[];
  readonly rowSymmetry: AxisSymmetry;
  readonly columnSymmetry: AxisSymmetry;
  /** λ, 0 < λ ≤ 1: covariances C become (1 − λ) C + λ (tr C / n) I at every turn, which keeps their trace and makes them definite. */
  readonly shrinkage: number;
}

/** A matrix normal law. */
export interface MatrixNormal {
  readonly rows: number;
  readonly columns: number;
  /** M, row-major. */
  readonly mean: Float64Array;
  /** L: rows × rows, lower triangular; tr(L·Lᵀ) = rows. */
  readonly rowFactor: Float64Array;
  /** R: columns × columns, lower triangular; it carries the scale. */
  readonly columnFactor: Float64Array;
  /** E[w²] over all entries: ‖M‖²/(rows·columns) + tr U · tr V / (rows·columns). */
  readonly meanSquare: number;
  /** Turns of the flip-flop. */
  readonly iterations: number;
}

/** Relative change of V below which the flip-flop ends: far below what a few nets tell of it. */
const tolerance = 1e-2;
/** It usually ends after two to four. */
const mostIterations = 6;

/**
 * Maximum likelihood by the flip-flop (Dutilleul, J. Stat. Comput. Simul. 64, 1999): U = Σ D V⁻¹ Dᵀ / (K·columns), V = Σ Dᵀ U⁻¹ D / (K·rows)
 * in turns, D = X − M; after each half-turn the average over the axis's symmetry, which is the maximum likelihood under it, then shrinkage
 * and a scale at which tr U · tr V is the samples' mean square, which are not: they take the place of samples where there are fewer than an
 * axis is long.
 *
 * @throws InvalidArgumentError for sizes that do not fit, no samples, shrinkage out of range, or samples that are all alike
 */
export function fitMatrixNormal(options: MatrixNormalOptions): MatrixNormal {
  checkOptions(options);
  const { rows, columns, samples, rowSymmetry, columnSymmetry, shrinkage } = options;
  const mean = meanOf(options);
  const wide = columns * samples.length;
  // Deviations side by side: rows × (samples · columns); and the same transposed, columns × (samples · rows).
  const deviations = new Float64Array(rows * wide);
  const turned = new Float64Array(columns * rows * samples.length);
  samples.forEach((sample, k) => {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const value = (sample[i * columns + j] as number) - (mean[i * columns + j] as number);
        deviations[i * wide + k * columns + j] = value;
        turned[j * rows * samples.length + k * rows + i] = value;
      }
    }
  });
  const improve = (covariance: Float64Array, n: number, symmetry: AxisSymmetry) =>
    shrink(symmetrize(covariance, n, symmetry), n, shrinkage);
  const variance = squares(deviations) / deviations.length;
  let columnFactor = identity(columns);
  let rowFactor = identity(rows);
  let before: Float64Array | null = null;
  let iterations = 0;
  for (;;) {
    iterations += 1;
    // Rows: V⁻¹ on the right is R⁻¹ on each sample's transpose.
    const whiteColumns = Float64Array.from(turned);
    solveLower(columnFactor, columns, whiteColumns, rows * samples.length);
    const ofRows = gram(whiteColumns, rows, {
      count: wide,
      place: (vector, i) => vector * rows + i,
    });
    rowFactor = cholesky(withTrace(improve(ofRows, rows, rowSymmetry), rows, rows), rows);
    const whiteRows = Float64Array.from(deviations);
    solveLower(rowFactor, rows, whiteRows, wide);
    const ofColumns = gram(whiteRows, columns, {
      count: rows * samples.length,
      place: (vector, j) => vector * columns + j,
    });
    const columnCovariance = withTrace(
      improve(ofColumns, columns, columnSymmetry),
      columns,
      columns * variance,
    );
    columnFactor = cholesky(columnCovariance, columns);
    const change = before === null ? Number.POSITIVE_INFINITY : relativeChange(before, columnCovariance);
    before = columnCovariance;
    if (change < tolerance || iterations === mostIterations) break;
  }
  const meanSquare = (squares(mean) + squares(rowFactor) * squares(columnFactor)) / (rows * columns);
  return { rows, columns, mean, rowFactor, columnFactor, meanSquare, iterations };
}

/** One draw: M + L·Z·Rᵀ. @param normals Z, rows × columns, row-major */
export function matrixNormalDraw(law: MatrixNormal, normals: Float64Array): Float64Array {
  const { rows, columns, mean, rowFactor, columnFactor } = law;
  const left = timesLower(rowFactor, rows, normals, columns);
  const both = timesLower(columnFactor, columns, transposed(left, rows, columns), rows);
  return transposed(both, columns, rows).map((value, i) => value + (mean[i] as number));
}

/** Means of the samples, equal along axes whose places mean the same. */
function meanOf({ rows, columns, samples, rowSymmetry, columnSymmetry }: MatrixNormalOptions): Float64Array {
  const mean = new Float64Array(rows * columns);
  for (const sample of samples) {
    for (let i = 0; i < mean.length; i++)
      mean[i] = (mean[i] as number) + (sample[i] as number) / samples.length;
  }
  if (rowSymmetry !== 'any') {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += mean[i * columns + j] as number;
      for (let i = 0; i < rows; i++) mean[i * columns + j] = sum / rows;
    }
  }
  if (columnSymmetry !== 'any') {
    for (let i = 0; i < rows; i++) {
      const sum = mean.subarray(i * columns, (i + 1) * columns).reduce((total, value) => total + value, 0);
      mean.fill(sum / columns, i * columns, (i + 1) * columns);
    }
  }
  return mean;
}

/**
 * Σ v·vᵀ / count over all vectors v of n numbers.
 *
 * @param values number `place(vector, axis)` of it is the vector's number on the axis
 */
function gram(
  values: Float64Array,
  n: number,
  { count, place }: { readonly count: number; readonly place: (vector: number, axis: number) => number },
): Float64Array {
  // Gathered axis by axis: products of neighbors in memory, which is what makes it fast.
  const gathered = new Float64Array(n * count);
  for (let axis = 0; axis < n; axis++) {
    for (let vector = 0; vector < count; vector++) {
      gathered[axis * count + vector] = values[place(vector, axis)] as number;
    }
  }
  const sums = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < count; i++)
        sum += (gathered[a * count + i] as number) * (gathered[b * count + i] as number);
      sums[a * n + b] = sum;
    }
  }
  return mirrored(sums, n, 1 / count);
}

/** Times `factor`, the upper triangle filled from the lower one. */
function mirrored(lower: Float64Array, n: number, factor: number): Float64Array {
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      const value = (lower[a * n + b] as number) * factor;
      lower[a * n + b] = value;
      lower[b * n + a] = value;
    }
  }
  return lower;
}

/** The average over all exchanges of places. */
function symmetrize(covariance: Float64Array, n: number, symmetry: AxisSymmetry): Float64Array {
  if (symmetry === 'any') return covariance;
  let [diagonal, total] = [0, 0];
  for (let a = 0; a < n; a++) {
    diagonal += covariance[a * n + a] as number;
    for (let b = 0; b < n; b++) total += covariance[a * n + b] as number;
  }
  const variance = diagonal / n;
  const off = symmetry === 'independent' || n === 1 ? 0 : (total - diagonal) / (n * (n - 1));
  covariance.fill(off);
  for (let a = 0; a < n; a++) covariance[a * n + a] = variance;
  return covariance;
}

function shrink(covariance: Float64Array, n: number, shrinkage: number): Float64Array {
  const level = traceOf(covariance, n) / n;
  for (let i = 0; i < covariance.length; i++) covariance[i] = (1 - shrinkage) * (covariance[i] as number);
  for (let a = 0; a < n; a++) covariance[a * n + a] = (covariance[a * n + a] as number) + shrinkage * level;
  return covariance;
}

/** Times what makes the trace `trace`. Where there are fewer samples than the axis is long, only so is the variance that of the samples. */
function withTrace(covariance: Float64Array, n: number, trace: number): Float64Array {
  const factor = trace / traceOf(covariance, n);
  for (let i = 0; i < covariance.length; i++) covariance[i] = (covariance[i] as number) * factor;
  return covariance;
}

function traceOf(covariance: Float64Array, n: number): number {
  let trace = 0;
  for (let a = 0; a < n; a++) trace += covariance[a * n + a] as number;
  return trace;
}

function relativeChange(before: Float64Array, now: Float64Array): number {
  let [change, size] = [0, 0];
  for (let i = 0; i < now.length; i++) {
    const difference = (now[i] as number) - (before[i] as number);
    change += difference * difference;
    size += (now[i] as number) * (now[i] as number);
  }
  return Math.sqrt(change / size);
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let a = 0; a < n; a++) matrix[a * n + a] = 1;
  return matrix;
}

function checkOptions({ rows, columns, samples, shrinkage }: MatrixNormalOptions): void {
  if (samples.length === 0)
    throw new InvalidArgumentError('fitMatrixNormal: no samples; expected at least one');
  for (const sample of samples) {
    if (sample.length !== rows * columns) {
      throw new InvalidArgumentError(
        `fitMatrixNormal: a sample has ${sample.length} numbers; expected ${rows} × ${columns}`,
      );
    }
  }
  if (!(shrinkage > 0 && shrinkage <= 1)) {
    throw new InvalidArgumentError(`fitMatrixNormal: shrinkage is ${shrinkage}; expected 0 < shrinkage ≤ 1`);
  }
}
