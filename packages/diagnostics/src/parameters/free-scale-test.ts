/**
 * The test of Kolmogorov and Smirnov for a shape whose scale is taken from the numbers themselves. Such a fit is closer than one to a law
 * known beforehand, so the usual p-values would be far too large (Lilliefors, JASA 62, 1967). The law of D under the null depends on the
 * shape and n only, and is simulated here: a parametric bootstrap with fixed keys, the same numbers every time.
 */
import { deriveKey, type Engine, keyPurpose, openStream, portableMath, rootKey } from '@kindling/core';
import { kolmogorovDistance, kolmogorovPValue, scaledDistance } from './kolmogorov-smirnov.js';
import { type LawShape, lawShapes } from './law-shape.js';

/** A fit and how likely a worse one is. */
export interface FreeScaleFit {
  readonly shape: LawShape;
  /** The standard deviation of the fitted law. */
  readonly deviation: number;
  readonly pValue: number;
}

/** Simulated samples; the 5 % point of p is then known to 0.5 %. */
const replicates = 2000;
/** From here on Stephens' t has the law it keeps: larger samples are not simulated. */
const largestSimulated = 512;
/** The share of the null's upper end whose decay is carried on beyond the largest simulated number. */
const tailShare = 0.1;

/** Upper end of the law of t: p is the share above, and beyond `start` it falls like exp(−rate (t² − start²)). */
interface NullLaw {
  readonly sorted: Float64Array;
  readonly start: number;
  readonly rate: number;
}

/** By shape and size, simulated once a thread. */
const known = new Map<string, NullLaw>();

/**
 * Fits a shape by its scale and tests it. Uniform: the bound is the largest size, and given that, the others are uniform within it, so the
 * plain test of those is exact. Others: the deviation is √(Σ w²/n), their mean being 0 by hypothesis.
 *
 * @param sorted ascending, at least 20, not all zero
 */
export function testFreeScale(engine: Engine, sorted: Float64Array, shape: LawShape): FreeScaleFit {
  const count = sorted.length;
  if (shape === 'uniform') {
    const [low, high] = [sorted[0] as number, sorted[count - 1] as number];
    const others = -low > high ? sorted.subarray(1) : sorted.subarray(0, count - 1);
    const deviation = Math.max(-low, high) / Math.sqrt(3);
    return {
      shape,
      deviation,
      pValue: kolmogorovPValue(kolmogorovDistance(others, shape, deviation), count - 1),
    };
  }
  const deviation = rootMeanSquare(sorted);
  const t = scaledDistance(kolmogorovDistance(sorted, shape, deviation), count);
  return { shape, deviation, pValue: shareAbove(nullLaw(engine, shape, count), t) };
}

function shareAbove({ sorted, start, rate }: NullLaw, t: number): number {
  if (t > start) return tailShare * portableMath.exp(-rate * (t * t - start * start));
  let above = 0;
  for (let i = sorted.length - 1; i >= 0 && (sorted[i] as number) >= t; i--) above++;
  return (above + 1) / (sorted.length + 1);
}

function nullLaw(engine: Engine, shape: LawShape, count: number): NullLaw {
  // The next smaller power of two: Stephens' t hardly tells the two apart.
  let size = 16;
  while (2 * size <= Math.min(count, largestSimulated)) size *= 2;
  const name = `${shape} ${size}`;
  const found = known.get(name) ?? simulate(engine, shape, size);
  known.set(name, found);
  return found;
}

function simulate(engine: Engine, shape: LawShape, size: number): NullLaw {
  const { arena, kernels } = engine;
  const mark = arena.mark();
  try {
    const key = deriveKey(deriveKey(rootKey(0), keyPurpose.weights, lawShapes.indexOf(shape)), size);
    const stream = openStream(engine, key);
    const room = arena.allocateFloats(size);
    const values = new Float64Array(size);
    const sorted = new Float64Array(replicates);
    for (let replicate = 0; replicate < replicates; replicate++) {
      if (shape === 'normal') kernels.fill_normal(stream, size, room, 1);
      else if (shape === 'laplace') kernels.fill_laplace(stream, size, room, 1);
      else kernels.fill_truncated_normal(stream, size, room, 1);
      values.set(arena.floats(room, size));
      values.sort();
      sorted[replicate] = scaledDistance(kolmogorovDistance(values, shape, rootMeanSquare(values)), size);
    }
    sorted.sort();
    const first = Math.round(replicates * (1 - tailShare));
    const start = sorted[first - 1] as number;
    let sum = 0;
    for (let i = first; i < replicates; i++) sum += (sorted[i] as number) ** 2 - start * start;
    return { sorted, start, rate: (replicates - first) / sum };
  } finally {
    arena.release(mark);
  }
}

function rootMeanSquare(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (values[i] as number);
  return Math.sqrt(sum / values.length);
}
