/**
 * An approximation, not a theorem: the logarithm of the length for laws whose exact law is not known (symmetric weights
 * other than Gaussian or orthogonal, and biases). A product of many independent factors is nearly log-normal, and the
 * variance of its logarithm is then the logarithm of E[M²]/E[M]². The constants come from the Gaussian law, which is exact:
 * a layer that multiplies E[M²]/E[M]² by ρ counts as log ρ / log(1 + 5/n) Gaussian layers of its width.
 */
import { portableMath } from '@kindling/core';
import { type LengthLaw, readLengthLaw } from './length-law.js';
import { walkMoments } from './length-moments.js';
import { inputMoments, type PredictLengthsOptions } from './lengths.js';
import { predictLogLengthFactor } from './log-length-factor.js';

/** One layer's logarithm, approximately. */
export interface ApproximateLogLength {
  readonly layer: number;
  /** ≈ E[log M_j | M_j > 0], natural. */
  readonly meanLog: number;
  /** ≈ Var[log M_j | M_j > 0]. */
  readonly varianceLog: number;
}

/**
 * Laws with heavier tails than Laplace's have a second moment that few nets make: their logarithm scatters far less than it
 * says. Student's t with 5 degrees of freedom (κ = 6) at width 10 loses half of what this would expect.
 */
const largestKurtosis = 3;

/**
 * Mean and variance of log M_j from the first two moments of M_j alone, for laws with an excess kurtosis up to Laplace's 3.
 * Exact for Gaussian weights with zero biases. No bound is proved; over six layers of He uniform weights the mean is found
 * within a tenth of what is lost (log E[M_d] − E[log M_d]) at width 8 and within a twentieth at width 20; of Laplace
 * weights within a sixth and a tenth. Not for narrow nets of Rademacher weights, whose pre-activations are often exactly 0.
 *
 * @returns null where E[M_j²] has no closed form, weights or biases have an excess kurtosis above 3 (sparse weights mostly
 *   do), or the input's length is 0
 * @throws InvalidArgumentError as `predictLengths`
 */
export function approximateLogLengths(options: PredictLengthsOptions): ApproximateLogLength[] | null {
  const law = readLengthLaw('approximateLogLengths', options.initializer, options.widths);
  return logLengthsOfLaw(law, inputMoments('approximateLogLengths', options));
}

/** The same for a law that has been read. */
export function logLengthsOfLaw(
  law: LengthLaw,
  { length, fourth }: ReturnType<typeof inputMoments>,
): ApproximateLogLength[] | null {
  if (law.theory.secondMoment !== true || length === 0) return null;
  if (law.layers.some((layer) => Math.max(layer.weightKurtosis, layer.biasKurtosis) > largestKurtosis)) {
    return null;
  }
  let before = 0;
  let deficit = 0;
  let variance = 0;
  return walkMoments(law, length, fourth).map(({ law: layer, logMean, logRelativeSecondMoment }, index) => {
    const gaussian = predictLogLengthFactor(layer.width);
    // Below 0 where biases, which do not scatter, make more of the length than before.
    const layers = (logRelativeSecondMoment - before) / portableMath.log(1 + 5 / layer.width);
    before = logRelativeSecondMoment;
    deficit += layers * gaussian.mean;
    variance += layers * gaussian.variance;
    return {
      layer: index + 1,
      meanLog: logMean + Math.min(0, deficit),
      varianceLog: Math.max(0, variance),
    };
  });
}
