/** E[V̂] of the families, where it has a closed form. */
import { residualScales } from '@kindling/core';
import {
  predictLengthVariance,
  predictLengthVarianceStandardError,
  predictResidualLengths,
  predictResidualLengthVariance,
} from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { type NetFamilyName, residualFamily } from './families.js';

/** A net of a family. */
export interface FamilyNet {
  readonly family: NetFamilyName;
  readonly width: number;
  readonly depth: number;
}

/** What theory says of a net, with M_0 = 1. */
export interface VarianceTheory {
  /** E[V̂]. */
  readonly variance: number;
  /** E[L] of the mean length L = (1/d) Σ M_j. */
  readonly length: number;
}

/**
 * E[V̂] and E[L] with M_0 = 1. Fully connected: `predictLengthVariance` and 1. Residual with linear-ending modules of Gaussian weights:
 * `predictResidualLengthVariance`. Null for ReLU modules, whose lengths have no closed form.
 */
export function predictVariance({ family, width, depth }: FamilyNet): VarianceTheory | null {
  const { initializer } = findInitializer('he-normal');
  const residual = residualFamily(family);
  if (residual === null) {
    const variance = predictLengthVariance({
      widths: new Array<number>(depth + 1).fill(width),
      initializer,
    });
    return variance === null ? null : { variance, length: 1 };
  }
  if (residual.module === 'relu') return null;
  const net = {
    width,
    module: { kind: 'linear', hidden: [width] },
    scales: residualScales({ rule: 'power', base: residual.base }, depth),
    initializer,
  } as const;
  const variance = predictResidualLengthVariance(net);
  if (variance === null) return null;
  // He weights have all means.
  const sum = predictResidualLengths(net).reduce((total, { mean }) => total + (mean ?? Number.NaN), 0);
  return { variance, length: sum / depth };
}

/** Standard error of a mean of V̂ over so many nets, from exact moments: fully connected nets alone; else null. */
export function predictVarianceError({ family, width, depth }: FamilyNet, nets: number): number | null {
  if (residualFamily(family) !== null) return null;
  return predictLengthVarianceStandardError({
    widths: new Array<number>(depth + 1).fill(width),
    initializer: findInitializer('he-normal').initializer,
    trials: nets,
  });
}
