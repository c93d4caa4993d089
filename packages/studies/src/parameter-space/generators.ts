/**
 * Ways to make the parameters of a network out of those of trained ones: laws fitted to checkpoints, and the controls without which
 * their accuracy says nothing. All sums run in f64 over the checkpoints in order.
 */
import { deriveKey, type Engine, InvalidArgumentError, openStream, type RandomKey } from '@kindling/core';
import { layerRanges, type ParameterVector, requireOneArchitecture } from './parameter-vector.js';

/** Purpose of the keys: "draw" in ASCII; none of the tree's own. */
const drawing = 0x64_72_61_77;

/** Which draw of which generator: the same key, the same numbers. */
export interface DrawOptions {
  readonly key: RandomKey;
}

/**
 * A normal law of every parameter of its own: the mean and the sample deviation over the checkpoints, all independent.
 *
 * @param checkpoints at least two of one architecture
 */
export function drawIndependent(
  engine: Engine,
  checkpoints: readonly ParameterVector[],
  { key }: DrawOptions,
): ParameterVector {
  const { sizes, values: mean } = meanOf('drawIndependent', checkpoints, 2);
  const normal = drawNormals(engine, mean.length, key);
  const values = mean.map((center, i) => {
    let squares = 0;
    for (const { values: own } of checkpoints) {
      const difference = (own[i] as number) - center;
      squares += difference * difference;
    }
    return center + (normal[i] as number) * Math.sqrt(squares / (checkpoints.length - 1));
  });
  return { sizes, values: Float32Array.from(values) };
}

/**
 * The normal law with the mean and the whole sample covariance of the checkpoints, all its principal components kept:
 * μ + Σ z_i (θ_i − μ)/√(K − 1) with independent standard normal z. It lies in the flat space that the checkpoints span.
 *
 * @param checkpoints at least two of one architecture
 */
export function drawInSpan(
  engine: Engine,
  checkpoints: readonly ParameterVector[],
  { key }: DrawOptions,
): ParameterVector {
  const { sizes, values: mean } = meanOf('drawInSpan', checkpoints, 2);
  const normal = drawNormals(engine, checkpoints.length, key);
  const scale = 1 / Math.sqrt(checkpoints.length - 1);
  const values = mean.slice();
  checkpoints.forEach(({ values: own }, index) => {
    const weight = (normal[index] as number) * scale;
    for (let i = 0; i < values.length; i++) {
      values[i] = (values[i] as number) + weight * ((own[i] as number) - (mean[i] as number));
    }
  });
  return { sizes, values: Float32Array.from(values) };
}

/** The mean of checkpoints; of two the point halfway. @param checkpoints at least one, all of one architecture */
export function averageOf(checkpoints: readonly ParameterVector[]): ParameterVector {
  const { sizes, values } = meanOf('averageOf', checkpoints, 1);
  return { sizes, values: Float32Array.from(values) };
}

/** A checkpoint plus a vector of this length in a random direction, uniform on the sphere. @param length ≥ 0 */
export function drawAround(
  engine: Engine,
  { sizes, values }: ParameterVector,
  { key, length }: DrawOptions & { readonly length: number },
): ParameterVector {
  const normal = drawNormals(engine, values.length, key);
  let squares = 0;
  for (const value of normal) squares += value * value;
  const scale = length / Math.sqrt(squares);
  return { sizes, values: values.map((value, i) => value + scale * (normal[i] as number)) };
}

/**
 * A checkpoint whose numbers have been put in random order within each weight matrix and each bias row: a draw from each tensor's own law
 * of single numbers, without replacement, in which nothing but that law is left.
 */
export function drawShuffled(
  engine: Engine,
  { sizes, values }: ParameterVector,
  { key }: DrawOptions,
): ParameterVector {
  const { arena, kernels } = engine;
  const shuffled = values.slice();
  layerRanges(sizes).forEach(({ weights, biases, end }, layer) => {
    for (const [part, from, to] of [
      [0, weights, biases],
      [1, biases, end],
    ] as const) {
      const mark = arena.mark();
      const stream = openStream(engine, deriveKey(key, drawing, 2 * layer + part));
      const order = arena.allocate(4 * (to - from));
      kernels.fill_permutation(stream, to - from, order);
      arena.words(order, to - from).forEach((index, i) => {
        shuffled[from + i] = values[from + index] as number;
      });
      arena.release(mark);
    }
  });
  return { sizes, values: shuffled };
}

/** `count` standard normal numbers under a key. */
function drawNormals(engine: Engine, count: number, key: RandomKey): Float32Array {
  const { arena, kernels } = engine;
  const mark = arena.mark();
  const stream = openStream(engine, deriveKey(key, drawing));
  const room = arena.allocateFloats(count);
  kernels.fill_normal(stream, count, room, 1);
  const normals = arena.floats(room, count).slice();
  arena.release(mark);
  return normals;
}

function meanOf(caller: string, checkpoints: readonly ParameterVector[], fewest: number) {
  const [first] = checkpoints;
  if (first === undefined || checkpoints.length < fewest) {
    throw new InvalidArgumentError(
      `${caller}: got ${checkpoints.length} checkpoints; expected at least ${fewest}`,
    );
  }
  const values = new Float64Array(first.values.length);
  for (const checkpoint of checkpoints) {
    requireOneArchitecture(caller, first, checkpoint);
    const own = checkpoint.values;
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + (own[i] as number);
  }
  return { sizes: first.sizes, values: values.map((sum) => sum / checkpoints.length) };
}
