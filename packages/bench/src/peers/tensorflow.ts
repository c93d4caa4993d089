/** TensorFlow.js on its WebAssembly backend, which runs on one thread in Node. */
import { join } from 'node:path';
import type * as TensorFlow from '@tensorflow/tfjs';
import type { PreparedWork } from '../benchmark.js';
import { timed } from '../run/clock.js';
import { concatenate } from './concatenate.js';
import type { LengthsProblem, OpenPeer, ProductProblem, TrainingProblem } from './peer.js';
import { prepareConvolution, prepareInputGradient } from './tensorflow-convolution.js';
import { prepareFigure } from './tensorflow-figure.js';
import { folderOf, missingPackages, versionOf } from './version-of.js';

const packages = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'];

type Module = typeof TensorFlow;

export const openTensorFlow: OpenPeer = async () => {
  const missing = missingPackages(packages);
  if (missing !== null) return { missing };
  const tf = await import('@tensorflow/tfjs');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${join(folderOf('@tensorflow/tfjs-backend-wasm') ?? '', 'dist')}/`);
  if (!(await tf.setBackend('wasm'))) return { missing: 'its WebAssembly backend cannot be loaded here' };
  return {
    title: 'TensorFlow.js',
    version: versionOf('@tensorflow/tfjs'),
    product: { '': (problem) => prepareProduct(tf, problem) },
    trainingStep: { '': (problem) => prepareTrainingStep(tf, problem) },
    convolution: { '': (problem) => prepareConvolution(tf, problem) },
    convolutionInputGradient: { '': (problem) => prepareInputGradient(tf, problem) },
    lengths: { '': (problem) => prepareLengths(tf, problem) },
    figure: { '': (problem) => prepareFigure(tf, problem) },
    close: () => Promise.resolve(),
  };
};

function prepareProduct(tf: Module, problem: ProductProblem): Promise<PreparedWork> {
  const { rows, depth, columns } = problem;
  const a = tf.tensor2d(problem.a, [rows, depth]);
  const b = tf.tensor2d(problem.b, [depth, columns]);
  const bias = tf.tensor1d(problem.bias);
  const multiply = () => tf.fused.matMul({ a, b, bias, activation: 'relu' });
  return Promise.resolve({
    run: timed(() => multiply().dispose()),
    result: () => Promise.resolve(tf.tidy(() => multiply().dataSync())),
    dispose: () => {
      tf.dispose([a, b, bias]);
      return Promise.resolve();
    },
  });
}

/** `minimize` is its fastest way to train. */
function prepareTrainingStep(tf: Module, problem: TrainingProblem): Promise<PreparedWork> {
  const { widths, batch, learningRate } = problem;
  const layers = widths.slice(1).map((width, index) => ({
    weights: tf.variable(tf.tensor2d(problem.weights[index] ?? [], [widths[index] ?? 0, width])),
    biases: tf.variable(tf.tensor1d(problem.biases[index] ?? [])),
  }));
  const images = tf.tensor2d(problem.images, [batch, widths[0] ?? 0]);
  const labels = tf.tidy(() =>
    tf.oneHot(tf.tensor1d(Int32Array.from(problem.labels), 'int32'), widths.at(-1) ?? 0),
  );
  const optimizer = tf.train.sgd(learningRate);
  const loss = () => {
    let activations: TensorFlow.Tensor = images;
    layers.forEach(({ weights, biases }, index) => {
      const sums = tf.add(tf.matMul(activations, weights), biases);
      activations = index < layers.length - 1 ? tf.relu(sums) : sums;
    });
    return tf.losses.softmaxCrossEntropy(labels, activations) as TensorFlow.Scalar;
  };
  return Promise.resolve({
    run: timed(() => {
      optimizer.minimize(loss);
    }),
    result: () =>
      Promise.resolve(
        concatenate(layers.flatMap(({ weights, biases }) => [weights.dataSync(), biases.dataSync()])),
      ),
    dispose: () => {
      tf.dispose([images, labels, ...layers.flatMap(({ weights, biases }) => [weights, biases])]);
      optimizer.dispose();
      return Promise.resolve();
    },
  });
}

function prepareLengths(tf: Module, { depth, width, nets, seed }: LengthsProblem): Promise<PreparedWork> {
  const deviation = Math.sqrt(2 / width);
  let logLengths: number[] = [];
  let drawn = seed;
  const measure = () =>
    tf.tidy(() => {
      let activations: TensorFlow.Tensor = tf.randomNormal([1, width], 0, 1, 'float32', drawn++);
      const squares = [tf.mean(tf.square(activations))];
      for (let layer = 0; layer < depth; layer++) {
        const weights = tf.randomNormal([width, width], 0, deviation, 'float32', drawn++);
        activations = tf.relu(tf.matMul(activations, weights));
        squares.push(tf.mean(tf.square(activations)));
      }
      return tf.stack(squares).dataSync();
    });
  return Promise.resolve({
    run: timed(() => {
      logLengths = Array.from({ length: nets }, () => {
        const squares = measure();
        return Math.log((squares[depth] ?? Number.NaN) / (squares[0] ?? Number.NaN));
      });
    }),
    result: () => Promise.resolve(logLengths),
    dispose: () => Promise.resolve(),
  });
}
