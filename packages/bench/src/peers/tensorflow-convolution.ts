/** TensorFlow.js's convolutions. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { PreparedWork } from '../benchmark.js';
import { timed } from '../run/clock.js';
import type { ConvolutionProblem } from './peer.js';

type Module = typeof TensorFlow;

/** Forward with bias and ReLU, fused. */
export function prepareConvolution(tf: Module, problem: ConvolutionProblem): Promise<PreparedWork> {
  const { batch, size, channels, filters } = problem;
  const x = tf.tensor4d(problem.images, [batch, size, size, channels]);
  const filter = tf.tensor4d(problem.weights, [3, 3, channels, filters]);
  const bias = tf.tensor1d(problem.biases);
  return prepare(tf, [x, filter, bias], () =>
    tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation: 'relu' }),
  );
}

/** The gradient by the images, which TensorFlow.js calls a transposed convolution of the outputs' gradient. */
export function prepareInputGradient(tf: Module, problem: ConvolutionProblem): Promise<PreparedWork> {
  const { batch, size, channels, filters } = problem;
  const gradient = tf.tensor4d(problem.gradient, [batch, size, size, filters]);
  const filter = tf.tensor4d(problem.weights, [3, 3, channels, filters]);
  return prepare(tf, [gradient, filter], () =>
    tf.conv2dTranspose(gradient, filter, [batch, size, size, channels], 1, 'same'),
  );
}

function prepare(
  tf: Module,
  held: TensorFlow.Tensor[],
  compute: () => TensorFlow.Tensor,
): Promise<PreparedWork> {
  return Promise.resolve({
    run: timed(() => compute().dispose()),
    result: () => Promise.resolve(tf.tidy(() => compute().dataSync())),
    dispose: () => {
      tf.dispose(held);
      return Promise.resolve();
    },
  });
}
