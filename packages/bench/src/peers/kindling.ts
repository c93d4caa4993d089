/** Kindling itself, through its public functions. */
import {
  allocateDenseNetwork,
  allocateMatrix,
  allocateSparseRows,
  createEngine,
  type Engine,
  type KernelModule,
  type Matrix,
  type NetworkInput,
  packedFloats,
  readMatrix,
  rootKey,
  writeMatrix,
  writeSparseRows,
} from '@kindling/core';
import { measureManyLengths, sampleManyLengths } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { figure1, plan } from '@kindling/studies';
import {
  allocateTraining,
  largestSparseShare,
  openOptimizer,
  softmaxCrossEntropy,
  trainStep,
} from '@kindling/trainer';
import type { PreparedWork } from '../benchmark.js';
import { timed, timedAsync } from '../run/clock.js';
import { concatenate } from './concatenate.js';
import { prepareConvolution, prepareInputGradient, prepareWeightGradient } from './kindling-convolution.js';
import type { FigureProblem, LengthsProblem, Peer, ProductProblem, TrainingProblem } from './peer.js';
import { versionOf } from './version-of.js';

/** The first contender of every benchmark. */
export const kindlingTitle = 'Kindling';

/**
 * Never missing.
 *
 * @param kernels null for the strict build
 */
export function openKindling(kernels: KernelModule | null = null): Promise<Peer> {
  const newEngine = () => createEngine(kernels === null ? {} : { kernels });
  return Promise.resolve({
    title: kindlingTitle,
    version: versionOf('@kindling/core'),
    product: { '': (problem) => prepareProduct(newEngine(), problem) },
    trainingStep: { '': (problem) => prepareTrainingStep(newEngine(), problem) },
    convolution: { '': (problem) => prepareConvolution(newEngine(), problem) },
    convolutionInputGradient: { '': (problem) => prepareInputGradient(newEngine(), problem) },
    convolutionWeightGradient: { '': (problem) => prepareWeightGradient(newEngine(), problem) },
    lengths: {
      matrices: (problem) => prepareLengths(newEngine(), problem, measureManyLengths),
      'exact law': (problem) => prepareLengths(newEngine(), problem, sampleManyLengths),
    },
    figure: { '': (problem) => prepareFigure(newEngine(), problem) },
    close: () => Promise.resolve(),
  });
}

function place(engine: Engine, rows: number, columns: number, values: ArrayLike<number>): Matrix {
  const matrix = allocateMatrix(engine, rows, columns);
  writeMatrix(engine, matrix, values);
  return matrix;
}

function prepareProduct(
  engine: Engine,
  { rows, depth, columns, ...values }: ProductProblem,
): Promise<PreparedWork> {
  const a = place(engine, rows, depth, values.a);
  const b = place(engine, depth, columns, values.b);
  const bias = place(engine, 1, columns, values.bias);
  const c = allocateMatrix(engine, rows, columns);
  const scratch = engine.arena.allocateFloats(packedFloats(depth, columns));
  const { sgemm_nn_bias_relu } = engine.kernels;
  return Promise.resolve({
    run: timed(() =>
      sgemm_nn_bias_relu(
        ...([rows, columns, depth] as const),
        ...([a.pointer, a.stride, b.pointer, b.stride, c.pointer, c.stride] as const),
        ...([scratch, bias.pointer] as const),
      ),
    ),
    result: () => Promise.resolve(readMatrix(engine, c)),
    dispose: () => Promise.resolve(),
  });
}

function prepareTrainingStep(engine: Engine, problem: TrainingProblem): Promise<PreparedWork> {
  const { widths, batch, learningRate } = problem;
  const outputs = widths.at(-1) ?? 0;
  const network = allocateDenseNetwork(engine, { widths: widths.slice(0, -1), outputs });
  network.layers.forEach(({ weights, biases }, index) => {
    writeMatrix(engine, weights, problem.weights[index] ?? []);
    writeMatrix(engine, biases, problem.biases[index] ?? []);
  });
  const workspace = allocateTraining(engine, network, batch);
  const input = placeImages(engine, problem);
  const labels = engine.arena.allocate(batch);
  engine.arena.bytes(labels, batch).set(problem.labels);
  const loss = softmaxCrossEntropy(labels);
  const optimizer = openOptimizer(engine, network, { kind: 'sgd', learningRate });
  return Promise.resolve({
    run: timed(() => {
      trainStep(engine, network, input, loss, workspace, optimizer);
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
    bytes: () => engine.arena.peakBytes,
    dispose: () => Promise.resolve(),
  });
}

/** As the trainer does: only the nonzero pixels where most are zero. */
function placeImages(engine: Engine, { widths, batch, images }: TrainingProblem): NetworkInput {
  const pixels = widths[0] ?? 0;
  const nonzero = images.reduce((count, pixel) => (pixel === 0 ? count : count + 1), 0);
  if (nonzero > largestSparseShare * images.length) return place(engine, batch, pixels, images);
  const sparse = allocateSparseRows(engine, batch, pixels);
  writeSparseRows(engine, sparse, images);
  return sparse;
}

/** Lengths of independent nets in one call: from their matrices, or by the exact law. */
function prepareLengths(
  engine: Engine,
  { depth, width, nets, seed }: LengthsProblem,
  draw: typeof measureManyLengths | typeof sampleManyLengths,
): Promise<PreparedWork> {
  const { initializer } = findInitializer('he-normal');
  const widths = new Array<number>(depth + 1).fill(width);
  let lastLayers: number[] = [];
  return Promise.resolve({
    run: timed(() => {
      const logLengths = draw(engine, { widths, initializer, key: rootKey(seed), nets });
      lastLayers = Array.from({ length: nets }, (_, net) => logLengths[(net + 1) * depth - 1] ?? Number.NaN);
    }),
    result: () => Promise.resolve(lastLayers),
    bytes: () => engine.arena.peakBytes,
    dispose: () => Promise.resolve(),
  });
}

/** The trials of its own study, one after the other in this thread. */
function prepareFigure(engine: Engine, { specs, dataset }: FigureProblem): Promise<PreparedWork> {
  let outcomes: number[] = [];
  return Promise.resolve({
    run: timedAsync(async () => {
      outcomes = [];
      for (const spec of specs) {
        for (const key of plan(figure1, spec)) {
          const { logLength, epochs } = await figure1.runTrial({ engine, dataset }, spec, key);
          outcomes.push(Number(logLength ?? epochs));
        }
      }
    }),
    result: () => Promise.resolve(outcomes),
    dispose: () => Promise.resolve(),
  });
}
