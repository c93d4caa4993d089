/**
 * Dead neurons of the second layer, over all of input space: the two cases with a closed form (arXiv 2412.06829).
 */
import { checkCount } from './check-numbers.js';

/** Widths in front of the neuron. */
export interface SecondLayerShape {
  /** n₀, the dimension of the inputs. */
  readonly inputDimension: number;
  /** n₁, the neurons of the first layer. */
  readonly firstWidth: number;
}

/**
 * The probability that a neuron of the second layer is ≤ 0 for every input in R^{n₀}, weights and biases independent,
 * continuous and symmetric about 0:
 *
 *     n₁ ≤ n₀:      2^−(n₁+1)                  the first layer's image holds the whole positive orthant
 *     n₁ = n₀ + 1:  (2^{n₀} + 1) / 4^{n₀+1}
 *
 * @returns null for n₁ > n₀ + 1, where no closed form is known
 * @throws InvalidArgumentError for widths that are not integers ≥ 1
 */
export function predictSecondLayerDeadProbability(shape: SecondLayerShape): number | null {
  const { inputDimension, firstWidth } = shape;
  checkCount('predictSecondLayerDeadProbability', 'inputDimension', inputDimension);
  checkCount('predictSecondLayerDeadProbability', 'firstWidth', firstWidth);
  if (firstWidth <= inputDimension) return halvings(firstWidth + 1);
  // (2^n + 1) / 4^(n+1), each part on its own so that neither overflows.
  if (firstWidth === inputDimension + 1)
    return halvings(inputDimension + 2) + halvings(2 * inputDimension + 2);
  return null;
}

/** 2^−count, exact; 0 below the range of f64. */
export function halvings(count: number): number {
  let power = 1;
  for (let i = 0; i < count && power > 0; i++) power /= 2;
  return power;
}
