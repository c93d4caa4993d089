/**
 * What theory says of the lengths M_j = ‖act⁽ʲ⁾‖² / n_j of a fully connected ReLU net with independent symmetric weights
 * and zero biases, for one fixed input. Exact at finite width; nothing here is asymptotic.
 *
 * Mean: Hanin & Rolnick (2018), Theorem 1. Second moment: condition on the previous layer; a pre-activation is
 * symmetric, so ReLU halves its even moments, and E[pre⁴] = 3·E[pre²]² + κ·Var(w)²·Σ act⁴ brings in the excess kurtosis κ.
 */
import { checkArchitecture, InvalidArgumentError } from '@kindling/core';
import { effectiveVariance, type Fans, type VarianceScaling } from '@kindling/initializers';

/** The settings of `predictLengths`. */
export interface PredictLengthsOptions {
  /** The input's width, then every ReLU layer's. */
  readonly widths: readonly number[];
  readonly law: VarianceScaling;
  /** M₀ = ‖x‖² / n₀ of the input. Default 1. */
  readonly inputLength?: number;
  /**
   * (1/n₀) Σ xᵢ⁴ of the input, or its mean over random inputs. Matters only for laws with excess kurtosis. Default:
   * the mean over directions uniform on the sphere, 3 n₀ / (n₀ + 2) · M₀².
   */
  readonly inputFourthMoment?: number;
}

/** One layer's length: mean and second moment over the weights. */
export interface LengthPrediction {
  /** From 1; layer 0 would be the input. */
  readonly layer: number;
  readonly width: number;
  /** E[M_j]. */
  readonly mean: number;
  /** E[M_j²]; 0 or Infinity beyond the range of f64, where `relativeSecondMoment` still stands. */
  readonly secondMoment: number;
  /** E[M_j²] / E[M_j]², at least 1: by itself it says how heavy the tail is. */
  readonly relativeSecondMoment: number;
}

/**
 * The factor by which one ReLU layer multiplies the mean length: Var(w) · fan-in / 2 (Hanin & Rolnick, Theorem 1).
 * Critical is 1: He gives 1, LeCun and square Glorot ½, 2× He 2, uncorrected truncated He 0.7737.
 */
export function meanLengthFactor(law: VarianceScaling, fans: Fans): number {
  return (effectiveVariance(law, fans).variance * fans.fanIn) / 2;
}

/**
 * E[M_j] and E[M_j²] of every layer. With g the factor of `meanLengthFactor`, κ the excess kurtosis, A = E[M²] and
 * Q = E[(1/n) Σ act⁴]:
 *
 *     E[M'] = g · E[M]
 *     A' = g² · (A · (1 + 5/n') + 2κ/(n·n') · Q)
 *     Q' = g² · (6A + 2κ/n · Q)
 *
 * @throws InvalidArgumentError for widths that are not integers ≥ 1, or moments of the input no vector has
 */
export function predictLengths(options: PredictLengthsOptions): LengthPrediction[] {
  const { widths, law, inputLength = 1 } = options;
  checkArchitecture({ widths, outputs: 0 });
  const inputWidth = widths[0] ?? 0;
  if (!(inputLength >= 0 && Number.isFinite(inputLength))) {
    throw new InvalidArgumentError(
      `predictLengths: inputLength is ${inputLength}; expected a finite number ≥ 0`,
    );
  }
  const { inputFourthMoment = ((3 * inputWidth) / (inputWidth + 2)) * inputLength * inputLength } = options;
  if (!(inputFourthMoment >= inputLength * inputLength * (1 - 1e-12) && Number.isFinite(inputFourthMoment))) {
    throw new InvalidArgumentError(
      `predictLengths: inputFourthMoment is ${inputFourthMoment}; expected a finite number ≥ inputLength² = ${inputLength * inputLength} (Cauchy & Schwarz)`,
    );
  }
  let average = inputLength;
  // Both moments over the squared mean: the factors g cancel, and nothing leaves the range of f64 with depth.
  let second = 1;
  let fourth = inputLength === 0 ? 1 : inputFourthMoment / (inputLength * inputLength);
  return widths.slice(1).map((width, index) => {
    const fans = { fanIn: widths[index] ?? 0, fanOut: width };
    const correction = ((2 * effectiveVariance(law, fans).excessKurtosis) / fans.fanIn) * fourth;
    const before = second;
    average *= meanLengthFactor(law, fans);
    second = before * (1 + 5 / width) + correction / width;
    fourth = 6 * before + correction;
    return {
      layer: index + 1,
      width,
      mean: average,
      secondMoment: second * average * average,
      relativeSecondMoment: second,
    };
  });
}
