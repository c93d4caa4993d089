/** A figure 1 from first draw to last test accuracy: everything around the steps counts too. */
import {
  datasetIdentity,
  type Figure1Spec,
  figure1Defaults,
  figure1Spec,
  paperTraining,
} from '@kindling/studies';
import type { Dataset, LabelledImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import type { Agreement } from '../benchmark.js';
import type { FigureProblem, ImagesOf } from '../peers/peer.js';
import { contendersFor, type Group, runContests } from './group.js';
import { sameMean } from './many-inits.js';

/** He's law by its fan-in with four variances and shapes that every library draws by itself. */
const laws = [
  { initializer: 'he-normal', scale: 2, uniform: false },
  { initializer: 'he-uniform', scale: 2, uniform: true },
  { initializer: 'he-normal-2x', scale: 4, uniform: false },
  { initializer: 'lecun-normal', scale: 1, uniform: false },
] as const;

/** `whole` is what `kindling study figure-1 --quick` takes; the others are parts of it. */
const sizes = {
  small: { lengthDepths: [5, 10], trainingDepths: [10], trials: 50, runs: 1, maxEpochs: 2 },
  reduced: {
    lengthDepths: [5, 10, 20, 30],
    trainingDepths: [10, 20, 30],
    trials: 100,
    runs: 1,
    maxEpochs: 4,
  },
  whole: figure1Defaults.quick,
} as const;

export const figure1Race: Group = {
  name: 'figure-1',
  title: 'A figure 1',
  description:
    'Lengths of random nets, and trainings on 1,500 images until 20 % of 500 test images are right or a cap of epochs is ' +
    'reached; width = depth, four initializers. Everybody draws and shuffles by themselves, so outcomes agree in their law.',
  run: async (context) => {
    const { dataset } = await loadDataset('embedded');
    const name = context.wholeFigure ? 'whole' : context.quick ? 'small' : 'reduced';
    const problem = figureProblem(dataset, sizes[name]);
    const { lengths, training } = problem;
    const counts = [
      `${laws.length * lengths.depths.length * lengths.nets} nets`,
      `${laws.length * training.depths.length * training.runs} trainings of at most ${training.maxEpochs} epochs`,
    ];
    const benchmark = () => ({
      name: `${name}: ${counts.join(', ')}`,
      operations: null,
      contenders: contendersFor(context.peers, (peer) => peer.figure, problem),
      agreement: sameOutcomes(laws.length * lengths.depths.length * lengths.nets),
    });
    return { ...(await runContests('figure-1', [benchmark], context)), facts: {} };
  },
};

/** The problem of a size of the study, on these images. */
export function figureProblem(
  dataset: Dataset,
  size: {
    readonly lengthDepths: readonly number[];
    readonly trainingDepths: readonly number[];
    readonly trials: number;
    readonly runs: number;
    readonly maxEpochs: number;
  },
): FigureProblem {
  const { lengthDepths, trainingDepths, trials, runs, maxEpochs } = size;
  return {
    seed: 1,
    laws,
    lengths: { depths: lengthDepths, nets: trials },
    training: {
      ...{ depths: trainingDepths, runs, maxEpochs },
      learningRate: paperTraining.learningRate,
      batch: paperTraining.embeddedBatchSize,
      targetAccuracy: paperTraining.targetAccuracy,
    },
    classes: dataset.classes,
    train: imagesOf(dataset.train),
    test: imagesOf(dataset.test),
    specs: specsOf(dataset, size),
    dataset,
  };
}

/** For Kindling: its own study, in two specs because the depths of the parts differ. */
function specsOf(
  dataset: Dataset,
  { lengthDepths, trainingDepths, trials, runs, maxEpochs }: Parameters<typeof figureProblem>[1],
): readonly Figure1Spec[] {
  const initializers = laws.map(({ initializer }) => initializer);
  return [
    figure1Spec({ seed: 1, initializers, depths: lengthDepths, trials, runs: 0, data: null }),
    figure1Spec({
      ...{ seed: 1, initializers, depths: trainingDepths, trials: 0, runs, maxEpochs },
      data: datasetIdentity(dataset),
    }),
  ];
}

function imagesOf({ images, labels, count, rows, columns }: LabelledImages): ImagesOf {
  return {
    ...{ count, features: rows * columns },
    images: Float32Array.from(images, (byte) => byte / 255),
    labels: Uint8Array.from(labels),
  };
}

/** The mean of the log lengths, and that of the epochs: see `sameMean`. @param lengths how many of the numbers are lengths */
function sameOutcomes(lengths: number): Agreement {
  return {
    tolerance: sameMean.tolerance,
    distance: (expected, actual) => {
      const parts = [expected, actual].map((values) => Array.from(values));
      const [e = [], a = []] = parts;
      const byLengths = sameMean.distance(e.slice(0, lengths), a.slice(0, lengths));
      const epochs = [e.slice(lengths), a.slice(lengths)] as const;
      // Where all trainings of both took the same number of epochs there is no spread to measure in.
      const equal = epochs.every((values) => values.every((value) => value === epochs[0][0]));
      return Math.max(byLengths, equal ? 0 : sameMean.distance(...epochs));
    },
  };
}
