/** Independent numbers of one law, and matrices filled with them. */
import {
  type Engine,
  type Matrix,
  openStream,
  type Pointer,
  type RandomKey,
  type Stream,
} from '@kindling/core';
import type { BiasLaw } from '../laws/bias-law.js';
import { defaultDegreesOfFreedom, truncatedNormalMoments } from '../laws/distribution.js';
import { nominalVariance } from '../laws/entry-moments.js';
import type { LayerShape } from '../laws/layer-shape.js';
import { rangeOf, type StatedVariance, type VarianceScaling } from '../laws/weight-law.js';

/** The laws of independent entries, of weights and of biases. */
export type IndependentLaw = Exclude<BiasLaw, { readonly kind: 'zeros' | 'inverse-root-fan-in' }>;

/** Writes `count` numbers to `out`. */
export type Fill = (engine: Engine, stream: Stream, count: number, out: Pointer) => void;

/**
 * Fills a matrix with a stream of numbers: element (i, j) is number i · columns + j of the stream of `key`, so they do not
 * depend on how the matrix is padded.
 */
export function fillMatrix(engine: Engine, key: RandomKey, matrix: Matrix, fill: Fill): void {
  const { arena } = engine;
  const { rows, columns, stride, pointer } = matrix;
  const mark = arena.mark();
  try {
    const stream = openStream(engine, key);
    if (stride === columns) {
      fill(engine, stream, rows * columns, pointer);
      return;
    }
    const dense = arena.allocateFloats(rows * columns);
    fill(engine, stream, rows * columns, dense);
    const source = arena.floats(dense, rows * columns);
    const target = arena.floats(pointer, rows * stride);
    for (let i = 0; i < rows; i++) target.set(source.subarray(i * columns, (i + 1) * columns), i * stride);
  } finally {
    arena.release(mark);
  }
}

/** How numbers of `law` are written on a layer of this shape. */
export function fillOf(law: IndependentLaw, shape: LayerShape): Fill {
  switch (law.kind) {
    case 'constant':
      return (engine, _, count, out) => {
        engine.arena.floats(out, count).fill(law.value);
      };
    case 'uniform-range': {
      const { low, high } = rangeOf(law, shape.fanIn);
      return ({ kernels }, stream, count, out) => kernels.fill_uniform(stream, count, out, low, high);
    }
    case 'variance-scaling':
    case 'stated-variance':
      return fillOfDistribution(law, Math.sqrt(nominalVariance(law, shape)));
  }
}

/** Normal numbers of mean 0. */
export function fillNormal(deviation: number): Fill {
  return ({ kernels }, stream, count, out) => kernels.fill_normal(stream, count, out, deviation);
}

function fillOfDistribution(law: VarianceScaling | StatedVariance, deviation: number): Fill {
  switch (law.distribution) {
    case 'normal':
      return fillNormal(deviation);
    case 'uniform': {
      // U(−a, a) has variance a²/3.
      const bound = Math.sqrt(3) * deviation;
      return ({ kernels }, stream, count, out) => kernels.fill_uniform(stream, count, out, -bound, bound);
    }
    case 'truncated-normal': {
      const parent = deviation / truncatedNormalMoments.deviation;
      return ({ kernels }, stream, count, out) => kernels.fill_truncated_normal(stream, count, out, parent);
    }
    case 'truncated-normal-uncorrected':
      return ({ kernels }, stream, count, out) =>
        kernels.fill_truncated_normal(stream, count, out, deviation);
    case 'laplace':
      return ({ kernels }, stream, count, out) => kernels.fill_laplace(stream, count, out, deviation);
    case 'rademacher':
      return ({ kernels }, stream, count, out) => kernels.fill_rademacher(stream, count, out, deviation);
    case 'student-t': {
      const { degreesOfFreedom = defaultDegreesOfFreedom } = law;
      return ({ kernels }, stream, count, out) =>
        kernels.fill_student_t(stream, count, out, deviation, degreesOfFreedom);
    }
  }
}
