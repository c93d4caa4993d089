/**
 * Samples under the null, simulated: what D and the kurtosis are where a shape holds. Neither depends on the scale when that is taken from the
 * sample, so a shape and a size have one law each. Fixed keys: the same numbers every time.
 */
import { deriveKey, type Engine, keyPurpose, openStream, rootKey } from '@kindling/core';
import { kolmogorovDistance, scaledDistance } from './kolmogorov-smirnov.js';
import { type LawShape, lawShapes } from './law-shape.js';

/** What samples of one size look like. */
export interface NullSamples {
  /** Numbers of each: a power of two. */
  readonly size: number;
  /** Stephens' t with the deviation √(Σ w²/n), ascending. */
  readonly distances: Float64Array;
  /** n Σ w⁴/(Σ w²)², mean, deviation and skewness over the samples. */
  readonly kurtosis: { readonly mean: number; readonly deviation: number; readonly skewness: number };
}

/** Samples of each size; the 5 % point of p is then known to 0.5 %. */
export const replicates = 2000;
/** Larger samples are not simulated: what changes with n is known from here on. */
const largestSimulated = 512;

/** By shape and size, simulated once a thread. */
const known = new Map<string, NullSamples>();

/** Those of the largest power of two that is at most `count` and 512. */
export function nullSamples(engine: Engine, shape: LawShape, count: number): NullSamples {
  let size = 16;
  while (2 * size <= Math.min(count, largestSimulated)) size *= 2;
  const name = `${shape} ${size}`;
  const found = known.get(name) ?? simulate(engine, shape, size);
  known.set(name, found);
  return found;
}

function simulate(engine: Engine, shape: LawShape, size: number): NullSamples {
  const { arena, kernels } = engine;
  const mark = arena.mark();
  try {
    const key = deriveKey(deriveKey(rootKey(0), keyPurpose.weights, lawShapes.indexOf(shape)), size);
    const stream = openStream(engine, key);
    const room = arena.allocateFloats(size);
    const values = new Float64Array(size);
    const distances = new Float64Array(replicates);
    const kurtoses = new Float64Array(replicates);
    for (let replicate = 0; replicate < replicates; replicate++) {
      if (shape === 'normal') kernels.fill_normal(stream, size, room, 1);
      else if (shape === 'laplace') kernels.fill_laplace(stream, size, room, 1);
      else if (shape === 'uniform') kernels.fill_uniform(stream, size, room, -1, 1);
      else kernels.fill_truncated_normal(stream, size, room, 1);
      values.set(arena.floats(room, size));
      values.sort();
      const { deviation, kurtosis } = scaleAndKurtosis(values);
      distances[replicate] = scaledDistance(kolmogorovDistance(values, shape, deviation), size);
      kurtoses[replicate] = kurtosis;
    }
    return { size, distances: distances.sort(), kurtosis: momentsOf(kurtoses) };
  } finally {
    arena.release(mark);
  }
}

/** √(Σ w²/n), and n Σ w⁴/(Σ w²)²: about 0, which is the mean by hypothesis. */
export function scaleAndKurtosis(values: Float64Array): {
  readonly deviation: number;
  readonly kurtosis: number;
} {
  let [squares, fourths] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const square = (values[i] as number) * (values[i] as number);
    squares += square;
    fourths += square * square;
  }
  const { length } = values;
  return { deviation: Math.sqrt(squares / length), kurtosis: (length * fourths) / (squares * squares) };
}

function momentsOf(values: Float64Array): NullSamples['kurtosis'] {
  let [mean, second, third] = [0, 0, 0];
  for (const value of values) mean += value / values.length;
  for (const value of values) {
    const distance = value - mean;
    second += (distance * distance) / values.length;
    third += (distance * distance * distance) / values.length;
  }
  const deviation = Math.sqrt(second);
  return { mean, deviation, skewness: third / (second * deviation) };
}
