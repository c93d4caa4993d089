/** Kindling itself, through its public functions. */
import {
  allocateDenseNetwork,
  allocateMatrix,
  createEngine,
  deriveKey,
  type Engine,
  keyPurpose,
  type Matrix,
  packedFloats,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import { measureLengths } from '@kindling/diagnostics';
import { initializerLaw } from '@kindling/initializers';
import { figure1, plan } from '@kindling/studies';
import { allocateTraining, sgdStep } from '@kindling/trainer';
import type { PreparedWork } from '../benchmark.js';
import { timed, timedAsync } from '../run/clock.js';
import { concatenate } from './concatenate.js';
import type { FigureProblem, LengthsProblem, Peer, ProductProblem, TrainingProblem } from './peer.js';
import { versionOf } from './version-of.js';

/** The first contender of every benchmark. */
export const kindlingTitle = 'Kindling';

/** Never missing. */
export function openKindling(): Promise<Peer> {
  return Promise.resolve({
    title: kindlingTitle,
    version: versionOf('@kindling/core'),
    product: { '': prepareProduct },
    trainingStep: { '': prepareTrainingStep },
    lengths: { matrices: prepareLengths },
    figure: { '': prepareFigure },
    close: () => Promise.resolve(),
  });
}

function place(engine: Engine, rows: number, columns: number, values: ArrayLike<number>): Matrix {
  const matrix = allocateMatrix(engine, rows, columns);
  writeMatrix(engine, matrix, values);
  return matrix;
}

function prepareProduct({ rows, depth, columns, ...values }: ProductProblem): Promise<PreparedWork> {
  const engine = createEngine();
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

function prepareTrainingStep(problem: TrainingProblem): Promise<PreparedWork> {
  const engine = createEngine();
  const { widths, batch, learningRate } = problem;
  const outputs = widths.at(-1) ?? 0;
  const network = allocateDenseNetwork(engine, { widths: widths.slice(0, -1), outputs });
  network.layers.forEach(({ weights, biases }, index) => {
    writeMatrix(engine, weights, problem.weights[index] ?? []);
    writeMatrix(engine, biases, problem.biases[index] ?? []);
  });
  const workspace = allocateTraining(engine, network, batch);
  const input = place(engine, batch, widths[0] ?? 0, problem.images);
  const labels = engine.arena.allocate(batch);
  engine.arena.bytes(labels, batch).set(problem.labels);
  return Promise.resolve({
    run: timed(() => {
      sgdStep(engine, network, input, labels, workspace, learningRate);
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

function prepareLengths({ depth, width, nets, seed }: LengthsProblem): Promise<PreparedWork> {
  const engine = createEngine();
  const law = initializerLaw('he-normal');
  const widths = new Array<number>(depth + 1).fill(width);
  let logLengths: number[] = [];
  return Promise.resolve({
    run: timed(() => {
      logLengths = Array.from({ length: nets }, (_, net) => {
        const key = deriveKey(rootKey(seed), keyPurpose.trial, net);
        return measureLengths(engine, { widths, law, key }).logLengths.at(-1) ?? Number.NaN;
      });
    }),
    result: () => Promise.resolve(logLengths),
    bytes: () => engine.arena.peakBytes,
    dispose: () => Promise.resolve(),
  });
}

/** The trials of its own study, one after the other in this thread. */
function prepareFigure({ specs, dataset }: FigureProblem): Promise<PreparedWork> {
  const engine = createEngine();
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
