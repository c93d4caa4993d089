/** Bounds on being born dead for an initializer: which of the formulas hold for it. */
import { effectiveVariance, hasZeroBiases, type Initializer, needsData } from '@kindling/initializers';
import { type BornDeadBounds, predictBornDead } from './born-dead.js';
import { lengthTheory } from './length-law.js';

/**
 * Bounds on the probability that a net is a constant function at initialization. The upper one of `predictBornDead` needs
 * continuous symmetric weights, the lower one independent ones too: orthogonal nets of one input die less often than it
 * says (widths 2, 2: 1/8, and independent weights 5/32). With zero weights every net is constant. Where nothing is known,
 * `upper` is 1.
 *
 * @param widths the input's dimension, then every hidden layer's width
 * @throws InvalidArgumentError naming the entry of `widths` that is no integer ≥ 1, or what is wrong with the initializer
 */
export function bornDeadBounds(initializer: Initializer, widths: readonly number[]): BornDeadBounds {
  const theory = lengthTheory(initializer, widths);
  if (needsData(initializer) || theory.deadProbability !== true) return { upper: 1 };
  const [inputDimension = 1, ...hidden] = widths;
  const shape = { fanIn: inputDimension, fanOut: hidden[0] ?? 1 };
  const { variance, dependence } = effectiveVariance(initializer, shape);
  if (variance === 0) return { lower: 1, upper: 1 };
  const bounds = predictBornDead({ inputDimension, hidden, zeroBiases: hasZeroBiases(initializer) });
  return dependence === 'independent' ? bounds : { upper: bounds.upper };
}
