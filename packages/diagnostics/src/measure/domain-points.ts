/** A fixed set of points that stands for the ball of radius r around 0 in d dimensions: the same points every time. */
import {
  allocateMatrix,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type Matrix,
  openStream,
  rootKey,
  writeMatrix,
} from '@kindling/core';

/** A ball of inputs; an interval for one dimension. */
export interface InputBall {
  /** d: an integer ≥ 1. */
  readonly inputDimension: number;
  /** r > 0, default √3: inputs uniform on [−√3, √3] have mean square 1. */
  readonly radius?: number | undefined;
}

/** √3. */
export const usualRadius = Math.sqrt(3);

/** Steps of the grid on an interval. */
const intervalSteps = 128;
/** Pairs of opposite directions in more dimensions, besides those of the axes. */
const directionPairs = 48;
/** Axes that get points of their own. */
const mostAxes = 16;

/**
 * @param caller begins the message
 * @throws InvalidArgumentError for a dimension or radius out of range
 */
export function checkBall(caller: string, { inputDimension, radius = usualRadius }: InputBall): void {
  if (!Number.isSafeInteger(inputDimension) || inputDimension < 1) {
    throw new InvalidArgumentError(`${caller}: inputDimension is ${inputDimension}; expected an integer ≥ 1`);
  }
  if (!(radius > 0 && Number.isFinite(radius))) {
    throw new InvalidArgumentError(`${caller}: radius is ${radius}; expected a finite number above 0`);
  }
}

/**
 * Points × d in the arena. One dimension: 129 equidistant points from −r to r. More: the axes (the first 16) and 48 directions
 * drawn once and for all, both ways, at r and at r/2, and the center.
 */
export function writeDomainPoints(
  engine: Engine,
  { inputDimension, radius = usualRadius }: InputBall,
): Matrix {
  if (inputDimension === 1) {
    const grid = allocateMatrix(engine, intervalSteps + 1, 1);
    const points = Float64Array.from({ length: grid.rows }, (_, i) => radius * ((2 * i) / intervalSteps - 1));
    writeMatrix(engine, grid, points);
    return grid;
  }
  const axes = Math.min(inputDimension, mostAxes);
  const matrix = allocateMatrix(engine, 1 + 4 * (axes + directionPairs), inputDimension);
  writeMatrix(engine, matrix, domainVectors(engine, inputDimension, axes, radius));
  return matrix;
}

function domainVectors(engine: Engine, dimension: number, axes: number, radius: number): Float64Array {
  const values = new Float64Array((1 + 4 * (axes + directionPairs)) * dimension);
  const mark = engine.arena.mark();
  try {
    // A seed of the library's own: the points are part of what is measured, not of the chance.
    const stream = openStream(engine, deriveKey(rootKey(0), keyPurpose.data));
    const count = directionPairs * dimension;
    const room = engine.arena.allocateFloats(count);
    engine.kernels.fill_normal(stream, count, room, 1);
    const drawn = engine.arena.floats(room, count);
    // Row 0 is the center.
    let row = 1;
    for (let direction = 0; direction < axes + directionPairs; direction++) {
      const vector = Float64Array.from({ length: dimension }, (_, i) => {
        if (direction < axes) return i === direction ? 1 : 0;
        return drawn[(direction - axes) * dimension + i] ?? 0;
      });
      const norm = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
      for (const size of [radius, -radius, radius / 2, -radius / 2]) {
        vector.forEach((x, i) => {
          values[row * dimension + i] = (size * x) / norm;
        });
        row += 1;
      }
    }
  } finally {
    engine.arena.release(mark);
  }
  return values;
}
