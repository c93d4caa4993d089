/**
 * How far a mean over random nets may be off, from theory alone. Lengths are heavy-tailed: with S = Σ 1/n_j large, the
 * nets that make E[M_d] are too rare to be in the sample, and the sample's own standard error is too small with it. So
 * a comparison of theory with measurement takes its tolerance from here, before any net is drawn.
 */
import { checkCount } from './check-numbers.js';
import { factorMoments, readLengthLaw } from './length-law.js';
import { type PredictLengthsOptions, predictLengths } from './lengths.js';

/** Standard errors of one layer's sample means; null where the moments behind them have no closed form. */
export interface MomentStandardErrors {
  readonly layer: number;
  /** Of the mean of M_j, relative to E[M_j]: √((E[M²]/E[M]² − 1)/trials). */
  readonly mean: number | null;
  /** Of the mean of M_j², relative to E[M_j²]: √((E[M⁴]/E[M²]² − 1)/trials). */
  readonly secondMoment: number | null;
  /** Of the mean of log M_j over the nets that are alive, absolute: √(Var log M_j / (trials · P(alive))). */
  readonly meanLog: number | null;
}

/**
 * Standard errors over `trials` independent nets with one input. E[M⁴] = Π E[ξ_j⁴] is exact for Gaussian and orthogonal
 * weights with zero biases, from the moments 1/2, 3/2, 15/2, 105/2 of ReLU(z)²; Infinity beyond the range of f64.
 *
 * @param options.trials an integer ≥ 1
 * @throws InvalidArgumentError as `predictLengths`, and for trials that are not an integer ≥ 1
 */
export function predictMomentStandardErrors(
  options: PredictLengthsOptions & { readonly trials: number },
): MomentStandardErrors[] {
  const { trials } = options;
  checkCount('predictMomentStandardErrors', 'trials', trials, { most: Number.MAX_SAFE_INTEGER });
  const law = readLengthLaw('predictMomentStandardErrors', options.initializer, options.widths);
  const factors = factorMoments(law);
  let fourth = 1;
  return predictLengths(options).map((prediction, index) => {
    const { relativeSecondMoment: second, varianceLog, deadProbability } = prediction;
    const factor = factors?.[index];
    // E[M⁴]/E[M²]², a product of ratios near 1.
    if (factor !== undefined) fourth *= factor[4] / (factor[2] * factor[2]);
    return {
      layer: prediction.layer,
      mean: second === null ? null : Math.sqrt(Math.max(0, second - 1) / trials),
      secondMoment: factor === undefined ? null : Math.sqrt(Math.max(0, fourth - 1) / trials),
      meanLog: varianceLog === null ? null : Math.sqrt(varianceLog / (trials * (1 - (deadProbability ?? 0)))),
    };
  });
}
