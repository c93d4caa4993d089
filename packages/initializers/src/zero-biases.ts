/** Which nets have no biases, whatever the law they come from is called. */
import type { Initializer } from './initializer.js';
import { biasMoments } from './laws/entry-moments.js';

/**
 * True when every bias starts at zero: laws of zeros, the constant 0, and laws of mean and variance 0. Such a net is
 * positively homogeneous: its input's length only scales it. LSUV and Fixup have no biases; those of sign flips are their base's.
 */
export function hasZeroBiases(initializer: Initializer): boolean {
  switch (initializer.kind) {
    case 'lsuv':
    case 'fixup':
      return true;
    case 'sign-flip':
      return hasZeroBiases(initializer.base);
    case 'layerwise': {
      const { mean, variance } = biasMoments(initializer.biases, { fanIn: 1, fanOut: 1 });
      return mean === 0 && variance === 0;
    }
    default:
      return false;
  }
}
