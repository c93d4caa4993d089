/**
 * Whole networks in three engines: Kindling, the CPU backend of TensorFlow.js, which differentiates by itself, and plain f64. The same
 * weights and images; every gradient of one batch, and the parameters after 20 steps.
 */
import {
  type Activation,
  type Architecture,
  allocateMatrix,
  allocateNetwork,
  createEngine,
  inputShape,
  type Layer,
  type Network,
  parseArchitecture,
  projectionOf,
  readMatrix,
  rootKey,
  type TensorShape,
  writeMatrix,
} from '@kindling/core';
import { findInitializer, initializeParameters } from '@kindling/initializers';
import {
  allocateNetworkTraining,
  meanSquaredError,
  openNetworkOptimizer,
  passNetworkBackward,
  passNetworkForward,
  softmaxCrossEntropy,
  trainNetworkStep,
} from '@kindling/trainer';
import {
  type ReferenceLoss,
  referenceNetworkGradients,
  referenceNetworkStep,
} from '@kindling/trainer/reference';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(async () => {
  // Without it the backend recommends another one on the console.
  tf.enableProdMode();
  expect(await tf.setBackend('cpu')).toBe(true);
});

const batch = 5;
const classes = 4;
const u = 2 ** -24;

const conv = (filters: number, more: object = {}): Layer =>
  ({
    ...{ kind: 'conv2d', filters, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'relu' },
    ...more,
  }) as Layer;
const dense = (units: number, activation: Activation = 'linear'): Layer => ({
  kind: 'dense',
  units,
  activation,
});
const leaky: Activation = { kind: 'leaky-relu', slope: 0.2 };
const residual = (branch: readonly Layer[], more: object = {}): Layer =>
  ({ kind: 'residual', branch, scale: 0.7, shortcut: 'identity', ...more }) as Layer;
const images = { height: 8, width: 7, channels: 2 };

const architectures: Readonly<Record<string, Architecture>> = {
  dense: { input: { width: 9 }, layers: [dense(8, 'relu'), dense(7, leaky), dense(classes)] },
  'residual, ReLU modules': {
    input: { width: 9 },
    layers: [
      dense(6),
      residual([dense(6, 'relu')]),
      residual([dense(6, 'relu')], { scale: 0.5 }),
      dense(classes),
    ],
  },
  'residual, linear ends, learned scales, a projection': {
    input: { width: 9 },
    layers: [
      residual([dense(6, 'relu'), dense(5)], { shortcut: 'projection', scale: { learned: 0.6 } }),
      residual([residual([dense(5, 'relu'), dense(5)], { scale: { learned: -0.4 } }), dense(5, leaky)]),
      dense(classes),
    ],
  },
  'convolutions, all paddings': {
    input: images,
    layers: [
      conv(4, { padding: 'circular' }),
      conv(5, { padding: 'valid', stride: 2, activation: leaky }),
      conv(4, { kernel: [2, 3] }),
      { kind: 'global-average-pool' },
      dense(classes),
    ],
  },
  'convolutions, blocks, pools, normalization, flatten': {
    input: images,
    layers: [
      conv(4, { activation: 'linear' }),
      { kind: 'batch-normalization' },
      { kind: 'activation', activation: 'relu' },
      residual([conv(4), conv(4, { activation: 'linear' })], { scale: { learned: 0.5 } }),
      { kind: 'max-pool', window: [2, 2], stride: 2 },
      residual([conv(6, { stride: 2, padding: 'circular' }), conv(6, { activation: leaky })], {
        ...{ shortcut: 'projection', scale: 0.8 },
      }),
      { kind: 'average-pool', window: [2, 1], stride: 1 },
      { kind: 'flatten' },
      dense(7, 'relu'),
      dense(classes),
    ],
  },
};

type Variables = Readonly<Record<string, tf.Variable>>;

/** The forward pass of an architecture in TensorFlow.js, which knows how to go back by itself. */
function tensorflowPass(
  variables: Variables,
  layers: readonly Layer[],
  input: tf.Tensor4D,
  path: string,
): tf.Tensor4D {
  return layers.reduce((x, layer, index) => tensorflowLayer(variables, layer, x, `${path}.${index}`), input);
}

