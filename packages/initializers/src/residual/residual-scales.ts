/** Scales of residual branches: how much a branch adds to the stream when training starts. */
import { InvalidArgumentError, portableMath } from '@kindling/core';

/** The settings of `fixupScale`. */
export interface FixupOptions {
  /** L: residual branches of the network. Integer ≥ 1. */
  readonly branches: number;
  /** m: layers in a branch. Integer ≥ 2. */
  readonly layersPerBranch: number;
}

/**
 * Fixup: the factor L^(−1/(2m − 2)) by which He's weights in all layers of a branch but the last are multiplied. The last layer
 * of a branch is zero, and so are the classifier and all biases; scalar multipliers are one. Source: Zhang, Dauphin & Ma,
 * ICLR 2019.
 *
 * @returns 1 for one branch; 1/√L for branches of two layers
 * @throws InvalidArgumentError for branches < 1 or layersPerBranch < 2: the last layer is zero, so one layer has none to scale
 */
export function fixupScale({ branches, layersPerBranch }: FixupOptions): number {
  if (!Number.isSafeInteger(branches) || branches < 1) {
    throw new InvalidArgumentError(`fixupScale: branches is ${branches}; expected an integer ≥ 1`);
  }
  if (!Number.isSafeInteger(layersPerBranch) || layersPerBranch < 2) {
    throw new InvalidArgumentError(
      `fixupScale: layersPerBranch is ${layersPerBranch}; expected an integer ≥ 2`,
    );
  }
  return portableMath.exp(-portableMath.log(branches) / (2 * layersPerBranch - 2));
}

/**
 * ReZero and SkipInit: the learned scalar α behind a residual branch starts at 0, so every block starts as the identity.
 * Sources: Bachlechner et al., UAI 2021; De & Smith, NeurIPS 2020.
 */
export const skipInitScale = 0;
