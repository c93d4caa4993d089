/**
 * Initializers as plain JSON: a whole network's rule, of which a layer's laws are one kind. Which name means which is in
 * the catalog; drawing is `initializeNetwork`.
 */
import type { BiasLaw } from './laws/bias-law.js';
import type { WeightLaw } from './laws/weight-law.js';

/** Every layer from its own shape alone: weights and biases independent of each other, layers independent. */
export interface LayerwiseInitializer {
  readonly kind: 'layerwise';
  readonly weights: WeightLaw;
  readonly biases: BiasLaw;
}

/**
 * RAI: normal weights and biases of deviation 0.6007/√fan-in, but in every unit one of the fan-in weights or the bias,
 * chosen uniformly, is a Beta(2, 1) number in (0, 1). Source: Lu, Shin, Su & Karniadakis, CiCP 28(5), 2020 (published
 * code).
 */
export interface RandomizedAsymmetric {
  readonly kind: 'randomized-asymmetric';
}

/**
 * Layer-sequential unit variance: orthonormal weights, then from the first layer on divided by the standard deviation of
 * the layer's pre-activations on the data until that is 1 within `tolerance`. Source: Mishkin & Matas, ICLR 2016.
 */
export interface Lsuv {
  readonly kind: 'lsuv';
  /** Largest |deviation − 1| that is left alone. > 0; the paper's and the default is 0.1. */
  readonly tolerance: number;
  /** Most rescalings a layer. Integer ≥ 1; the paper's and the default is 10. */
  readonly maxTries: number;
}

/**
 * `base`, and then layer by layer: if fewer than half of the data that were still alive survive a ReLU layer, its weights
 * and biases change sign. At least 2^−k of the data are alive after k layers. Source: Rister & Rubin, arXiv 2007.06192.
 */
export interface SignFlip {
  readonly kind: 'sign-flip';
  readonly base: LayerwiseInitializer;
}

/**
 * Every hidden unit gets a data point at which it is active: w ~ N(0, σ_w² I), b = −w · x_anchor + |e|, e ~ N(0, σ_e²); no
 * unit is born dead on the data. The linear output layer is scaled so that the mean square of the outputs is that of the
 * targets. Source: Shin & Karniadakis, JMLMC 1(1), 2020; deeper nets apply it to the activations of the layer before.
 */
export interface DataDependent {
  readonly kind: 'data-dependent';
  /** `cycle`: no point anchors a second unit before every point has anchored one; `uniform`: any point for any unit. */
  readonly anchors: 'cycle' | 'uniform';
  /** σ_w > 0. Default: √(2/fan-in). */
  readonly weightDeviation?: number;
  /** σ_e > 0. Default: a tenth of σ_w times the root mean square distance of two of the layer's inputs. */
  readonly biasDeviation?: number;
}

/**
 * Fixup, for residual nets whose branches end in a linear layer: of L blocks with m layers with weights in a branch, all but the last
 * of these have `weights` times L^(−1/(2m − 2)), the last has zeros, and so have all biases; other layers have `weights`, the
 * output layer zeros. Source: Zhang, Dauphin & Ma, ICLR 2019. The paper's scalar multipliers are learned scales that start at 1, and
 * its scalar biases the biases that layers have anyway.
 */
export interface Fixup {
  readonly kind: 'fixup';
  /** What is scaled; the paper's is He. */
  readonly weights: WeightLaw;
  /** `zero`: a linear dense layer at the end of the network starts at zero, as in the paper; `drawn`: it has `weights`, too. */
  readonly output: 'zero' | 'drawn';
}

/** How a network's parameters are drawn. Plain JSON. */
export type Initializer =
  | LayerwiseInitializer
  | RandomizedAsymmetric
  | Lsuv
  | SignFlip
  | DataDependent
  | Fixup;

/** The initializers of one layer that need to know nothing but its shape. */
export type LayerInitializer = LayerwiseInitializer | RandomizedAsymmetric;

/** The initializers that look at no data: each layer's law is known beforehand, that of `fixup` from the whole architecture. */
export type DataFreeInitializer = LayerInitializer | Fixup;

/** True for initializers that look at data: `initializeNetwork` must be given some, and there is no law beforehand. */
export function needsData(initializer: Initializer): initializer is Lsuv | SignFlip | DataDependent {
  return (
    initializer.kind === 'lsuv' || initializer.kind === 'sign-flip' || initializer.kind === 'data-dependent'
  );
}

/** True for initializers of residual nets alone: a layer's law depends on where it stands in a block, so dense networks have none. */
export function needsBlocks(initializer: Initializer): initializer is Fixup {
  return initializer.kind === 'fixup';
}

/** A law of weights with zero biases, as an initializer. */
export function layerwise(weights: WeightLaw, biases: BiasLaw = { kind: 'zeros' }): LayerwiseInitializer {
  return { kind: 'layerwise', weights, biases };
}
