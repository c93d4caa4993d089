/** One step of SGD on a deep, narrow network: what a study of trainability does all day. */
import type { Dataset } from '@kindling/trainer';
import type { Agreement } from '../benchmark.js';
import type { TrainingProblem } from '../peers/peer.js';
import { contendersFor, type Group, runContests } from './group.js';
import { normalValues } from './random-values.js';

/** Depth and width of the ReLU layers. */
const sizes = [10, 30, 50, 100] as const;
const batches = [128, 1024] as const;

/**
 * Small: the same batch is learnt thousands of times while it is timed, and a loss that reaches 0 would leave gradients
 * below the range of normal numbers, which processors are slow at.
 */
const learningRate = 1e-3;

/** Small beside activations near 1. */
const biasDeviation = 0.01;
/** Numbers of their own: no net is as deep. */
const biasesFrom = 1_000_000;

export const trainingStep: Group = {
  name: 'training-step',
  title: 'One step of SGD',
  description:
    '784 inputs, d ReLU layers of width d, 10 outputs; softmax cross-entropy, forward, backward and update on a batch of ' +
    'images (128 or 1024).',
  run: async (context) => {
    const benchmarks = batches.flatMap((batch) =>
      sizes.map((size) => () => {
        const problem = trainingProblem(context.dataset, size, size, batch);
        return {
          name: `${size} × ${size}, batch ${batch}`,
          operations: null,
          contenders: contendersFor(context.peers, (peer) => peer.trainingStep, problem),
          agreement: sameUpdates(problem),
        };
      }),
    );
    return { ...(await runContests('training-step', benchmarks, context)), facts: {} };
  },
};

/** A He-normal net of `depth` ReLU layers of `width`, and the first `batch` training images. */
export function trainingProblem(
  { train, classes }: Dataset,
  depth: number,
  width: number,
  batch: number,
): TrainingProblem {
  const features = train.rows * train.columns;
  const widths = [features, ...new Array<number>(depth).fill(width), classes];
  return {
    widths,
    batch,
    images: Float32Array.from(train.images.subarray(0, batch * features), (byte) => byte / 255),
    labels: train.labels.slice(0, batch),
    weights: widths
      .slice(1)
      .map((fanOut, j) => normalValues(j, (widths[j] ?? 0) * fanOut, Math.sqrt(2 / (widths[j] ?? 0)))),
    biases: widths.slice(1).map((fanOut, j) => normalValues(biasesFrom + j, fanOut, biasDeviation)),
    learningRate,
  };
}

/** Sums in orders of each contender's own, through up to 101 layers: 2e-6 is the most that was seen. */
const tolerance = 1e-4;
/**
 * About one pre-activation in a million is so near 0 that rounding decides its sign. The pass forward does not mind; in the
 * pass backward the unit loses or gains one image, and in deep nets the images of a batch nearly cancel, so that one of them
 * is a few percent of a layer's gradient (3 % were seen). Where so many make such a case likely, only a gross mistake is a
 * disagreement; a small one is seen in the smaller nets.
 */
const manyActivations = 2e5;
const looseTolerance = 0.2;

/**
 * Compares what the steps changed, tensor by tensor: in units of the tensor's largest change, beyond what rounding the new
 * values to f32 may do. Weights themselves would agree even if nobody had learnt anything.
 */
export function sameUpdates({ widths, weights, biases, batch }: TrainingProblem): Agreement {
  const activations = batch * widths.slice(1, -1).reduce((sum, width) => sum + width, 0);
  const initial = weights.flatMap((values, j) => [values, biases[j] ?? new Float32Array()]);
  return {
    tolerance: activations > manyActivations ? looseTolerance : tolerance,
    distance: (expected, actual) => {
      let worst = 0;
      let offset = 0;
      for (const before of initial) {
        worst = Math.max(worst, updateDistance(before, expected, actual, offset));
        offset += before.length;
      }
      return offset === expected.length && offset === actual.length ? worst : Number.POSITIVE_INFINITY;
    },
  };
}

/** At most so many steps come before results are compared, each with one rounding of the new value. */
const steps = 2;

function updateDistance(
  before: Float32Array,
  expected: ArrayLike<number>,
  actual: ArrayLike<number>,
  offset: number,
): number {
  let change = 0;
  let difference = 0;
  for (let i = 0; i < before.length; i++) {
    const e = expected[offset + i] ?? Number.NaN;
    const old = before[i] ?? Number.NaN;
    const rounding = 2 * steps * 2 ** -24 * Math.abs(old);
    const apart = Math.abs((actual[offset + i] ?? Number.NaN) - e) - rounding;
    if (!(apart <= difference)) difference = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
    change = Math.max(change, Math.abs(e - old));
  }
  return difference === 0 ? 0 : difference / change;
}
