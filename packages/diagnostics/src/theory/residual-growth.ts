/** What decides whether the length of a residual net stays bounded. */
import { portableMath } from '@kindling/core';
import { meanGrowth } from './residual-direction.js';
import { linearModuleLaw } from './residual-linear.js';
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
}

/**
 * The sums that decide, and how large the mean can get. E[M_L] is bounded for all L exactly when the decisive sum converges:
 *
 *     ReLU modules:            Π (1 + e²) ≤ E[M_L]/M_0 ≤ Π (1 + e² + 2e/√π) ≤ exp(2Σe/√π + Σe²), e = η√g, Gaussian weights
 *                              (below: inputs without negative numbers, and then even Π (1 + e² + 2e/√(πn)));
 *                              √2 in place of 2/√π for other symmetric laws
 *     linear-ending, no biases: E[M_L]/M_0 = Π (1 + cη²), between 1 + cΣη² and exp(cΣη²)
 *
 * Source: Hanin & Rolnick (2018), Theorem 2 for Σ η_l; their Theorem 4 adds that such nets have no second failure mode.
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
  return {
    sum: scales.reduce((sum, scale) => sum + scale, 0),
    sumOfSquares: scales.reduce((sum, scale) => sum + scale * scale, 0),
    decisive: module.kind === 'relu' ? 'sum' : 'sum-of-squares',
    logBound: growth && scales.reduce((sum, scale) => sum + portableMath.log(growth(scale)), 0),
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
