/**
 * Linear least squares with a ridge, in f64: the output layer of a net whose hidden layer is given. The normal equations
 * (XᵀX + λI)β = XᵀY by Cholesky's method; sums run over the rows in order, the same bits everywhere.
 */
import { InvalidArgumentError } from '@kindling/core';

/** Sums over rows that the solution needs; add rows as they come. */
export interface NormalEquations {
  readonly columns: number;
  readonly outputs: number;
  /** XᵀX, its upper triangle, columns × columns. */
  readonly gram: Float64Array;
  /** XᵀY, columns × outputs. */
  readonly moments: Float64Array;
}

/** Sums over no rows. */
export function openNormalEquations(columns: number, outputs: number): NormalEquations {
  return {
    columns,
    outputs,
    gram: new Float64Array(columns * columns),
    moments: new Float64Array(columns * outputs),
  };
}

/** Adds one row of X and of Y. Zeros of X, which a ReLU makes plenty of, cost nothing. */
export function addRow(
  { columns, outputs, gram, moments }: NormalEquations,
  x: Float64Array,
  y: Float64Array,
): void {
  for (let i = 0; i < columns; i++) {
    const value = x[i] ?? 0;
    if (value === 0) continue;
    const row = i * columns;
    for (let j = i; j < columns; j++) gram[row + j] = (gram[row + j] ?? 0) + value * (x[j] ?? 0);
    for (let k = 0; k < outputs; k++) {
      const at = i * outputs + k;
      moments[at] = (moments[at] ?? 0) + value * (y[k] ?? 0);
    }
  }
}

/**
 * β, columns × outputs, with λ = `ridge` times the mean of XᵀX's diagonal, so that units do not matter.
 *
 * @param ridge > 0; about 10⁻¹⁰ is as good as none
 * @throws InvalidArgumentError where XᵀX + λI is not positive definite as f64 holds it: NaN in the data, or a ridge that is too small
 */
export function solveRidge(equations: NormalEquations, ridge: number): Float64Array {
  const { columns: n, outputs, gram, moments } = equations;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += gram[i * n + i] ?? 0;
  const lambda = (ridge * trace) / n;
  // Rᵀ R = XᵀX + λI, R upper; row i from those above it.
  const upper = gram.slice();
  for (let i = 0; i < n; i++) {
    upper[i * n + i] = (upper[i * n + i] ?? 0) + lambda;
  }
  for (let i = 0; i < n; i++) {
    const pivot = upper[i * n + i] ?? Number.NaN;
    if (!(pivot > 0 && Number.isFinite(pivot))) {
      throw new InvalidArgumentError(
        `solveRidge: pivot ${i} is ${pivot}; expected a positive number — the data hold NaN, or the ridge of ${ridge} is too small for columns that depend on each other`,
      );
    }
    const root = Math.sqrt(pivot);
    for (let j = i; j < n; j++) upper[i * n + j] = (upper[i * n + j] ?? 0) / root;
    for (let r = i + 1; r < n; r++) {
      const factor = upper[i * n + r] ?? 0;
      if (factor === 0) continue;
      for (let j = r; j < n; j++) {
        upper[r * n + j] = (upper[r * n + j] ?? 0) - factor * (upper[i * n + j] ?? 0);
      }
    }
  }
  const solution = moments.slice();
  for (let k = 0; k < outputs; k++) {
    for (let i = 0; i < n; i++) {
      let sum = solution[i * outputs + k] ?? 0;
      for (let j = 0; j < i; j++) sum -= (upper[j * n + i] ?? 0) * (solution[j * outputs + k] ?? 0);
      solution[i * outputs + k] = sum / (upper[i * n + i] ?? 1);
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = solution[i * outputs + k] ?? 0;
      for (let j = i + 1; j < n; j++) sum -= (upper[i * n + j] ?? 0) * (solution[j * outputs + k] ?? 0);
      solution[i * outputs + k] = sum / (upper[i * n + i] ?? 1);
    }
  }
  return solution;
}
