/**
 * Convolutions and pools of Kindling against the CPU backend of TensorFlow.js, forward and backward: the same numbers, kernels,
 * strides and paddings. Circular padding, which TensorFlow.js does not have, is made there by putting copies side by side.
 */
import {
  allocateChannelStatistics,
  allocateImages,
  allocateMatrix,
  allocateScratch,
  averagePool,
  averagePoolBackward,
  batchNormBackward,
  batchNormForward,
  batchNormScratchFloats,
  type Convolution,
  conv2dBiasGradient,
  conv2dForward,
  conv2dInputGradient,
  conv2dWeightGradient,
  convolutionGeometry,
  convolutionScratchFloats,
  createEngine,
  type ImageShape,
  type Images,
  maxPool,
  maxPoolBackward,
  pooledSize,
  readImages,
  readMatrix,
  writeImages,
  writeMatrix,
} from '@kindling/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(async () => {
  // Without it the backend recommends another one on the console.
  tf.enableProdMode();
  expect(await tf.setBackend('cpu')).toBe(true);
});

const engine = createEngine();

/** Numbers on (−1, 1): the fractional parts of multiples of an irrational, another for each `seed`. */
function numbers(seed: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => 2 * (((i + 1) * Math.sqrt(seed + 1.5)) % 1) - 1);
}

/**
 * Largest difference in units of the largest number. Both sides round sums of at most a few thousand terms; 10⁻⁵ is 170 roundings
 * of the largest, and a wrong tap or pixel is off by a tenth and more.
 */
const tolerance = 1e-5;

function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let [difference, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(Number(actual[i]) - Number(expected[i])));
    size = Math.max(size, Math.abs(Number(expected[i])));
  }
  return difference / size;
}

interface Outcome {
  readonly output: ArrayLike<number>;
  readonly inputGradient: ArrayLike<number>;
  readonly weightGradient: ArrayLike<number>;
  readonly biasGradient: ArrayLike<number>;
}

interface Case extends Convolution {
  readonly input: ImageShape;
  readonly outputs: number;
}

interface Data {
  readonly x: Float32Array;
  readonly w: Float32Array;
  readonly b: Float32Array;
  readonly dy: Float32Array;
  readonly out: ImageShape;
}

function dataOf(convolution: Case): Data {
  const { input, outputs, kernelHeight, kernelWidth } = convolution;
  const { height, width } = convolutionGeometry(convolution, input.height, input.width);
  const out = { batch: input.batch, height, width, channels: outputs };
  return {
    x: numbers(1, input.batch * input.height * input.width * input.channels),
    w: numbers(2, kernelHeight * kernelWidth * input.channels * outputs),
    b: numbers(4, outputs),
    dy: numbers(5, out.batch * height * width * outputs),
    out,
  };
}

function kindling(convolution: Case, { x, w, b, dy, out }: Data): Outcome {
  const { input: shape, outputs } = convolution;
  const { border, gradientBorder } = convolutionGeometry(convolution, shape.height, shape.width);
  const input = filled(allocateImages(engine, shape, { border }), x);
  const outputGradient = filled(allocateImages(engine, out, { border: gradientBorder }), dy);
  const inputGradient = allocateImages(engine, shape, { border });
  const output = allocateImages(engine, out);
  const fanIn = convolution.kernelHeight * convolution.kernelWidth * shape.channels;
  const weights = allocateMatrix(engine, fanIn, outputs);
  const weightGradient = allocateMatrix(engine, fanIn, outputs);
  const biases = allocateMatrix(engine, 1, outputs);
  const biasGradient = allocateMatrix(engine, 1, outputs);
  writeMatrix(engine, weights, w);
  writeMatrix(engine, biases, b);
  const scratch = allocateScratch(engine, convolutionScratchFloats(convolution, shape, outputs));
  conv2dForward(engine, convolution, { input, weights, biases, output, scratch });
  conv2dInputGradient(engine, convolution, { outputGradient, weights, inputGradient, scratch });
  conv2dWeightGradient(engine, convolution, { input, outputGradient, weightGradient, scratch });
  conv2dBiasGradient(engine, { outputGradient, biasGradient, scratch });
  return {
    output: readImages(engine, output),
    inputGradient: readImages(engine, inputGradient),
    weightGradient: readMatrix(engine, weightGradient),
    biasGradient: readMatrix(engine, biasGradient),
  };
}

