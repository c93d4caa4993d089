/**
 * What theory says of the lengths M_l = ‖f_l(x)‖², f_l = f_{l−1} + η_l N_l(f_{l−1}), of a residual net with random weights, for
 * a given input or a random direction. They are not divided by the width. Two kinds of modules behave differently: one
 * ReLU layer pushes every coordinate up, so that Σ η_l decides; a module that ends in a linear layer pushes in a random direction,
 * and Σ η_l² decides. Source: Hanin & Rolnick (2018), Theorems 2 and 4; the finite-width formulas are derived here.
 */
import { portableMath } from '@kindling/core';
import { linearModuleMoments } from './residual-linear.js';
import { type PredictResidualOptions, readResidual } from './residual-options.js';
import { type ReluModuleBounds, walkReluModules } from './residual-relu.js';

/**
 * The length behind one module. Of numbers beyond the range of f64 (0 or Infinity) the natural logarithms still stand.
 */
export interface ResidualPrediction {
  /** From 1; 0 would be the input. */
  readonly module: number;
  /** η_l. */
  readonly scale: number;
  /** E[M_l] where it is exact, else null: behind the first ReLU module there are bounds only. */
  readonly mean: number | null;
  readonly logMean: number | null;
  /** Proved bounds; equal to the mean where that is exact. Null where `residualTheory` says why. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly logLower: number | null;
  readonly logUpper: number | null;
  /** The mean, or an approximation within the bounds. Null where not even that is known. */
  readonly estimate: number | null;
  readonly logEstimate: number | null;
  /** E[M_l²]/E[M_l]²; null where there is no closed form. */
  readonly relativeSecondMoment: number | null;
}

/**
 * E[M_l], bounds on it and, for Gaussian modules that end in a linear layer, E[M_l²]. With g = Var(w)·fan-in/2 of a layer:
 *
 *     linear-ending module:  E[M′] = E[M](1 + cη²) + η²h,  c = 2 Π g_j (He: 2; a last layer of 1/fan-in: 1), h from biases
 *       Gaussian, no biases: E[M′²] = E[M²](1 + (2 + 4/n) cη² + (1 + 2/n) c²η⁴ Π(1 + 5/n_j)), n_j the ReLU layers' widths;
 *                            M_L/M_0 is a product of independent factors
 *     ReLU module:           E[M′] = E[M](1 + e² + 2eb/√π),  e = η√g,  b = E[‖x‖ Σx_i]/(√n E‖x‖²)
 *       first module:        exact; b = 0 for a random direction, Σx_i/(√n‖x‖) for a given input
 *       Gaussian:            b between bounds by recursion, and approximately
 *       other symmetric laws: 1 + e² ± √2 e, from |E[x·N(x)]| ≤ ‖x‖² √(g/2); + 0 below for inputs without negative numbers;
 *                            the approximation is that of Gaussian weights
 *
 * No recursion for b is closed: x is no longer symmetric behind the first module, and E[‖x′‖ Σx′_i] depends on its whole
 * law. Bounds and approximation use that (‖x‖², cosine with the diagonal) almost carries the chain.
 *
 * @throws InvalidArgumentError for sizes, scales or an input out of range
 */
export function predictResidualLengths(options: PredictResidualOptions): ResidualPrediction[] {
  const { theory, start, gain, gaussian } = readResidual('predictResidualLengths', options);
  const { module, scales, width } = options;
  const nothing = {
    mean: null,
    logMean: null,
    lower: null,
    upper: null,
    logLower: null,
    logUpper: null,
    estimate: null,
    logEstimate: null,
    relativeSecondMoment: null,
  };
  if (theory.bounds !== true) {
    return scales.map((scale, index) => ({ module: index + 1, scale, ...nothing }));
  }
  const logSquare = portableMath.log(start.square);
  if (module.kind === 'relu') {
    const effective = scales.map((scale) => scale * gain);
    return walkReluModules({ width, scales: effective, gaussian, start }).map((found, index) => ({
      ...nothing,
      module: index + 1,
      scale: scales[index] ?? 0,
      ...describeBounds(found, logSquare),
    }));
  }
  const second = theory.secondMoment === true;
  return linearModuleMoments({ ...options, module, squareNorm: start.square }).map((found, index) => ({
    module: index + 1,
    scale: scales[index] ?? 0,
    ...describeBounds(
      { lower: found.logMean, upper: found.logMean, estimate: found.logMean, exact: true },
      0,
    ),
    relativeSecondMoment: second ? portableMath.exp(found.logRelativeSecondMoment) : null,
  }));
}

function describeBounds({ lower, upper, estimate, exact }: ReluModuleBounds, logSquare: number) {
  const [logLower, logUpper, logEstimate] = [lower + logSquare, upper + logSquare, estimate + logSquare];
  const value = portableMath.exp(logEstimate);
  return {
    mean: exact ? value : null,
    logMean: exact ? logEstimate : null,
    lower: portableMath.exp(logLower),
    upper: portableMath.exp(logUpper),
    logLower,
    logUpper,
    estimate: value,
    logEstimate,
  };
}
