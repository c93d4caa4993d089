/** A thread's side of a training: an engine and a copy of the parameters, kept equal to the leader's by the same steps. */
import {
  allocateDenseNetwork,
  allocateNetwork,
  createEngine,
  type Engine,
  type EngineOptions,
  InvalidArgumentError,
  toErrorData,
} from '@kindling/core';
import { allocateBatch, shuffle } from '../batches.js';
import type { TrainableNetwork } from '../passing.js';
import { openSlices } from '../slices.js';
import { openTrainee } from '../trainee.js';
import { allocateStage, followSlices, passSlices } from './shared-slices.js';
import { StepBoard } from './step-board.js';
import type { SharedImages, TrainingAnswer, TrainingRequest } from './training-request.js';
import type { WorkerEndpoint } from './worker.js';

/** Replaceable parts of a thread. */
export interface ServeTrainingOptions {
  /** Builds the kernels. Default: `createEngine`. Called once a training. */
  readonly makeEngine?: (options: EngineOptions) => Engine;
}

/**
 * Serves slices of batches to whoever holds the other end of `endpoint`. A page's worker file calls it with its global scope
 * (`serveTraining(self)`); for worker_threads see `serveTrainingThread`. It must be called, not merely imported: this package has
 * no side effects, so a bundler would drop an import for its effect.
 *
 * While a training runs the thread sleeps or computes and hears no messages; it is ended from outside.
 */
export function serveTraining(endpoint: WorkerEndpoint, options: ServeTrainingOptions = {}): void {
  const { makeEngine = createEngine } = options;
  const answer = (message: TrainingAnswer) => endpoint.postMessage(message);
  const onMessage = (event: Event) => {
    const request = 'data' in event ? (event.data as Partial<TrainingRequest> | null) : null;
    if (request?.kind !== 'kindling-training') return;
    serveOne(request as TrainingRequest, makeEngine, answer);
  };
  endpoint.addEventListener('message', onMessage);
  endpoint.start?.();
}

function serveOne(
  request: TrainingRequest,
  makeEngine: (options: EngineOptions) => Engine,
  answer: (message: TrainingAnswer) => void,
): void {
  const board = new StepBoard(request.board, request.slices, request.floats);
  try {
    const takeSteps = prepare(request, board, makeEngine);
    answer({ kind: 'kindling-training-ready' });
    takeSteps();
  } catch (error) {
    // First the message, so that it is on its way when the leader wakes.
    answer({ kind: 'kindling-training-failed', error: toErrorData(error) });
    board.fail();
  }
}

/** Everything before the first step; returns what takes all the steps. */
function prepare(
  request: TrainingRequest,
  board: StepBoard,
  makeEngine: (options: EngineOptions) => Engine,
): () => void {
  const { kernels, hash, rows, key, slices: count } = request;
  const engine = makeEngine(kernels === null ? {} : { kernels });
  if (engine.hash !== hash) {
    throw new InvalidArgumentError(
      `serveTraining: the thread's kernels are ${engine.hash.slice(0, 12)} (${engine.build}); expected the training's, ${hash.slice(0, 12)} — rebuild the worker's file, or pass threads.kernels`,
    );
  }
  const part = placeImages(engine, request.data);
  const network = rebuildNetwork(engine, request);
  const trainee = openTrainee(engine, network, rows, request.optimizer);
  let offset = 0;
  for (const { pointer, rows, stride } of trainee.parameters) {
    const floats = rows * stride;
    engine.arena.floats(pointer, floats).set(board.gradientsOf(0).subarray(offset, offset + floats));
    offset += floats;
  }
  const { sparse } = request.data;
  const order = engine.arena.allocate(4 * part.count);
  const room = { ...allocateBatch(engine, { train: part, sparse }, rows), order };
  const slices = openSlices(engine, trainee, part, room, count);
  const stage = allocateStage(engine, slices);
  return () => {
    let epoch = 0;
    for (let step = board.next(0); step !== null; step = board.next(step.number)) {
      if (step.epoch !== epoch) {
        epoch = step.epoch;
        shuffle(engine, key, epoch, part.count, order);
      }
      passSlices(engine, slices, board, step);
      if (!board.awaitSlices()) return;
      followSlices(engine, slices, board, step, stage);
      board.leave();
    }
  };
}

function rebuildNetwork(engine: Engine, { network }: TrainingRequest): TrainableNetwork {
  return network.kind === 'dense'
    ? allocateDenseNetwork(engine, network.architecture)
    : allocateNetwork(engine, network.architecture);
}

function placeImages(engine: Engine, { images, labels, count, features }: SharedImages) {
  const place = (bytes: Uint8Array) => {
    const pointer = engine.arena.allocate(bytes.length);
    engine.arena.bytes(pointer, bytes.length).set(bytes);
    return pointer;
  };
  return { count, features, images: place(images), labels: place(labels) };
}
