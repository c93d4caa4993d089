/** Points of a target function in the kernels' memory: what `trainRegression` learns from. */
import {
  allocateMatrix,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type Matrix,
  openStream,
  type RandomKey,
  readMatrix,
  writeMatrix,
} from '@kindling/core';
import type { TargetFunction } from './target-function.js';
import { unitVarianceRadius } from './target-functions.js';

/** Where the points lie: in the cube [−radius, radius]^inputs. */
export interface FunctionSample {
  /** Points, ≥ 1; for a grid over d inputs the d-th power of an integer. */
  readonly count: number;
  /** Half the edge of the cube, > 0; default √3. */
  readonly radius?: number;
  /**
   * With a key the points are uniform and independent, drawn by the key `data` under it. Without one they are a grid from end
   * to end (its one point is 0 where `count` is 1), the last coordinate running fastest.
   */
  readonly key?: RandomKey;
}

/** Points and what the function gives there, one row each. */
export interface RegressionData {
  /** count × inputs. */
  readonly inputs: Matrix;
  /** count × outputs. */
  readonly targets: Matrix;
}

/**
 * Points of `target` in the engine's arena. The function is taken at the points as f32 holds them, in f64, and rounded once.
 *
 * @throws InvalidArgumentError for a count or radius out of range
 * @throws OutOfMemoryError when there is no room
 * @throws what the function throws; nothing stays allocated then
 */
export function sampleFunction(
  engine: Engine,
  target: TargetFunction,
  { count, radius = unitVarianceRadius, key }: FunctionSample,
): RegressionData {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new InvalidArgumentError(`sampleFunction: count is ${count}; expected an integer ≥ 1`);
  }
  if (!(radius > 0 && Number.isFinite(radius))) {
    throw new InvalidArgumentError(`sampleFunction: radius is ${radius}; expected a positive finite number`);
  }
  const grid = key === undefined ? gridPoints(count, target.inputs, radius) : null;
  const mark = engine.arena.mark();
  try {
    const inputs = allocateMatrix(engine, count, target.inputs);
    const targets = allocateMatrix(engine, count, target.outputs);
    if (grid !== null) writeMatrix(engine, inputs, grid);
    else if (key !== undefined) drawPoints(engine, inputs, radius, key);
    const points = readMatrix(engine, inputs);
    const values: number[] = [];
    for (let i = 0; i < count; i++) {
      values.push(...target.evaluate([...points.subarray(i * target.inputs, (i + 1) * target.inputs)]));
    }
    writeMatrix(engine, targets, values);
    return { inputs, targets };
  } catch (error) {
    engine.arena.release(mark);
    throw error;
  }
}

function drawPoints(engine: Engine, inputs: Matrix, radius: number, key: RandomKey): void {
  const { arena, kernels } = engine;
  const mark = arena.mark();
  try {
    const size = inputs.rows * inputs.columns;
    const stream = openStream(engine, deriveKey(key, keyPurpose.data));
    const packed = arena.allocateFloats(size);
    kernels.fill_uniform(stream, size, packed, -radius, radius);
    writeMatrix(engine, inputs, arena.floats(packed, size));
  } finally {
    arena.release(mark);
  }
}

function gridPoints(count: number, dimensions: number, radius: number): number[] {
  const power = (side: number) => new Array<number>(dimensions).fill(side).reduce((a, b) => a * b, 1);
  let side = 1;
  while (power(side) < count) side += 1;
  if (power(side) !== count) {
    throw new InvalidArgumentError(
      `sampleFunction: count is ${count}; expected the ${dimensions === 2 ? 'square' : `power ${dimensions}`} of an integer for a grid over ${dimensions} inputs, such as ${power(side)} — or give a key for random points`,
    );
  }
  const points: number[] = [];
  for (let i = 0; i < count; i++) {
    let rest = i;
    const point: number[] = [];
    for (let d = 0; d < dimensions; d++) {
      const at = rest % side;
      // From the middle, so that the grid is symmetric to the bit.
      point.unshift(side === 1 ? 0 : (radius * (2 * at - (side - 1))) / (side - 1));
      rest = (rest - at) / side;
    }
    points.push(...point);
  }
  return points;
}
