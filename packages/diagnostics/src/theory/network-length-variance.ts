/** The empirical variance of the lengths across the layers of one network of any architecture, in the mean over nets. */
import { portableMath } from '@kindling/core';
import { lacksBiases } from './length-law.js';
import { expectedVariance, type GrowingLength } from './length-variance.js';
import { type PredictNetworkOptions, predictNetworkLengths } from './network-lengths.js';

/**
 * E[V̂] of the lengths M_l/M_0 that `predictNetworkLengths` tells, where all of them have a second moment and there are no biases: then
 * E[M_l given the layers before] is in proportion to M_{l−1}, and E[M_i M_j] follows from E[M_i²]. For dense ReLU layers alone
 * `predictLengthVariance` has biases, too.
 *
 * @returns null where a layer has no second moment, or with biases; Infinity beyond the range of f64
 * @throws InvalidArgumentError as `predictNetworkLengths`
 */
export function predictNetworkLengthVariance(options: PredictNetworkOptions): number | null {
  const predictions = predictNetworkLengths(options);
  const layers: GrowingLength[] = [];
  let before = 0;
  for (const { mean, logMean, secondMoment } of predictions) {
    if (mean === null || logMean === null || secondMoment === null) return null;
    const factor = mean === 0 ? 0 : portableMath.exp(logMean - before);
    layers.push({ mean, secondMoment, factor, shift: 0 });
    before = logMean;
  }
  return lacksBiases(options.initializer) ? expectedVariance(layers) : null;
}