function tensorflowLayer(variables: Variables, layer: Layer, x: tf.Tensor4D, path: string): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const parameter = (name: string, at = path): tf.Tensor => {
    const found = variables[`${at}.${name}`];
    if (found === undefined) throw new RangeError(`${at}.${name}`);
    return found;
  };
  const kernel = (rows: number, columns: number, units: number, at = path) =>
    parameter('weights', at).reshape<tf.Tensor4D>([rows, columns, channels, units]);
  switch (layer.kind) {
    case 'dense': {
      const sums = tf.conv2d(x, kernel(1, 1, layer.units), 1, 'valid').add<tf.Tensor4D>(parameter('biases'));
      return activated(sums, layer.activation);
    }
    case 'conv2d': {
      const [rows, columns] = layer.kernel;
      const padded = layer.padding === 'circular' ? wrapped(x, layer.kernel, layer.stride) : x;
      const weights = kernel(rows, columns, layer.filters);
      const sums = tf.conv2d(padded, weights, layer.stride, layer.padding === 'zero' ? 'same' : 'valid');
      return activated(sums.add<tf.Tensor4D>(parameter('biases')), layer.activation);
    }
    case 'max-pool':
      return tf.maxPool(x, [...layer.window], layer.stride, 'valid');
    case 'average-pool':
      return tf.avgPool(x, [...layer.window], layer.stride, 'valid');
    case 'global-average-pool':
      return tf.mean<tf.Tensor4D>(x, [1, 2], true);
    case 'flatten':
      return x.reshape<tf.Tensor4D>([count, 1, 1, height * width * channels]);
    case 'activation':
      return activated(x, layer.activation);
    case 'batch-normalization': {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      const scaled = x.sub(mean).div(variance.add(1e-5).sqrt());
      return scaled.mul(parameter('gamma')).add<tf.Tensor4D>(parameter('beta'));
    }
    case 'residual': {
      const branch = tensorflowPass(variables, layer.branch, x, `${path}.branch`);
      const scale = typeof layer.scale === 'number' ? tf.scalar(layer.scale) : parameter('scale');
      const scaled = branch.mul(scale.reshape([1, 1, 1, 1]));
      if (layer.shortcut === 'identity') return x.add(scaled);
      const size = ([, h, w, c]: readonly number[]): TensorShape => ({
        ...{ height: Number(h), width: Number(w), channels: Number(c) },
      });
      const stride = projectionOf(size(x.shape), size(branch.shape))?.stride ?? 1;
      return tf.conv2d(x, kernel(1, 1, branch.shape[3], `${path}.shortcut`), stride, 'valid').add(scaled);
    }
  }
}

function activated(x: tf.Tensor4D, activation: Activation): tf.Tensor4D {
  if (activation === 'linear') return x;
  return activation === 'relu' ? tf.relu(x) : tf.leakyRelu(x, activation.slope);
}

/** The image continued periodically on all sides, as far as a kernel of this stride looks. */
function wrapped(x: tf.Tensor4D, kernel: readonly [number, number], stride: number): tf.Tensor4D {
  return [1, 2].reduce((image, axis) => {
    const size = image.shape[axis] ?? 0;
    const out = Math.ceil(size / stride);
    const missing = Math.max((out - 1) * stride + Number(kernel[axis - 1]) - size, 0);
    const before = Math.floor(missing / 2);
    const order = Array.from({ length: size + missing }, (_, i) => (i - before + size) % size);
    return tf.gather(image, tf.tensor1d(order, 'int32'), axis);
  }, x);
}

/** A network with a batch, in three engines. */
function problem(description: Architecture, kind: ReferenceLoss['kind']) {
  const engine = createEngine();
  const architecture = parseArchitecture(description);
  const network = allocateNetwork(engine, architecture);
  initializeParameters(engine, network, findInitializer('he-normal').initializer, rootKey(8));
  // What starts from one number everywhere gets others, so that no mistake hides.
  network.parameters.forEach(({ kind: of, matrix }, index) => {
    if (of === 'weights' || of === 'scale') return;
    const numbers = Array.from({ length: matrix.columns }, (_, j) => 0.1 * Math.sin(index + 2 * j));
    writeMatrix(engine, matrix, of === 'gamma' ? numbers.map((x) => 1 + x) : numbers);
  });
  const { height, width, channels } = inputShape(architecture.input);
  const features = height * width * channels;
  const x = Float32Array.from({ length: batch * features }, (_, i) => Math.sin(1 + 3.7 * i * i));
  const inputs = allocateMatrix(engine, batch, features);
  writeMatrix(engine, inputs, x);
  const labels = Uint8Array.from({ length: batch }, (_, i) => (3 * i + 1) % classes);
  const pointer = engine.arena.allocate(batch);
  engine.arena.bytes(pointer, batch).set(labels);
  const answers = Float32Array.from({ length: batch * classes }, (_, i) => Math.cos(2.1 * i));
  const targets = allocateMatrix(engine, batch, classes);
  writeMatrix(engine, targets, answers);
  const image = tf.tensor4d(x, [batch, height, width, channels]);
  const variables: Variables = Object.fromEntries(
    [...numbersOf(engine, network)].map(([name, numbers]) => [
      name,
      tf.variable(tf.tensor(Float32Array.from(numbers)), true),
    ]),
  );
  const tensorflowLoss = (): tf.Scalar => {
    const outputs = tensorflowPass(variables, architecture.layers, image, 'layers').reshape([batch, classes]);
    if (kind === 'mean-squared-error') {
      return tf.losses.meanSquaredError(tf.tensor2d(answers, [batch, classes]), outputs).asScalar();
    }
    const oneHot = tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), classes);
    return tf.losses.softmaxCrossEntropy(oneHot, outputs).asScalar();
  };
  return {
    ...{ engine, architecture, network, x, inputs, variables, tensorflowLoss },
    training: allocateNetworkTraining(engine, network, batch),
    loss: kind === 'mean-squared-error' ? meanSquaredError(targets) : softmaxCrossEntropy(pointer),
    referenceLoss: (kind === 'mean-squared-error'
      ? { kind, targets: answers }
      : { kind, labels }) as ReferenceLoss,
    reference: Object.fromEntries(
      [...numbersOf(engine, network)].map(([name, numbers]) => [name, Float64Array.from(numbers)]),
    ),
  };
}

