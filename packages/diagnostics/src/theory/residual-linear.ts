/**
 * Modules that end in a linear layer. Given everything before, that layer has mean zero, so the cross term with x vanishes:
 * E‖x + ηN‖² = ‖x‖² + η² E‖N‖², whatever x is, and the ReLU layers before it have the recursion of fully connected nets.
 * With Gaussian weights N(x) = ‖x‖ √V g, g standard normal in n dimensions and independent of V, so the factor is
 * ξ = 1 + 2η√V g_1 + η²V‖g‖² and E[ξ²] = 1 + η²(4 + 2n) E[V] + η⁴ n(n + 2) E[V²], independent of x.
 */
import { portableMath } from '@kindling/core';
import type { Initializer, WeightLaw } from '@kindling/initializers';
import { readLengthLaw } from './length-law.js';

/** Modules all alike. */
export interface LinearModules {
  readonly width: number;
  readonly module: {
    readonly hidden: readonly number[];
    readonly lastInitializer?: Initializer | WeightLaw;
  };
  readonly initializer: Initializer | WeightLaw;
}

/** E‖N(x)‖² = energy ‖x‖² + offset, and E[V²]/E[V]² for Gaussian weights without biases. */
export interface LinearModuleLaw {
  readonly energy: number;
  readonly offset: number;
  readonly spread: number;
}

/** A module's law; the initializer's mean has been found to have a formula. */
export function linearModuleLaw({ width, module, initializer }: LinearModules): LinearModuleLaw {
  const { hidden, lastInitializer = initializer } = module;
  const relu = hidden.length === 0 ? [] : readLengthLaw('residual', initializer, [width, ...hidden]).layers;
  const last = readLengthLaw('residual', lastInitializer, [hidden.at(-1) ?? width, width]).layers;
  // Mean squares a coordinate, as shares of ‖x‖²/n and as numbers.
  let [share, shift, spread] = [1, 0, 1];
  for (const layer of relu) {
    share *= layer.factor;
    shift = layer.factor * shift + layer.shift;
    spread *= 1 + 5 / layer.width;
  }
  for (const layer of last) {
    // Without ReLU nothing is halved.
    share *= 2 * layer.factor;
    shift = 2 * (layer.factor * shift + layer.shift);
  }
  return { energy: share, offset: width * shift, spread };
}

/** Logarithms of E[M_l] and of E[M_l²]/E[M_l]² (the latter for Gaussian weights and zero biases only), module by module. */
export function linearModuleMoments(
  modules: LinearModules & { readonly scales: readonly number[]; readonly squareNorm: number },
): readonly { readonly logMean: number; readonly logRelativeSecondMoment: number }[] {
  const { width: n, scales, squareNorm } = modules;
  const { energy, offset, spread } = linearModuleLaw(modules);
  let logMean = portableMath.log(squareNorm);
  let logRelative = 0;
  return scales.map((scale) => {
    const share = scale * scale * energy;
    const added = scale * scale * offset;
    // Where the length is beyond f64, an offset within it is nothing.
    logMean += portableMath.log(1 + share + (added === 0 ? 0 : added * portableMath.exp(-logMean)));
    const square = 1 + (2 + 4 / n) * share + (1 + 2 / n) * share * share * spread;
    logRelative += portableMath.log(square / ((1 + share) * (1 + share)));
    return { logMean, logRelativeSecondMoment: logRelative };
  });
}
