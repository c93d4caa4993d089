/** A law of weights whose draws are all multiplied by one number. */
import type { WeightLaw } from './weight-law.js';

/**
 * The law of `factor` · w where w has this law: the standard deviation goes with the factor, the variance with its square.
 *
 * @param factor > 0
 */
export function multiplyLaw(law: WeightLaw, factor: number): WeightLaw {
  switch (law.kind) {
    case 'variance-scaling':
      return { ...law, scale: law.scale * factor * factor };
    case 'stated-variance':
      return { ...law, variance: law.variance * factor * factor };
    case 'uniform-range':
      return { ...law, low: law.low * factor, high: law.high * factor };
    case 'constant':
      return { ...law, value: law.value * factor };
    case 'identity':
    case 'orthogonal':
    case 'delta-orthogonal':
      return { ...law, gain: law.gain * factor };
    case 'sparse':
      return { ...law, deviation: law.deviation * factor };
  }
}
