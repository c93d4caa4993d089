/**
 * Exact interpolation by one hidden layer: m data need no more than m − 1 ReLU neurons (Shin & Karniadakis, 2020, on
 * over-parameterization). Along a direction w that separates the data, f(x) = c + Σ_{i<m} a_i ReLU(w·x − t_i) with t_i
 * the i-th smallest projection is a triangular system: neuron i is 0 at the data up to i and sets the slope after it.
 */
import { InvalidArgumentError } from '@kindling/core';

/** The settings of `interpolateExactly`. */
export interface InterpolateExactlyOptions {
  /** m points of one dimension, all different. */
  readonly inputs: readonly (readonly number[])[];
  /** One finite number a point. */
  readonly targets: readonly number[];
  /** w; must tell every two points apart. Default: the first of a fixed list of directions that separates them best. */
  readonly direction?: readonly number[];
}

/** The parameters of a net f(x) = ReLU(x · weights + biases) · outputWeights + outputBias. */
export interface InterpolatingNetwork {
  /** m − 1, and 0 for one point. */
  readonly width: number;
  /** One row an input, one column a neuron: every column is w. */
  readonly weights: readonly (readonly number[])[];
  /** −t_i. */
  readonly biases: readonly number[];
  /** a_i. */
  readonly outputWeights: readonly number[];
  /** c: the target of the point with the smallest projection. */
  readonly outputBias: number;
}

/** Directions tried when none is given. */
const triedDirections = 32;

/**
 * The parameters of a ReLU net of width m − 1 that passes through m points, up to rounding in f64. The closer two
 * projections are, the steeper the net and the larger the rounding.
 *
 * @throws InvalidArgumentError for no points, points of different dimensions, numbers that are not finite, points the direction
 *   does not tell apart, or points so far apart (or targets on points so close) that a parameter leaves the range of f64
 */
export function interpolateExactly(options: InterpolateExactlyOptions): InterpolatingNetwork {
  const { inputs, targets } = options;
  checkPoints(inputs, targets, options.direction);
  const dimension = inputs[0]?.length ?? 0;
  const direction = options.direction ?? bestDirection(inputs, dimension);
  const order = inputs
    .map((input, index) => ({ place: project(input, direction), target: targets[index] ?? 0 }))
    .sort((a, b) => a.place - b.place);
  if (narrowestGap(inputs, direction) === 0) {
    throw new InvalidArgumentError(
      `interpolateExactly: ${options.direction === undefined ? 'inputs' : 'direction'} leaves two points with one projection; expected points that differ along it`,
    );
  }
  const biases: number[] = [];
  const outputWeights: number[] = [];
  let slope = 0;
  for (let i = 0; i + 1 < order.length; i++) {
    const here = order[i] ?? { place: 0, target: 0 };
    const next = order[i + 1] ?? here;
    const wanted = (next.target - here.target) / (next.place - here.place);
    biases.push(-here.place);
    outputWeights.push(wanted - slope);
    slope = wanted;
  }
  if (![...biases, ...outputWeights].every(Number.isFinite)) {
    throw new InvalidArgumentError(
      'interpolateExactly: inputs and targets lead to a parameter beyond the range of f64; expected them scaled nearer to 1',
    );
  }
  return {
    width: biases.length,
    weights: direction.map((component) => biases.map(() => component)),
    biases,
    outputWeights,
    outputBias: order[0]?.target ?? 0,
  };
}

function checkPoints(
  inputs: readonly (readonly number[])[],
  targets: readonly number[],
  direction: readonly number[] | undefined,
): void {
  const dimension = inputs[0]?.length ?? 0;
  if (dimension === 0) {
    throw new InvalidArgumentError('interpolateExactly: inputs is empty; expected at least one point');
  }
  if (targets.length !== inputs.length) {
    throw new InvalidArgumentError(
      `interpolateExactly: targets has ${targets.length} numbers; expected one for each of ${inputs.length} inputs`,
    );
  }
  for (const [name, vector] of [
    ...inputs.map((input, index) => [`inputs[${index}]`, input] as const),
    ...(direction === undefined ? [] : [['direction', direction] as const]),
  ]) {
    if (vector.length !== dimension || !vector.every(Number.isFinite)) {
      throw new InvalidArgumentError(
        `interpolateExactly: ${name} is [${vector.join(', ')}]; expected ${dimension} finite numbers`,
      );
    }
  }
  const bad = targets.findIndex((target) => !Number.isFinite(target));
  if (bad >= 0) {
    throw new InvalidArgumentError(
      `interpolateExactly: targets[${bad}] is ${targets[bad]}; expected a finite number`,
    );
  }
}

function project(input: readonly number[], direction: readonly number[]): number {
  return input.reduce((sum, x, index) => sum + x * (direction[index] ?? 0), 0);
}

/** The smallest distance of two projections; Infinity for one point. */
function narrowestGap(inputs: readonly (readonly number[])[], direction: readonly number[]): number {
  const places = inputs.map((input) => project(input, direction)).sort((a, b) => a - b);
  return places.slice(1).reduce((gap, place, i) => Math.min(gap, place - (places[i] ?? 0)), Infinity);
}

/**
 * The widest gap among fixed directions: in one dimension there is only 1; else the components are multiples of
 * square roots of primes taken modulo 1 and moved to (−1, 1), which no small-integer data satisfy a relation with.
 */
function bestDirection(inputs: readonly (readonly number[])[], dimension: number): readonly number[] {
  if (dimension === 1) return [1];
  let best: readonly number[] = [];
  let widest = -1;
  for (let attempt = 1; attempt <= triedDirections; attempt++) {
    const direction = Array.from({ length: dimension }, (_, i) => {
      const number = (attempt * dimension + i + 1) * Math.SQRT2;
      const other = (attempt + i + 1) * Math.sqrt(3);
      return 2 * ((number + other) % 1) - 1;
    });
    const gap = narrowestGap(inputs, direction);
    if (gap > widest) {
      best = direction;
      widest = gap;
    }
  }
  return best;
}