function filled(images: Images, values: Float32Array): Images {
  writeImages(engine, images, values);
  return images;
}

/** `before` and `after` more of one axis, continued periodically. */
function wrapped(x: tf.Tensor4D, axis: number, before: number, after: number): tf.Tensor4D {
  const size = x.shape[axis] ?? 0;
  const slice = (start: number, count: number) => {
    const begin = [0, 0, 0, 0];
    const extent = [-1, -1, -1, -1];
    begin[axis] = start;
    extent[axis] = count;
    return x.slice(begin, extent);
  };
  const parts = [x];
  if (before > 0) parts.unshift(slice(size - before, before));
  if (after > 0) parts.push(slice(0, after));
  return tf.concat(parts, axis) as tf.Tensor4D;
}

function tensorflow(convolution: Case, { x, w, b, dy, out }: Data): Outcome {
  const { input, outputs, kernelHeight, kernelWidth, stride, padding } = convolution;
  const { border } = convolutionGeometry(convolution, input.height, input.width);
  const shape = shapeOf(input);
  const run = (xs: tf.Tensor, ws: tf.Tensor, bs: tf.Tensor): tf.Tensor => {
    let image = xs as tf.Tensor4D;
    if (padding === 'circular') {
      image = wrapped(wrapped(image, 2, border.left, border.right), 1, border.top, border.bottom);
    }
    return tf.add(tf.conv2d(image, ws as tf.Tensor4D, stride, padding === 'zero' ? 'same' : 'valid'), bs);
  };
  return tf.tidy(() => {
    const inputs = [
      tf.tensor4d(x, shape),
      tf.tensor4d(w, [kernelHeight, kernelWidth, input.channels, outputs]),
      tf.tensor1d(b),
    ] as const;
    const grads = tf.grads(run as (...all: tf.Tensor[]) => tf.Tensor);
    const [dx, dw, db] = grads([...inputs], tf.tensor4d(dy, shapeOf(out)));
    return {
      output: run(...inputs).dataSync(),
      inputGradient: dx?.dataSync() ?? [],
      weightGradient: dw?.dataSync() ?? [],
      biasGradient: db?.dataSync() ?? [],
    };
  });
}

function shapeOf({ batch, height, width, channels }: ImageShape): [number, number, number, number] {
  return [batch, height, width, channels];
}

const image = (height: number, width: number, channels: number) => ({ batch: 3, height, width, channels });

const cases: readonly Case[] = (['zero', 'circular', 'valid'] as const).flatMap((padding) => [
  ...[1, 2, 3].map((stride) => ({
    ...{ padding, stride, kernelHeight: 3, kernelWidth: 3, outputs: 8, input: image(9, 11, 3) },
  })),
  { padding, stride: 1, kernelHeight: 3, kernelWidth: 3, outputs: 16, input: image(12, 12, 16) },
  { padding, stride: 2, kernelHeight: 3, kernelWidth: 3, outputs: 5, input: image(8, 8, 4) },
  { padding, stride: 1, kernelHeight: 5, kernelWidth: 2, outputs: 7, input: image(7, 6, 1) },
  { padding, stride: 2, kernelHeight: 1, kernelWidth: 1, outputs: 6, input: image(7, 6, 5) },
]);

describe('convolutions in Kindling and in TensorFlow.js', () => {
  it.each(cases)('agree forward and backward: %j', (convolution) => {
    const data = dataOf(convolution);
    const [got, want] = [kindling(convolution, data), tensorflow(convolution, data)];
    for (const name of Object.keys(want) as (keyof Outcome)[]) {
      expect(distance(got[name], want[name]), name).toBeLessThan(tolerance);
    }
  });

  it('negative control: one shifted pixel is seen', () => {
    const [convolution] = cases;
    if (convolution === undefined) throw new Error('expected a case');
    const data = dataOf(convolution);
    const got = Float32Array.from(kindling(convolution, data).inputGradient);
    [got[30] = 0, got[33] = 0] = [got[33], got[30]];
    expect(distance(got, tensorflow(convolution, data).inputGradient)).toBeGreaterThan(100 * tolerance);
  });
});

