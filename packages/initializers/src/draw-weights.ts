/** Samples weights into the kernels' memory. */
import {
  type DenseNetwork,
  deriveKey,
  type Engine,
  keyPurpose,
  type Matrix,
  openStream,
  type RandomKey,
} from '@kindling/core';
import {
  type Fans,
  nominalVariance,
  truncatedNormalMoments,
  type VarianceScaling,
} from './variance-scaling.js';

/**
 * Fills `weights` with independent draws of `law`. Element (i, j) is draw i · columns + j of the stream of `key`, so
 * the numbers depend on the law, the fans, the shape and the key, and not on how the matrix is padded.
 *
 * @param fans give the variance; for a dense layer fan-in = rows and fan-out = columns
 * @throws InvalidArgumentError for fans or a scale out of range
 */
export function drawWeights(
  engine: Engine,
  law: VarianceScaling,
  fans: Fans,
  key: RandomKey,
  weights: Matrix,
): void {
  const { arena } = engine;
  const { rows, columns, stride, pointer } = weights;
  const deviation = Math.sqrt(nominalVariance(law, fans));
  const mark = arena.mark();
  try {
    const stream = openStream(engine, key);
    if (stride === columns) {
      fill(engine, law, deviation, stream, rows * columns, pointer);
    } else {
      const dense = arena.allocateFloats(rows * columns);
      fill(engine, law, deviation, stream, rows * columns, dense);
      const source = arena.floats(dense, rows * columns);
      const target = arena.floats(pointer, rows * stride);
      for (let i = 0; i < rows; i++) target.set(source.subarray(i * columns, (i + 1) * columns), i * stride);
    }
  } finally {
    arena.release(mark);
  }
}

function fill(
  engine: Engine,
  law: VarianceScaling,
  deviation: number,
  stream: number,
  count: number,
  out: number,
): void {
  const { kernels } = engine;
  switch (law.distribution) {
    case 'normal':
      kernels.fill_normal(stream, count, out, deviation);
      return;
    case 'uniform': {
      // U(−a, a) has variance a²/3.
      const bound = Math.sqrt(3) * deviation;
      kernels.fill_uniform(stream, count, out, -bound, bound);
      return;
    }
    case 'truncated-normal':
      kernels.fill_truncated_normal(stream, count, out, deviation / truncatedNormalMoments.deviation);
      return;
    case 'truncated-normal-uncorrected':
      kernels.fill_truncated_normal(stream, count, out, deviation);
      return;
  }
}

/**
 * Draws every weight matrix of a network, the linear output layer included; biases are left as they are (zero). Layer
 * j (from 0) uses the key `weights`/j under `key`, so two nets that share a key and a layer's shape share its weights.
 */
export function initializeNetwork(
  engine: Engine,
  network: DenseNetwork,
  law: VarianceScaling,
  key: RandomKey,
): void {
  network.layers.forEach((layer, index) => {
    drawWeights(engine, law, layer, deriveKey(key, keyPurpose.weights, index), layer.weights);
  });
}
