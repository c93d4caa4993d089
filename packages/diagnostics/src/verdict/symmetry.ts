/** Initializers that make all units of a layer alike. */
import type { Initializer } from '@kindling/initializers';

/** What constant weights do; null for all other initializers. */
export interface UnbrokenSymmetry {
  readonly value: number;
  /** Weights are zero: the signal ends in the first layer, forward and backward. */
  readonly zero: boolean;
  /** Random biases make units differ, but not in what they read. */
  readonly differentBiases: boolean;
}

/**
 * Units with equal weights compute the same and get the same gradient, so they stay equal: a layer acts as one unit.
 * Random biases only shift them; units that are active on the same inputs still get the same gradient.
 */
export function unbrokenSymmetry(initializer: Initializer): UnbrokenSymmetry | null {
  const layerwise = initializer.kind === 'sign-flip' ? initializer.base : initializer;
  if (layerwise.kind !== 'layerwise') return null;
  const { weights, biases } = layerwise;
  const value =
    weights.kind === 'constant'
      ? weights.value
      : weights.kind === 'identity' && weights.gain === 0
        ? 0
        : null;
  if (value === null) return null;
  return { value, zero: value === 0, differentBiases: !['zeros', 'constant'].includes(biases.kind) };
}
