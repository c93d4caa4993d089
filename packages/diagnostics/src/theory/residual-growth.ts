/** What decides whether the length of a residual net stays bounded. */
import { portableMath } from '@kindling/core';
import { growthVariance, meanGrowth } from './residual-direction.js';
import { linearModuleLaw, linearModuleMoments } from './residual-linear.js';
import { type PredictResidualOptions, readResidual } from './residual-options.js';

/** Sums of the scales, and a closed bound on the mean length. */
export interface ResidualGrowth {
  /** Σ η_l. */
  readonly sum: number;
  /** Σ η_l². */
  readonly sumOfSquares: number;
  /** Which of the two has to stay bounded as modules are added. */
  readonly decisive: 'sum' | 'sum-of-squares';
  /**
   * E[M_L] ≤ M_0 exp(logBound), natural logarithm; null for initializers without formulas. For a geometric rule it converges
   * with L; for η = 1 it grows in proportion to L, as E[M_L]'s own logarithm does.
   */
  readonly logBound: number | null;
  /**
   * E[M_L²] ≤ M_0² exp(logSecondMomentBound), and so E[V̂] of lengths behind modules 0 … L: Gaussian weights without biases, else
   * null. Where it stays bounded there is no second failure mode.
   */
  readonly logSecondMomentBound: number | null;
}

/**
 * The sums that decide, and how large the mean can get. E[M_L] is bounded for all L exactly when the decisive sum converges:
 *
 *     ReLU modules:            Π (1 + e²) ≤ E[M_L]/M_0 ≤ Π (1 + e² + 2e/√π) ≤ exp(2Σe/√π + Σe²), e = η√g, Gaussian weights
 *                              (below: inputs without negative numbers, and then even Π (1 + e² + 2e/√(πn)));
 *                              √2 in place of 2/√π for other symmetric laws
 *       second moment:         E[M_L²]/M_0² ≤ Π (G² + V), G = 1 + e² + 2e/√π and V = Var(‖x′‖²)/‖x‖⁴ = O(e²/n) for x along the
 *                              diagonal, where both are largest: also bounded when Σe is
 *     linear-ending, no biases: E[M_L]/M_0 = Π (1 + cη²), between 1 + cΣη² and exp(cΣη²); E[M_L²] exact
 *
 * Source: Hanin & Rolnick (2018), Theorem 2 for Σ η_l; their Theorem 4 says that such nets have no second failure mode.
 *
 * @throws InvalidArgumentError as `predictResidualLengths`
 */
export function predictResidualGrowth(options: PredictResidualOptions): ResidualGrowth {
  const { module, scales } = options;
  const { theory, gain, gaussian } = readResidual('predictResidualGrowth', options);
  const growth =
    theory.bounds !== true
      ? null
      : module.kind === 'relu'
        ? reluGrowth(gain, gaussian)
        : linearGrowth({ ...options, module });
  const secondMomentBound = () => {
    if (theory.bounds !== true || !gaussian) return null;
    if (module.kind === 'relu') return logProduct(scales, squareGrowth(options.width, gain));
    if (theory.secondMoment !== true) return null;
    const last = linearModuleMoments({ ...options, module, squareNorm: 1 }).at(-1);
    return 2 * (last?.logMean ?? 0) + (last?.logRelativeSecondMoment ?? 0);
  };
  return {
    sum: scales.reduce((sum, scale) => sum + scale, 0),
    sumOfSquares: scales.reduce((sum, scale) => sum + scale * scale, 0),
    decisive: module.kind === 'relu' ? 'sum' : 'sum-of-squares',
    logBound: growth && logProduct(scales, growth),
    logSecondMomentBound: secondMomentBound(),
  };
}

/** Natural logarithm of a product over the modules. */
function logProduct(scales: readonly number[], factor: Growth): number {
  return scales.reduce((sum, scale) => sum + portableMath.log(factor(scale)), 0);
}

/** The largest E[‖x′‖⁴]/‖x‖⁴ there is. */
function squareGrowth(width: number, gain: number): Growth {
  return (scale) => {
    const mean = meanGrowth(scale * gain, 1);
    return mean * mean + growthVariance(width, scale * gain, 1);
  };
}

/** The largest E‖x′‖²/‖x‖² there is, over all x. */
type Growth = (scale: number) => number;

function reluGrowth(gain: number, gaussian: boolean): Growth {
  return (scale) => {
    const e = scale * gain;
    return gaussian ? meanGrowth(e, 1) : 1 + e * e + Math.SQRT2 * e;
  };
}

/** Null with biases: what they add is not in proportion to x. */
function linearGrowth(modules: Parameters<typeof linearModuleLaw>[0]): Growth | null {
  const { energy, offset } = linearModuleLaw(modules);
  return offset > 0 ? null : (scale) => 1 + energy * scale * scale;
}
