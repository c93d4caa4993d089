/** Laws of a layer's biases, as plain JSON. Fans are those of the layer's weights. */
import type { ConstantValue, StatedVariance, UniformRange, VarianceScaling } from './weight-law.js';

/** No biases: all zero. */
export interface ZeroBiases {
  readonly kind: 'zeros';
}

/** U(−1/√fan-in, 1/√fan-in), variance 1/(3 fan-in): the biases of PyTorch's Linear and Conv layers. */
export interface InverseRootFanIn {
  readonly kind: 'inverse-root-fan-in';
}

/** The law of a layer's biases, which are independent of its weights. Plain JSON. */
export type BiasLaw =
  | ZeroBiases
  | InverseRootFanIn
  | ConstantValue
  | VarianceScaling
  | StatedVariance
  | UniformRange;
