/**
 * The same training in three engines: Kindling, TensorFlow.js on its WebAssembly backend, and plain f64. The same
 * weights, the same 50 batches of real images, the same rate.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import {
  allocateDenseNetwork,
  allocateMatrix,
  createEngine,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import {
  allocateTraining,
  gatherBatch,
  loadDatasetIntoMemory,
  openOptimizer,
  softmaxCrossEntropy,
  trainStep,
} from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { type ReferenceLayer, referenceSgdStep } from '@kindling/trainer/reference';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';

const widths = [784, 100, 100];
const outputs = 10;
const rows = 64;
const steps = 50;
const learningRate = 0.1;

/**
 * One f32 rounding is off by at most u = 2⁻²⁴ of the value. Every step rounds every weight anew, as often up as down, so
 * after 50 steps √50 · u = 4.2e-7 of the weight's size is typical; the gradients' own errors (√784 · u of them for the
 * longest sum) come in times rate · gradient / weight, which is far below 1. The tolerance is 10 times the typical.
 */
const tolerance = 10 * Math.sqrt(steps) * 2 ** -24;

interface Batch {
  readonly input: Float32Array;
  readonly labels: Uint8Array;
}

interface Outcome {
  readonly losses: number[];
  /** Weights and biases of every layer in turn, row-major. */
  readonly parameters: ArrayLike<number>[];
}

let kindling: Outcome;
let tensorflow: Outcome;
let reference: Outcome;

beforeAll(async () => {
  const batches = await realBatches();
  const engine = createEngine();
  const network = allocateDenseNetwork(engine, { widths, outputs });
  initializeNetwork(engine, network, findInitializer('he-normal').initializer, rootKey(17));
  const initial = network.layers.map((layer) => ({
    fanIn: layer.fanIn,
    fanOut: layer.fanOut,
    weights: readMatrix(engine, layer.weights),
  }));

  const workspace = allocateTraining(engine, network, rows);
  const input = allocateMatrix(engine, rows, 784);
  const labels = engine.arena.allocate(rows);
  const optimizer = openOptimizer(engine, network, { kind: 'sgd', learningRate });
  const losses = batches.map((batch) => {
    writeMatrix(engine, input, batch.input);
    engine.arena.bytes(labels, rows).set(batch.labels);
    return trainStep(engine, network, input, softmaxCrossEntropy(labels), workspace, optimizer);
  });
  kindling = {
    losses,
    parameters: network.layers.flatMap((layer) => [
      readMatrix(engine, layer.weights),
      readMatrix(engine, layer.biases),
    ]),
  };

  const layers: ReferenceLayer[] = initial.map(({ fanIn, fanOut, weights }) => ({
    fanIn,
    fanOut,
    weights: Float64Array.from(weights),
    biases: new Float64Array(fanOut),
  }));
  reference = {
    losses: batches.map((batch) => referenceSgdStep(layers, batch.input, batch.labels, learningRate)),
    parameters: layers.flatMap((layer) => [layer.weights, layer.biases]),
  };

  tensorflow = await trainWithTensorFlow(initial, batches);
});

/** Images of the embedded data, in order, as Kindling's own batches hold them. */
async function realBatches(): Promise<Batch[]> {
  const { dataset } = await loadDataset('embedded');
  const engine = createEngine();
  const data = loadDatasetIntoMemory(engine, dataset);
  const room = { input: allocateMatrix(engine, rows, 784), labels: engine.arena.allocate(rows) };
  return Array.from({ length: steps }, (_, step) => {
    // 23 whole batches of 64 in 1,500 images, then from the first again.
    const start = rows * (step % Math.floor(data.train.count / rows));
    gatherBatch(engine, data.train, data.naturalOrder, start, rows, room);
    return { input: readMatrix(engine, room.input), labels: engine.arena.bytes(room.labels, rows).slice() };
  });
}

async function trainWithTensorFlow(
  initial: readonly { readonly fanIn: number; readonly fanOut: number; readonly weights: Float32Array }[],
  batches: readonly Batch[],
): Promise<Outcome> {
  const folder = dirname(
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'),
  );
  setWasmPaths(`${folder}/dist/`);
  expect(await tf.setBackend('wasm')).toBe(true);
  const weights = initial.map(({ fanIn, fanOut, weights: values }) =>
    tf.variable(tf.tensor2d(values, [fanIn, fanOut])),
  );
  const biases = initial.map(({ fanOut }) => tf.variable(tf.zeros([fanOut])));
  const optimizer = tf.train.sgd(learningRate);
  const losses = batches.map((batch) =>
    tf.tidy(() => {
      const labels = tf.oneHot(tf.tensor1d(Int32Array.from(batch.labels), 'int32'), outputs);
      const loss = optimizer.minimize(() => {
        let activations: tf.Tensor = tf.tensor2d(batch.input, [rows, 784]);
        weights.forEach((w, index) => {
          const sum = tf.add(tf.matMul(activations as tf.Tensor2D, w as tf.Tensor2D), biases[index] ?? 0);
          activations = index < weights.length - 1 ? tf.relu(sum) : sum;
        });
        return tf.reshape(tf.losses.softmaxCrossEntropy(labels, activations), []) as tf.Scalar;
      }, true);
      return loss?.dataSync()[0] ?? Number.NaN;
    }),
  );
  return {
    losses,
    parameters: weights.flatMap((w, index) => [w.dataSync(), biases[index]?.dataSync() ?? []]),
  };
}

/** Largest difference of two matrices in units of the largest entry. */
function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? 0)));
    size = Math.max(size, Math.abs(expected[i] ?? 0));
  }
  return difference / size;
}

describe('50 SGD steps of a 784-100-100-10 net on real images', () => {
  it('really train: the loss falls by more than 40 %', () => {
    expect(reference.losses.at(-1)).toBeLessThan(0.6 * (reference.losses[0] ?? 0));
  });

  it.each([
    ['Kindling and f64', () => [kindling, reference] as const],
    ['TensorFlow.js and f64', () => [tensorflow, reference] as const],
    ['Kindling and TensorFlow.js', () => [kindling, tensorflow] as const],
  ])('%s agree in every loss and in all final parameters', (_name, pair) => {
    const [actual, expected] = pair();
    actual.losses.forEach((loss, step) => {
      expect(
        Math.abs(loss - (expected.losses[step] ?? Number.NaN)) / (expected.losses[step] ?? 1),
      ).toBeLessThan(tolerance);
    });
    expect(actual.parameters).toHaveLength(6);
    actual.parameters.forEach((values, index) => {
      expect(distance(values, expected.parameters[index] ?? [])).toBeLessThan(tolerance);
    });
  });

  it('Kindling is no farther from f64 than TensorFlow.js, within a factor of 4', () => {
    const worst = (outcome: Outcome) =>
      Math.max(
        ...outcome.parameters.map((values, index) => distance(values, reference.parameters[index] ?? [])),
      );
    expect(worst(kindling)).toBeLessThan(4 * worst(tensorflow));
  });

  it('negative control: one flipped weight is seen', () => {
    const weights = Float64Array.from(kindling.parameters[2] ?? []);
    weights[77] = -(weights[77] ?? 0);
    expect(distance(weights, reference.parameters[2] ?? [])).toBeGreaterThan(tolerance);
  });
});
