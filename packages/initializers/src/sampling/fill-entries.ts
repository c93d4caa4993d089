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
import { rangeOf, type StatedVariance, type VarianceScaling, type WeightLaw } from '../laws/weight-law.js';

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

/** The laws that a kernel draws from one number: the deviation, the bound of U(−b, b), the deviation before truncation. */
export interface SymmetricDraw {
  readonly law: 'normal' | 'uniform' | 'truncated-normal';
  readonly parameter: number;
}

/** The draw of independent symmetric weights on a layer of this shape; null where the law is none of the three. */
export function symmetricDraw(law: WeightLaw, shape: LayerShape): SymmetricDraw | null {
  if (law.kind !== 'variance-scaling' && law.kind !== 'stated-variance') return null;
  return drawOfDistribution(law, Math.sqrt(nominalVariance(law, shape)));
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
  return fillOfDraw({ law: 'normal', parameter: deviation });
}

function fillOfDraw({ law, parameter }: SymmetricDraw): Fill {
  switch (law) {
    case 'normal':
      return ({ kernels }, stream, count, out) => kernels.fill_normal(stream, count, out, parameter);
    case 'uniform':
      return ({ kernels }, stream, count, out) =>
        kernels.fill_uniform(stream, count, out, -parameter, parameter);
    case 'truncated-normal':
      return ({ kernels }, stream, count, out) =>
        kernels.fill_truncated_normal(stream, count, out, parameter);
  }
}

function drawOfDistribution(law: VarianceScaling | StatedVariance, deviation: number): SymmetricDraw | null {
  switch (law.distribution) {
    case 'normal':
      return { law: 'normal', parameter: deviation };
    case 'uniform':
      // U(−a, a) has variance a²/3.
      return { law: 'uniform', parameter: Math.sqrt(3) * deviation };
    case 'truncated-normal':
      return { law: 'truncated-normal', parameter: deviation / truncatedNormalMoments.deviation };
    case 'truncated-normal-uncorrected':
      return { law: 'truncated-normal', parameter: deviation };
    default:
      return null;
  }
}

function fillOfDistribution(law: VarianceScaling | StatedVariance, deviation: number): Fill {
  const draw = drawOfDistribution(law, deviation);
  if (draw !== null) return fillOfDraw(draw);
  switch (law.distribution) {
    case 'laplace':
      return ({ kernels }, stream, count, out) => kernels.fill_laplace(stream, count, out, deviation);
    case 'rademacher':
      return ({ kernels }, stream, count, out) => kernels.fill_rademacher(stream, count, out, deviation);
    case 'student-t': {
      const { degreesOfFreedom = defaultDegreesOfFreedom } = law;
      return ({ kernels }, stream, count, out) =>
        kernels.fill_student_t(stream, count, out, deviation, degreesOfFreedom);
    }
    default:
      throw new RangeError(`there is no way to draw "${law.distribution}"`);
  }
}
