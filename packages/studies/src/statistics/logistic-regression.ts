/** Logistic regression with a ridge, by Newton's method in f64: a fixed order of sums, the same bits everywhere. */
import { InvalidArgumentError, portableMath } from '@kindling/core';
import { cholesky, solveLower, solveLowerTransposed } from '../linear-algebra/cholesky.js';

/** One observation. */
export interface LogisticRow {
  readonly features: readonly number[];
  readonly positive: boolean;
  /** > 0. */
  readonly weight: number;
}

/** Settings of `fitLogistic`. */
export interface LogisticOptions {
  /** λ > 0 of the penalty λ|w|²/2; keeps coefficients finite where the classes can be parted. Default 1. */
  readonly ridge?: number;
}

/** Newton's method doubles the digits a step; halvings of the step are counted too. */
const mostSteps = 200;
const smallestStep = 1e-10;

/**
 * Coefficients w that maximize Σ weight·log P − λ|w|²/2, P(positive) = 1/(1 + e^−w·x). There is no intercept unless a feature is 1
 * throughout. The maximum is unique; it is found by Newton steps (iteratively reweighted least squares), halved until the sum grows.
 *
 * @param rows at least one, of equally many finite features
 * @throws InvalidArgumentError for no rows, rows of different lengths, or a ridge that is not positive
 */
export function fitLogistic(
  rows: readonly LogisticRow[],
  { ridge = 1 }: LogisticOptions = {},
): readonly number[] {
  const size = rows[0]?.features.length ?? 0;
  if (size === 0 || rows.some(({ features }) => features.length !== size)) {
    throw new InvalidArgumentError(
      `fitLogistic: ${rows.length} rows of ${size} features at first; expected rows of equally many, at least one`,
    );
  }
  if (!(ridge > 0)) {
    throw new InvalidArgumentError(`fitLogistic: ridge is ${ridge}; expected a number > 0`);
  }
  let coefficients: readonly number[] = new Array<number>(size).fill(0);
  let value = objective(rows, coefficients, ridge);
  for (let count = 0; count < mostSteps; count++) {
    let step = newtonStep(rows, coefficients, ridge);
    for (;;) {
      const next = coefficients.map((w, i) => w + (step[i] ?? 0));
      const found = objective(rows, next, ridge);
      const small = Math.sqrt(step.reduce((sum, s) => sum + s * s, 0)) < smallestStep;
      if (found >= value) {
        coefficients = next;
        value = found;
        if (small) return coefficients;
        break;
      }
      if (small) return coefficients;
      step = step.map((s) => s / 2);
    }
  }
  return coefficients;
}

/** w · x. */
export function logitOf(coefficients: readonly number[], features: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < coefficients.length; i++) sum += (coefficients[i] ?? 0) * (features[i] ?? 0);
  return sum;
}

function objective(rows: readonly LogisticRow[], coefficients: readonly number[], ridge: number): number {
  let sum = 0;
  for (const { features, positive, weight } of rows) {
    const x = logitOf(coefficients, features) * (positive ? 1 : -1);
    // log(1 + e^−x) without overflow.
    sum -= weight * (Math.max(0, -x) + portableMath.log(1 + portableMath.exp(-Math.abs(x))));
  }
  return sum - (ridge / 2) * coefficients.reduce((total, w) => total + w * w, 0);
}

/** (H + λ)⁻¹ gradient. */
function newtonStep(
  rows: readonly LogisticRow[],
  coefficients: readonly number[],
  ridge: number,
): readonly number[] {
  const size = coefficients.length;
  const gradient = Float64Array.from(coefficients, (w) => -ridge * w);
  const curvature = new Float64Array(size * size);
  for (let i = 0; i < size; i++) curvature[i * size + i] = ridge;
  for (const { features, positive, weight } of rows) {
    const x = logitOf(coefficients, features);
    const small = portableMath.exp(-Math.abs(x));
    const share = x >= 0 ? 1 / (1 + small) : small / (1 + small);
    const residual = weight * ((positive ? 1 : 0) - share);
    const bend = (weight * small) / ((1 + small) * (1 + small));
    for (let i = 0; i < size; i++) {
      const feature = features[i] as number;
      if (feature === 0) continue;
      gradient[i] = (gradient[i] as number) + residual * feature;
      for (let j = 0; j <= i; j++) {
        const at = i * size + j;
        curvature[at] = (curvature[at] as number) + bend * feature * (features[j] as number);
      }
    }
  }
  const factor = cholesky(curvature, size);
  solveLower(factor, size, gradient, 1);
  solveLowerTransposed(factor, size, gradient, 1);
  return [...gradient];
}
