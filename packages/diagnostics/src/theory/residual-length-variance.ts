/**
 * The empirical variance of the lengths across the modules of one residual net, V̂ = (1/L) Σ M_l² − ((1/L) Σ M_l)², in the mean over
 * nets: failure mode 2, which residual nets with bounded lengths do not have (Hanin & Rolnick, 2018, Theorem 4).
 */
import { portableMath } from '@kindling/core';
import { expectedVariance } from './length-variance.js';
import { linearModuleLaw, linearModuleMoments } from './residual-linear.js';
import { type PredictResidualOptions, readResidual } from './residual-options.js';

/**
 * E[V̂] of modules 1 … L that end in a linear layer, Gaussian weights, zero biases. Given the modules before, M_l is (1 + cη_l²) M_{l−1}
 * in the mean, so E[M_i M_j] = E[M_i²] Π_{i<l≤j} (1 + cη_l²), and E[M_i²] is that of `predictResidualLengths`:
 *
 *     E[V̂] = (1/L) Σ_l E[M_l²] − (1/L²) Σ_i Σ_j E[M_min(i,j)²] Π (1 + cη²)
 *
 * Lengths are ‖f_l‖², in proportion to ‖x‖².
 *
 * @returns null where there is no closed form (`residualTheory` says why: ReLU modules, other laws, biases); Infinity beyond the range of f64
 * @throws InvalidArgumentError as `predictResidualLengths`
 */
export function predictResidualLengthVariance(options: PredictResidualOptions): number | null {
  const { theory, start } = readResidual('predictResidualLengthVariance', options);
  const { module, scales } = options;
  if (module.kind === 'relu' || theory.secondMoment !== true) return null;
  const modules = { ...options, module, squareNorm: start.square };
  const { energy } = linearModuleLaw(modules);
  return expectedVariance(
    linearModuleMoments(modules).map(({ logMean, logRelativeSecondMoment }, index) => {
      const scale = scales[index] ?? 0;
      return {
        mean: portableMath.exp(logMean),
        secondMoment: portableMath.exp(2 * logMean + logRelativeSecondMoment),
        factor: 1 + energy * scale * scale,
        shift: 0,
      };
    }),
  );
}
