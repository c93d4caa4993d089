/** Figure 1 written in TensorFlow.js. */
import type * as TensorFlow from '@tensorflow/tfjs';
import type { PreparedWork } from '../benchmark.js';
import { timed } from '../run/clock.js';
import type { FigureProblem, ImagesOf } from './peer.js';

type Module = typeof TensorFlow;
type Law = FigureProblem['laws'][number];

interface Images {
  readonly images: TensorFlow.Tensor2D;
  readonly labels: TensorFlow.Tensor1D;
}

/** The study as one piece of work. */
export function prepareFigure(tf: Module, problem: FigureProblem): Promise<PreparedWork> {
  const { laws, lengths, training } = problem;
  const train = place(tf, problem.train);
  const test = place(tf, problem.test);
  let drawn = problem.seed;
  const nextSeed = () => drawn++;
  let outcomes: number[] = [];
  return Promise.resolve({
    run: timed(() => {
      outcomes = [];
      for (const law of laws) {
        for (const depth of lengths.depths) {
          for (let net = 0; net < lengths.nets; net++) outcomes.push(measure(tf, law, depth, nextSeed));
        }
      }
      for (const law of laws) {
        for (const depth of training.depths) {
          for (let run = 0; run < training.runs; run++) {
            outcomes.push(learn(tf, problem, law, depth, train, test, nextSeed));
          }
        }
      }
    }),
    result: () => Promise.resolve(outcomes),
    dispose: () => {
      tf.dispose([train.images, train.labels, test.images, test.labels]);
      return Promise.resolve();
    },
  });
}

function place(tf: Module, { count, features, images, labels }: ImagesOf): Images {
  return {
    images: tf.tensor2d(images, [count, features]),
    labels: tf.tensor1d(Int32Array.from(labels), 'int32'),
  };
}

function draw(tf: Module, law: Law, fanIn: number, fanOut: number, seed: number): TensorFlow.Tensor2D {
  const deviation = Math.sqrt(law.scale / fanIn);
  const bound = Math.sqrt(3) * deviation;
  return law.uniform
    ? tf.randomUniform([fanIn, fanOut], -bound, bound, 'float32', seed)
    : tf.randomNormal([fanIn, fanOut], 0, deviation, 'float32', seed);
}

/** Log of the last layer's mean square over the input's. */
function measure(tf: Module, law: Law, depth: number, nextSeed: () => number): number {
  const squares = tf.tidy(() => {
    let activations: TensorFlow.Tensor = tf.randomNormal([1, depth], 0, 1, 'float32', nextSeed());
    const means = [tf.mean(tf.square(activations))];
    for (let layer = 0; layer < depth; layer++) {
      activations = tf.relu(tf.matMul(activations, draw(tf, law, depth, depth, nextSeed())));
      means.push(tf.mean(tf.square(activations)));
    }
    return tf.stack(means).dataSync();
  });
  return Math.log((squares[depth] ?? Number.NaN) / (squares[0] ?? Number.NaN));
}

/** Epochs until the training ended. */
function learn(
  tf: Module,
  { training, classes }: FigureProblem,
  law: Law,
  depth: number,
  train: Images,
  test: Images,
  nextSeed: () => number,
): number {
  const { maxEpochs, learningRate, batch, targetAccuracy } = training;
  const [count, features] = train.images.shape;
  const widths = [features, ...new Array<number>(depth).fill(depth), classes];
  const layers = widths.slice(1).map((width, index) => ({
    weights: tf.variable(draw(tf, law, widths[index] ?? 0, width, nextSeed())),
    biases: tf.variable(tf.zeros([width])),
  }));
  const optimizer = tf.train.sgd(learningRate);
  const logits = (images: TensorFlow.Tensor2D) => {
    let activations: TensorFlow.Tensor = images;
    layers.forEach(({ weights, biases }, index) => {
      const sums = tf.add(tf.matMul(activations, weights), biases);
      activations = index < layers.length - 1 ? tf.relu(sums) : sums;
    });
    return activations;
  };
  const step = (indices: Int32Array): number =>
    tf.tidy(() => {
      const chosen = tf.tensor1d(indices, 'int32');
      const images = tf.gather(train.images, chosen);
      const targets = tf.oneHot(tf.gather(train.labels, chosen), classes);
      const loss = () => tf.losses.softmaxCrossEntropy(targets, logits(images)) as TensorFlow.Scalar;
      return optimizer.minimize(loss, true)?.dataSync()[0] ?? Number.NaN;
    });
  const accuracy = (): number =>
    tf.tidy(() => {
      const right = tf.equal(tf.argMax(logits(test.images), 1), test.labels);
      return tf.mean(tf.cast(right, 'float32')).dataSync()[0] ?? Number.NaN;
    });
  try {
    for (let epoch = 1; epoch <= maxEpochs; epoch++) {
      const order = Int32Array.from(tf.util.createShuffledIndices(count));
      for (let start = 0; start < count; start += batch) {
        if (!Number.isFinite(step(order.subarray(start, start + batch)))) return epoch;
      }
      if (accuracy() >= targetAccuracy) return epoch;
    }
    return maxEpochs;
  } finally {
    tf.dispose(layers.flatMap(({ weights, biases }) => [weights, biases]));
    optimizer.dispose();
  }
}
