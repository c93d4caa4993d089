/** Which law each weight matrix of a network gets, where an initializer looks at more than the matrix's own shape. */
import { type Architecture, listParameters } from '@kindling/core';
import type { DataFreeInitializer, LayerInitializer, LayerwiseInitializer } from './initializer.js';
import type { BiasLaw } from './laws/bias-law.js';
import { checkInitializer } from './laws/check-law.js';
import { multiplyLaw } from './laws/multiply-law.js';
import type { WeightLaw } from './laws/weight-law.js';
import { fixupFactors } from './residual/fixup.js';

const zeroBiases: BiasLaw = { kind: 'zeros' };
const zeroWeights: WeightLaw = { kind: 'constant', value: 0 };

/**
 * The law of every weight matrix and the biases beside it, by `ParameterShape.weightIndex`: what `initializeParameters` draws. All are
 * the initializer itself unless it is `fixup`.
 *
 * @throws InvalidArgumentError for an initializer out of range, or an architecture that `fixup` is not for
 */
export function parameterLaws(
  architecture: Architecture,
  initializer: DataFreeInitializer,
  caller = 'parameterLaws',
): readonly LayerInitializer[] {
  checkInitializer(caller, initializer);
  const matrices = listParameters(architecture).filter(({ kind }) => kind === 'weights');
  if (initializer.kind !== 'fixup') return matrices.map(() => initializer);
  const { weights, output } = initializer;
  const factors = fixupFactors(caller, architecture, output === 'zero');
  return matrices.map(({ name }): LayerwiseInitializer => {
    const factor = factors.get(name) ?? 1;
    const law = factor === 0 ? zeroWeights : multiplyLaw(weights, factor);
    return { kind: 'layerwise', weights: law, biases: zeroBiases };
  });
}