function numbersOf(engine: ReturnType<typeof createEngine>, network: Network): Map<string, Float32Array> {
  return new Map(network.parameters.map(({ name, matrix }) => [name, readMatrix(engine, matrix)]));
}

function distance(actual: ArrayLike<number>, expected: ArrayLike<number>) {
  expect(actual.length).toBe(expected.length);
  let [off, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    off = Math.max(off, Math.abs(Number(actual[i]) - Number(expected[i])));
    size = Math.max(size, Math.abs(Number(expected[i])));
  }
  return { off, size };
}

/*
 * Each side rounds sums of up to 280 terms (weight gradients over 5 · 56 pixels) in at most ten layers: √(10 · 280)·u = 53u of the size of
 * a gradient, twice for two engines in f32. A gradient by a bias before a normalization is 0, a sum of parts as large as those of the weights beside it: they set the
 * scale.
 */
const tolerance = 200 * u;

describe.each(Object.entries(architectures))('%s', (_, description) => {
  it.each(['softmax-cross-entropy', 'mean-squared-error'] as const)(
    'has the gradients of TensorFlow.js and of f64 under %s',
    (kind) => {
      const { engine, architecture, network, x, inputs, training, loss, ...others } = problem(
        description,
        kind,
      );
      const f64 = referenceNetworkGradients(architecture, others.reference, x, others.referenceLoss);
      const { value, grads } = tf.variableGrads(others.tensorflowLoss, Object.values(others.variables));
      const got = passNetworkForward(engine, network, inputs, loss, training);
      expect(Math.abs(got - f64.loss)).toBeLessThan(tolerance * Math.max(1, f64.loss));
      expect(Math.abs(got - Number(value.dataSync()[0]))).toBeLessThan(tolerance * Math.max(1, f64.loss));
      let compared = 0;
      passNetworkBackward(engine, network, training, (index, gradient) => {
        const name = network.parameters[index]?.name ?? '';
        const numbers = readMatrix(engine, gradient);
        const theirs = grads[others.variables[name]?.name ?? '']?.dataSync() ?? [];
        for (const expected of [f64.gradients[name] ?? [], theirs]) {
          const { off, size } = distance(numbers, expected);
          const beside = f64.gradients[name.replace('biases', 'weights')] ?? [];
          expect(off, name).toBeLessThan(tolerance * Math.max(size, distance(beside, beside).size));
        }
        compared += 1;
      });
      expect(compared).toBe(network.parameters.length);
    },
  );
});

describe('20 steps of a residual net of convolutions with all that there is', () => {
  /** The largest distances from Kindling's parameters after 20 steps of rate 0.05, and how far the loss fell. */
  function follow(rate: number) {
    const name = 'convolutions, blocks, pools, normalization, flatten';
    const found = problem(architectures[name] as Architecture, 'softmax-cross-entropy');
    const { engine, architecture, network, x, inputs, training, loss, reference, variables } = found;
    const optimizer = openNetworkOptimizer(engine, network, { kind: 'sgd', learningRate: 0.05 });
    const theirs = tf.train.sgd(rate);
    const losses: number[] = [];
    for (let step = 0; step < 20; step++) {
      losses.push(trainNetworkStep(engine, network, inputs, loss, training, optimizer));
      referenceNetworkStep(architecture, reference, x, found.referenceLoss, rate);
      theirs.minimize(found.tensorflowLoss, false, Object.values(variables));
    }
    const numbers = [...numbersOf(engine, network)];
    const farthest = (of: (name: string) => ArrayLike<number>) =>
      Math.max(...numbers.map(([parameter, values]) => distance(values, of(parameter)).off));
    return {
      fell: Number(losses.at(-1)) / Number(losses[0]),
      fromReference: farthest((parameter) => reference[parameter] ?? []),
      fromTensorflow: farthest((parameter) => variables[parameter]?.dataSync() ?? []),
    };
  }

  /*
   * A gradient of size 1 is off by 100u; 20 steps of rate 0.05 add that up to 100u, and 20 roundings of parameters of size 1 add 20u. What is
   * off grows by 1 + rate · curvature a step, by 3 on average over the steps for a curvature of 2: 360u, and twice that for two engines in f32.
   */
  it('agree in all parameters', () => {
    const { fell, fromReference, fromTensorflow } = follow(0.05);
    expect(fell).toBeLessThan(0.7);
    expect(fromReference).toBeLessThan(360 * u);
    expect(fromTensorflow).toBeLessThan(720 * u);
  });

  it('the control: a rate that is 1 % off is far outside', () => {
    const { fromReference, fromTensorflow } = follow(0.0505);
    expect(fromReference).toBeGreaterThan(5 * 360 * u);
    expect(fromTensorflow).toBeGreaterThan(5 * 720 * u);
  });
});
