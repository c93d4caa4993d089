/** Initializers that make all units of a layer alike. */
import { effectiveVariance, type Initializer } from '@kindling/initializers';

/** What constant weights do; null for all other initializers. */
export interface UnbrokenSymmetry {
  readonly value: number;
  /** Weights are zero: the signal ends in the first layer, forward and backward. */
  readonly zero: boolean;
  /** Units start equal and stay so: biases are constant too. Else the weights are zero. */
  readonly equalUnits: boolean;
}

/**
 * Units with equal weights and biases compute the same and get the same gradient, so they stay equal: a layer acts as one
 * unit. Random biases make them differ: what reads them then gets gradients that differ, and weights part at the first
 * step. They do not wake zero weights.
 */
export function unbrokenSymmetry(initializer: Initializer): UnbrokenSymmetry | null {
  const layerwise = initializer.kind === 'sign-flip' ? initializer.base : initializer;
  if (layerwise.kind !== 'layerwise') return null;
  const { weights } = layerwise;
  const value =
    weights.kind === 'constant'
      ? weights.value
      : weights.kind === 'identity' && weights.gain === 0
        ? 0
        : null;
  if (value === null) return null;
  // Of an initializer whose biases do not depend on the shape, or are random for every shape.
  const equalUnits = effectiveVariance(layerwise, { fanIn: 1, fanOut: 1 }).biasVariance === 0;
  return value === 0 || equalUnits ? { value, zero: value === 0, equalUnits } : null;
}
