/**
 * What theory says of the lengths M_j = ‖act⁽ʲ⁾‖² / n_j of a fully connected ReLU net with random weights and biases, for
 * one fixed input. Exact at finite width; nothing here is asymptotic.
 *
 * Sources: the mean is Hanin & Rolnick (2018), Theorem 1; the second moment is derived by conditioning on the layer
 * before (see `walkMoments`), the logarithm from the exact law of a layer (see `predictLogLengthFactor`).
 */
import { InvalidArgumentError } from '@kindling/core';
import type { Initializer, WeightLaw } from '@kindling/initializers';
import { checkNonNegative, checkWidths } from './check-numbers.js';
import { deadProbabilities, type LengthLaw, readLengthLaw } from './length-law.js';
import { secondMoment, walkMoments } from './length-moments.js';
import { type LogMoments, orthogonalLogLengthFactor, predictLogLengthFactor } from './log-length-factor.js';

/** A net and its input, as every prediction of lengths takes them. */
export interface PredictLengthsOptions {
  /** The input's width, then every ReLU layer's. */
  readonly widths: readonly number[];
  readonly initializer: Initializer | WeightLaw;
  /** M₀ = ‖x‖² / n₀ of the input, ≥ 0. Default 1. */
  readonly inputLength?: number;
  /**
   * (1/n₀) Σ xᵢ⁴ of the input, or its mean over random inputs. Matters only for laws with excess kurtosis. Default:
   * the mean over directions uniform on the sphere, 3 n₀ / (n₀ + 2) · M₀².
   */
  readonly inputFourthMoment?: number;
}

/** One layer's length over the weights; null where there is no closed form, and `lengthTheory` says why. */
export interface LengthPrediction {
  /** From 1; layer 0 would be the input. */
  readonly layer: number;
  readonly width: number;
  /** E[M_j]. */
  readonly mean: number | null;
  /** E[M_j²]; 0 or Infinity beyond the range of f64, where `relativeSecondMoment` still stands. */
  readonly secondMoment: number | null;
  /** E[M_j²] / E[M_j]², at least 1: by itself it says how heavy the tail is. */
  readonly relativeSecondMoment: number | null;
  /** E[log M_j | M_j > 0], natural; its exponential is the typical length. */
  readonly meanLog: number | null;
  /** Var[log M_j | M_j > 0]. */
  readonly varianceLog: number | null;
  /** P(M_j = 0). */
  readonly deadProbability: number | null;
}

/**
 * S = Σ 1/n_j over the hidden layers: what decides how far lengths of one net scatter (Hanin & Rolnick, Theorem 3).
 *
 * @param widths the input's width, which does not count, then every ReLU layer's
 * @throws InvalidArgumentError for widths that are not integers ≥ 1
 */
export function sumReciprocalWidths(widths: readonly number[]): number {
  checkWidths('sumReciprocalWidths', widths);
  return widths.slice(1).reduce((sum, width) => sum + 1 / width, 0);
}

/**
 * Moments of every layer's length. With g = Var(w)·n/2, κ excess kurtoses, A = E[M²] and Q = E[(1/n) Σ act⁴]:
 *
 *     mean:           E[M′] = g E[M] + Var(b)/2                        symmetric weights and biases
 *     second moment:  A′ = E[v²](1 + 5/n′)/4 + c/(2n′),  Q′ = (3E[v²] + c)/2,
 *                     v = Var(w) n M + Var(b),  c = κ_w Var(w)² n Q + κ_b Var(b)²     independent, symmetric
 *                     zero biases: A′ = g² (A (1 + 5/n′) + 2κ_w/(n n′) Q); Gaussian: A_d = M₀² Π g_j² (1 + 5/n_j)
 *                     A′ = g² A N (n′ + 5)/(n′ (N + 2)), N = max(n, n′)                orthogonal, zero biases
 *     logarithm:      Σ_j log g_j + E[log ξ_j]                         Gaussian or orthogonal weights, zero biases
 *     P(M_j = 0):     1 − Π_{i≤j} (1 − 2^−n_i)                         continuous symmetric weights, zero biases
 *                     2^−n_j                                           with continuous symmetric biases
 *
 * @throws InvalidArgumentError for widths that are not integers ≥ 1, or moments of the input no vector has
 */
export function predictLengths(options: PredictLengthsOptions): LengthPrediction[] {
  const { widths } = options;
  const law = readLengthLaw('predictLengths', options.initializer, widths);
  const { length, fourth } = inputMoments('predictLengths', options);
  const moments = walkMoments(law, length, fourth);
  const logs = length > 0 ? logFactors(law) : null;
  let logVariance = 0;
  let logDeficit = 0;
  const dead = deadProbabilities(law, length > 0 ? 0 : 1);
  return widths.slice(1).map((width, index) => {
    const found = moments[index];
    const second = law.theory.secondMoment === true ? (found?.relativeSecondMoment ?? null) : null;
    const log = logs?.[index];
    logDeficit += log?.mean ?? 0;
    logVariance += log?.variance ?? 0;
    return {
      layer: index + 1,
      width,
      mean: found?.mean ?? null,
      secondMoment: found === undefined || second === null ? null : secondMoment(found),
      relativeSecondMoment: second,
      meanLog: found === undefined || log === undefined ? null : found.logMean + logDeficit,
      varianceLog: log === undefined ? null : logVariance,
      deadProbability: dead?.[index] ?? null,
    };
  });
}

/**
 * Checks what is said of the input and fills in the defaults: M₀ and (1/n₀) Σ xᵢ⁴ / M₀².
 *
 * @throws InvalidArgumentError for a negative length or a fourth moment below its square (Cauchy & Schwarz)
 */
export function inputMoments(
  caller: string,
  options: PredictLengthsOptions,
): { readonly length: number; readonly fourth: number } {
  const { inputLength = 1 } = options;
  const inputWidth = options.widths[0] ?? 0;
  checkNonNegative(caller, 'inputLength', inputLength);
  const { inputFourthMoment } = options;
  // As a ratio, not by squares: those of 10±200 are out of range, which the lengths themselves are not.
  if (inputFourthMoment === undefined) {
    return { length: inputLength, fourth: (3 * inputWidth) / (inputWidth + 2) };
  }
  const fourth = inputLength === 0 ? 1 : inputFourthMoment / inputLength / inputLength;
  if (!(inputFourthMoment >= 0 && fourth >= 1 - 1e-12 && Number.isFinite(fourth))) {
    throw new InvalidArgumentError(
      `${caller}: inputFourthMoment is ${inputFourthMoment}; expected a finite number ≥ inputLength² = ${inputLength * inputLength} (Cauchy & Schwarz)`,
    );
  }
  return { length: inputLength, fourth };
}

/** Moments of log ξ of every layer; null where the exact law does not hold. */
function logFactors(law: LengthLaw): readonly LogMoments[] | null {
  if (law.theory.logLength !== true) return null;
  return law.layers.map(({ width, fanIn }) =>
    law.dependence === 'orthogonal'
      ? orthogonalLogLengthFactor(width, Math.max(fanIn, width))
      : predictLogLengthFactor(width),
  );
}