describe('pools in Kindling and in TensorFlow.js', () => {
  const pools = [
    { windowHeight: 2, windowWidth: 2, stride: 2 },
    { windowHeight: 3, windowWidth: 2, stride: 1 },
    { windowHeight: 3, windowWidth: 3, stride: 2 },
  ];
  it.each(pools)('agree forward and backward: %j', (pool) => {
    const shape = image(8, 7, 5);
    const out = { ...shape, ...pooledSize(pool, 8, 7) };
    const x = numbers(1, 3 * 8 * 7 * 5);
    const dy = numbers(2, 3 * out.height * out.width * 5);
    const input = filled(allocateImages(engine, shape), x);
    const outputGradient = filled(allocateImages(engine, out), dy);
    const [output, inputGradient] = [allocateImages(engine, out), allocateImages(engine, shape)];
    const window: [number, number] = [pool.windowHeight, pool.windowWidth];
    for (const [kind, run] of [
      ['average', tf.avgPool],
      ['largest', tf.maxPool],
    ] as const) {
      if (kind === 'average') {
        averagePool(engine, pool, input, output);
        averagePoolBackward(engine, pool, outputGradient, inputGradient);
      } else {
        maxPool(engine, pool, input, output);
        maxPoolBackward(engine, pool, { input, outputGradient, inputGradient });
      }
      tf.tidy(() => {
        const pooled = (tensor: tf.Tensor) => run(tensor as tf.Tensor4D, window, pool.stride, 'valid');
        const tensor = tf.tensor4d(x, shapeOf(shape));
        const gradient = tf.grad(pooled)(tensor, tf.tensor4d(dy, shapeOf(out)));
        expect(distance(readImages(engine, output), pooled(tensor).dataSync()), kind).toBeLessThan(tolerance);
        const got = readImages(engine, inputGradient);
        expect(distance(got, gradient.dataSync()), `${kind} gradient`).toBeLessThan(tolerance);
      });
    }
  });
});

describe('batch normalization in Kindling and in TensorFlow.js', () => {
  it('agrees forward and backward', () => {
    const shape = image(5, 6, 7);
    const count = 3 * 5 * 6 * 7;
    const [x, dy, gammas, betas] = [numbers(1, count), numbers(2, count), numbers(4, 7), numbers(5, 7)];
    const row = () => allocateMatrix(engine, 1, 7);
    const all = {
      input: filled(allocateImages(engine, shape), x),
      output: allocateImages(engine, shape),
      gradient: filled(allocateImages(engine, shape), dy),
      ...{ gamma: row(), beta: row(), gammaGradient: row(), betaGradient: row() },
      statistics: allocateChannelStatistics(engine, 7),
      scratch: allocateScratch(engine, batchNormScratchFloats(7)),
    };
    writeMatrix(engine, all.gamma, gammas);
    writeMatrix(engine, all.beta, betas);
    batchNormForward(engine, all, 1e-3);
    batchNormBackward(engine, all, 1e-3);
    tf.tidy(() => {
      const run = (xs: tf.Tensor, gs: tf.Tensor, bs: tf.Tensor) => {
        const { mean, variance } = tf.moments(xs, [0, 1, 2]);
        return tf.add(tf.mul(tf.div(tf.sub(xs, mean), tf.sqrt(tf.add(variance, 1e-3))), gs), bs);
      };
      const inputs = [tf.tensor4d(x, shapeOf(shape)), tf.tensor1d(gammas), tf.tensor1d(betas)] as const;
      const grads = tf.grads(run as (...all: tf.Tensor[]) => tf.Tensor);
      const [dx, dgamma, dbeta] = grads([...inputs], tf.tensor4d(dy, shapeOf(shape)));
      const output = readImages(engine, all.output);
      expect(distance(output, run(...inputs).dataSync())).toBeLessThan(tolerance);
      expect(distance(readImages(engine, all.gradient), dx?.dataSync() ?? [])).toBeLessThan(tolerance);
      expect(distance(readMatrix(engine, all.gammaGradient), dgamma?.dataSync() ?? [])).toBeLessThan(
        tolerance,
      );
      expect(distance(readMatrix(engine, all.betaGradient), dbeta?.dataSync() ?? [])).toBeLessThan(tolerance);
    });
  });
});
