/** Exact moments of one entry of a weight matrix or of one bias, law by law. */
import { InvalidArgumentError } from '@kindling/core';
import type { BiasLaw } from './bias-law.js';
import { deliveredShare, excessKurtosisOf } from './distribution.js';
import { fanOf, kernelArea, type LayerShape, unitsOf } from './layer-shape.js';
import {
  rangeOf,
  type StatedVariance,
  sparseZeros,
  type VarianceScaling,
  type WeightLaw,
} from './weight-law.js';

/** Moments of one entry, where its place in the matrix is uniform at random. */
export interface EntryMoments {
  readonly mean: number;
  readonly variance: number;
  /** E[(w − mean)⁴] / Var² − 3; 0 by convention where the variance is 0. */
  readonly excessKurtosis: number;
}

/** Which variance a law of independent entries promises by name; the distribution may deliver less. */
export function nominalVariance(law: VarianceScaling | StatedVariance, shape: LayerShape): number {
  return law.kind === 'variance-scaling' ? law.scale / fanOf(law.mode, shape) : law.variance;
}

/**
 * Moments of one weight. Orthogonal: an entry of a Haar matrix of N = max(rows, columns) is a coordinate of a uniform point of
 * the sphere in N dimensions, so the variance is gain²/N and the excess kurtosis −6/(N + 2).
 *
 * @param shape checked by the caller
 * @throws InvalidArgumentError for a shape delta-orthogonal cannot have
 */
export function weightMoments(law: WeightLaw, shape: LayerShape): EntryMoments {
  const { fanIn } = shape;
  const units = unitsOf(shape);
  switch (law.kind) {
    case 'identity': {
      const { gain } = law;
      const mean = gain / Math.max(fanIn, units);
      return momentsFromRaw([mean, mean * gain, mean * gain * gain, mean * gain * gain * gain]);
    }
    case 'orthogonal':
      return sphereCoordinate(law.gain, Math.max(fanIn, units), 1);
    case 'delta-orthogonal':
      checkDeltaOrthogonalShape('effectiveVariance', shape);
      return sphereCoordinate(law.gain, units, kernelArea(shape));
    case 'sparse': {
      const share = 1 - sparseZeros(law, fanIn) / fanIn;
      return { mean: 0, variance: share * law.deviation * law.deviation, excessKurtosis: 3 / share - 3 };
    }
    default:
      return independentMoments(law, shape);
  }
}

/** Moments of one bias. */
export function biasMoments(law: BiasLaw, shape: LayerShape): EntryMoments {
  switch (law.kind) {
    case 'zeros':
      return { mean: 0, variance: 0, excessKurtosis: 0 };
    case 'inverse-root-fan-in':
      return { mean: 0, variance: 1 / (3 * shape.fanIn), excessKurtosis: -1.2 };
    default:
      return independentMoments(law, shape);
  }
}

function independentMoments(
  law: Exclude<BiasLaw, { kind: 'zeros' | 'inverse-root-fan-in' }>,
  shape: LayerShape,
): EntryMoments {
  switch (law.kind) {
    case 'constant':
      return { mean: law.value, variance: 0, excessKurtosis: 0 };
    case 'uniform-range': {
      const { low, high } = rangeOf(law, shape.fanIn);
      const width = high - low;
      return { mean: (low + high) / 2, variance: (width * width) / 12, excessKurtosis: -1.2 };
    }
    case 'variance-scaling':
    case 'stated-variance':
      return {
        mean: 0,
        variance: nominalVariance(law, shape) * deliveredShare(law.distribution),
        excessKurtosis: excessKurtosisOf(law.distribution, law.degreesOfFreedom),
      };
  }
}

/**
 * A coordinate of a uniform point of the sphere of radius `gain` in `dimension` dimensions, among `places` − 1 zeros: E[w²] =
 * gain²/N and E[w⁴] = 3 gain⁴/(N(N + 2)), both over `places`.
 */
function sphereCoordinate(gain: number, dimension: number, places: number): EntryMoments {
  return {
    mean: 0,
    variance: (gain * gain) / (dimension * places),
    excessKurtosis: places === 1 ? -6 / (dimension + 2) : (3 * places * dimension) / (dimension + 2) - 3,
  };
}

/** Central moments from E[w], E[w²], E[w³], E[w⁴]. */
export function momentsFromRaw(raw: readonly [number, number, number, number]): EntryMoments {
  const [mean, second, third, fourth] = raw;
  const square = mean * mean;
  const variance = second - square;
  // A constant's variance is 0 but for rounding, and rounding has no kurtosis.
  if (!(variance > second * 1e-14)) return { mean, variance: 0, excessKurtosis: 0 };
  const central = fourth - 4 * mean * third + 6 * square * second - 3 * square * square;
  return { mean, variance, excessKurtosis: central / (variance * variance) - 3 };
}

/**
 * Checks that a delta-orthogonal kernel exists: odd sides, and at least as many units as input channels.
 *
 * @throws InvalidArgumentError otherwise
 */
export function checkDeltaOrthogonalShape(caller: string, shape: LayerShape): void {
  const [height, width] = shape.kernel ?? [1, 1];
  if (height % 2 === 0 || width % 2 === 0) {
    throw new InvalidArgumentError(
      `${caller}: the kernel is ${height} × ${width}; expected odd sides — a delta-orthogonal kernel has a center`,
    );
  }
  const channels = shape.fanIn / kernelArea(shape);
  const units = unitsOf(shape);
  if (units < channels) {
    throw new InvalidArgumentError(
      `${caller}: delta-orthogonal with ${channels} input channels and ${units} units; expected at least as many units — use orthogonal`,
    );
  }
}
