/** One training over one thread against two. */
import { allocateDenseNetwork, createEngine, type KernelModule, readMatrix, rootKey } from '@kindling/core';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import { type Dataset, type LabelledImages, loadDatasetIntoMemory, train } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import type { Benchmark, Contender, PreparedWork } from '../benchmark.js';
import { concatenate } from '../peers/concatenate.js';
import { timedAsync } from '../run/clock.js';
import { builtWorker } from './built-worker.js';
import { type Group, runContests } from './group.js';

/** Depth and width of the ReLU layers. */
const sizes = [50, 100] as const;
const batchSize = 1024;
const stepsAnEpoch = 2;
const slices = 4;
/** As in the group of single steps: the same images are learnt again and again, and must not be learnt by heart. */
const learningRate = 1e-3;

export const threads: Group = {
  name: 'threads',
  title: 'One training over two threads',
  description:
    `784 inputs, d ReLU layers of width d, 10 outputs: an epoch of ${stepsAnEpoch} steps of SGD on batches of ${batchSize} images, each ` +
    `batch in ${slices} slices, computed by one thread or by two. The network is the same to the bit.`,
  run: async (context) => {
    const dataset = imagesFor(await loadDataset('embedded'));
    const benchmarks = sizes.map((size) => () => benchmark(dataset, size, context.kernels));
    return { ...(await runContests('threads', benchmarks, context)), facts: {} };
  },
};

/** Whole batches, some images twice; next to nothing to evaluate, because that is not what is measured. */
function imagesFor({ dataset }: { readonly dataset: Dataset }): Dataset {
  const count = stepsAnEpoch * batchSize;
  const { train: part, test } = dataset;
  const features = part.rows * part.columns;
  const repeat = (bytes: Uint8Array, each: number) =>
    Uint8Array.from({ length: count * each }, (_, i) => bytes[i % bytes.length] ?? 0);
  const first: LabelledImages = {
    ...test,
    images: test.images.slice(0, features),
    labels: test.labels.slice(0, 1),
    count: 1,
  };
  const repeated = { ...part, images: repeat(part.images, features), labels: repeat(part.labels, 1), count };
  return { ...dataset, train: repeated, test: first };
}

function benchmark(dataset: Dataset, size: number, kernels: KernelModule | null): Benchmark {
  const contender = (label: string, count: number): Contender => ({
    label,
    prepare: () => prepare(dataset, size, kernels, count),
  });
  return {
    name: `${size} × ${size}`,
    operations: null,
    // The bits must be the same.
    agreement: {
      tolerance: 0,
      distance: (a, b) => Number(a.length !== b.length || Array.from(a).some((x, i) => !Object.is(x, b[i]))),
    },
    contenders: [contender('2 threads', 2), contender('1 thread', 1)],
  };
}

async function prepare(
  dataset: Dataset,
  size: number,
  kernels: KernelModule | null,
  count: number,
): Promise<PreparedWork> {
  const build = kernels === null ? {} : { kernels };
  const engine = createEngine(build);
  const data = loadDatasetIntoMemory(engine, dataset);
  const widths = [data.train.features, ...new Array<number>(size).fill(size)];
  const network = allocateDenseNetwork(engine, { widths, outputs: data.classes });
  initializeNetwork(engine, network, findInitializer('he-normal').initializer, rootKey(1));
  const training = train(engine, network, data, {
    optimizer: { kind: 'sgd', learningRate },
    ...{ batchSize, slices, maxEpochs: Number.MAX_SAFE_INTEGER, key: rootKey(1) },
    threads: { count, spawn: builtWorker('slice-worker'), ...build },
  });
  // Up to the report before the first step.
  await training.next();
  return {
    run: timedAsync(async () => {
      const { done } = await training.next();
      if (done) throw new Error('threads: the training ended; expected it to go on for ever');
    }),
    result: () =>
      Promise.resolve(
        concatenate(
          network.layers.flatMap(({ weights, biases }) => [
            readMatrix(engine, weights),
            readMatrix(engine, biases),
          ]),
        ),
      ),
    dispose: async () => {
      await training.return({ outcome: 'censored', epochs: 0, testAccuracy: 0, deadLayer: null });
    },
  };
}
