/** What an initializer really delivers on a layer, whatever its name. */
import { InvalidArgumentError } from '@kindling/core';
import { type Initializer, layerwise, needsData } from './initializer.js';
import type { BiasLaw } from './laws/bias-law.js';
import { checkInitializer } from './laws/check-law.js';
import { biasMoments, type EntryMoments, weightMoments } from './laws/entry-moments.js';
import { checkLayerShape, type Fans, type LayerShape } from './laws/layer-shape.js';
import { randomizedAsymmetricMoments } from './laws/randomized-asymmetric.js';
import type { WeightLaw } from './laws/weight-law.js';

/** Exact moments of one weight and one bias of a layer. Plain JSON but for an infinite kurtosis. */
export interface EffectiveVariance {
  /** E[w]; the place of w in the matrix is uniform at random where places differ. */
  readonly mean: number;
  /** Var(w). */
  readonly variance: number;
  /** E[(w − mean)⁴] / Var² − 3: normal 0, uniform −1.2; Infinity for Student-t with ν ≤ 4; 0 where the variance is 0. */
  readonly excessKurtosis: number;
  readonly biasMean: number;
  readonly biasVariance: number;
  readonly biasExcessKurtosis: number;
  /** True when w and −w, b and −b have the same law: ReLU then halves every even moment. */
  readonly symmetric: boolean;
  /**
   * `independent`: all weights and biases of the layer are, and are alike; `orthogonal`: weights are entries of one Haar
   * matrix (a delta-orthogonal kernel of side 1 is one, too); `structured`: neither (identity, sparse, larger delta-orthogonal
   * kernels, RAI), and no closed form for lengths holds by itself.
   */
  readonly dependence: 'independent' | 'orthogonal' | 'structured';
}

/**
 * The exact moments of what `initializeNetwork` draws for a layer.
 *
 * @param initializer an initializer that needs no data, or a law of weights alone (its biases are zero)
 * @throws InvalidArgumentError for a law or shape out of range, and for initializers that need data or, like `fixup`, the
 *   whole architecture: what they deliver depends on it
 */
export function effectiveVariance(
  initializer: Initializer | WeightLaw,
  shape: LayerShape,
): EffectiveVariance {
  checkLayerShape('effectiveVariance', shape);
  const whole = isInitializer(initializer) ? initializer : layerwise(initializer);
  checkInitializer('effectiveVariance', whole);
  if (needsData(whole)) {
    throw new InvalidArgumentError(
      `effectiveVariance: what ${whole.kind} delivers depends on the data; expected an initializer that needs none`,
      { details: { kind: whole.kind } },
    );
  }
  if (whole.kind === 'fixup') {
    throw new InvalidArgumentError(
      'effectiveVariance: what fixup delivers depends on where a layer stands in a residual block; expected the law of one layer — see parameterLaws',
      { details: { kind: whole.kind } },
    );
  }
  if (whole.kind === 'randomized-asymmetric') {
    const moments = randomizedAsymmetricMoments(shape);
    return { ...moments, ...asBias(moments), symmetric: false, dependence: 'structured' };
  }
  const { weights, biases } = whole;
  return {
    ...weightMoments(weights, shape),
    ...asBias(biasMoments(biases, shape)),
    symmetric: isSymmetric(weights) && isSymmetric(biases),
    dependence: dependenceOf(weights, shape),
  };
}

/**
 * Var(w) · fan-in, the number whose critical value for ReLU is 2: its half is the factor of the mean length.
 *
 * @throws InvalidArgumentError as `effectiveVariance`
 */
export function varianceRatio(initializer: Initializer | WeightLaw, shape: Fans): number {
  return effectiveVariance(initializer, shape).variance * shape.fanIn;
}

const initializerKinds: readonly string[] = [
  'layerwise',
  'randomized-asymmetric',
  'lsuv',
  'sign-flip',
  'data-dependent',
  'fixup',
] satisfies readonly Initializer['kind'][];

function isInitializer(value: Initializer | WeightLaw): value is Initializer {
  // What is no object is refused as an initializer.
  return value?.kind === undefined || initializerKinds.includes(value.kind);
}

function asBias({ mean, variance, excessKurtosis }: EntryMoments) {
  return { biasMean: mean, biasVariance: variance, biasExcessKurtosis: excessKurtosis };
}

function isSymmetric(law: WeightLaw | BiasLaw): boolean {
  switch (law.kind) {
    case 'constant':
      return law.value === 0;
    case 'uniform-range':
      return law.low === -law.high;
    case 'identity':
      return law.gain === 0;
    default:
      return true;
  }
}

function dependenceOf(law: WeightLaw, { kernel = [1, 1] }: LayerShape): EffectiveVariance['dependence'] {
  switch (law.kind) {
    case 'identity':
    case 'sparse':
      return 'structured';
    case 'orthogonal':
      return 'orthogonal';
    case 'delta-orthogonal':
      return kernel[0] * kernel[1] === 1 ? 'orthogonal' : 'structured';
    default:
      return 'independent';
  }
}
