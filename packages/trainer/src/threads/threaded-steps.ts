/**
 * Steps of a training over several threads, from the side of the one that asked for it, the leader. It computes slices as the
 * others do; the others hear of a step through shared memory and answer there.
 */
import { type Arena, fromErrorData, isSparse, type KernelModule, OutOfMemoryError } from '@kindling/core';
import { type ResidentDataset, shuffle } from '../batches.js';
import { isGeneral } from '../passing.js';
import { largestSlice, openSlices } from '../slices.js';
import type { Steps, StepTools } from '../steps.js';
import { canShareMemory, shareBytes } from './shared-memory.js';
import { allocateStage, followSlices, passSlices } from './shared-slices.js';
import { boardBytes, canWaitAsync, StepBoard } from './step-board.js';
import type { SharedImages, TrainingAnswer, TrainingRequest } from './training-request.js';
import { TrainingThreadError } from './training-thread-error.js';
import type { SpawnedWorker, SpawnWorker } from './worker.js';

/** Threads of one training. */
export interface TrainingThreads {
  /** How many compute, this one among them: 1 … `slices`. It changes no bit. */
  readonly count: number;
  /** Starts a worker whose file calls `serveTrainingThread` (Node) or `serveTraining` (a page). Called count − 1 times. */
  readonly spawn: SpawnWorker;
  /** The kernels of the training's engine, where they are not the strict ones. */
  readonly kernels?: KernelModule;
}

/** Whether a training can run over threads here; elsewhere one thread computes all slices, with the same bits. */
export function canUseThreads(): boolean {
  return canShareMemory() && canWaitAsync();
}

/**
 * Starts the threads, and takes work memory from the arena. The first step waits for them.
 *
 * @param slices how many a batch has, ≥ `count`
 * @throws OutOfMemoryError when there is no room; no thread is left then
 */
export function openThreadedSteps(tools: StepTools, threads: TrainingThreads, slices: number): Steps {
  const { engine, trainee, data, room, options } = tools;
  const sliced = openSlices(engine, trainee, data.train, room, slices);
  const stage = allocateStage(engine, sliced);
  const buffer = allocateShared(boardBytes(slices, sliced.floats));
  const board = new StepBoard(buffer, slices, sliced.floats);
  writeParameters(tools, board);
  const crew = startThreads(requestOf(tools, threads, buffer, sliced.floats, slices), threads, board);
  let ready: Promise<void> | null = crew.ready;
  let epoch = 0;
  let isFirst = true;

  const take: Steps['take'] = (batch) => {
    const others = isFirst ? null : board.othersDone(threads.count - 1, crew.failure);
    isFirst = false;
    if (others !== null) return others.then(() => begin());
    return begin();

    function begin() {
      board.begin({ ...batch, epoch });
      passSlices(engine, sliced, board, batch);
      const rest = board.slicesFinished(crew.failure);
      return rest === null ? follow() : rest.then(follow);
    }

    function follow() {
      return followSlices(engine, sliced, board, batch, stage);
    }
  };

  return {
    beginEpoch: (next) => {
      epoch = next;
      shuffle(engine, options.key, epoch, data.train.count, room.order);
    },
    take: (batch) => {
      if (ready === null) return take(batch);
      const started = untilAborted(ready, options.signal);
      return started.then(() => {
        ready = null;
        return take(batch);
      });
    },
    close: async () => {
      board.end();
      await crew.end();
    },
  };
}

interface Crew {
  /** All threads wait for the first step. Rejects as `failure` does. */
  readonly ready: Promise<void>;
  /** Rejects when a thread ends or throws. */
  readonly failure: Promise<never>;
  /** Ends all of them. */
  end(): Promise<void>;
}

function startThreads(request: TrainingRequest, { count, spawn }: TrainingThreads, board: StepBoard): Crew {
  let fail: (error: TrainingThreadError) => void = () => {};
  const failure = new Promise<never>((_, reject) => {
    fail = (error) => {
      reject(error);
      board.fail();
    };
  });
  failure.catch(() => {}); // whoever waits hears of it; often nobody does
  const spawned: SpawnedWorker[] = [];
  const waits: Promise<void>[] = [];
  try {
    for (let i = 1; i < count; i++) {
      const worker = spawn();
      spawned.push(worker);
      worker.onExit((cause) => {
        fail(new TrainingThreadError(`train: a thread ended on the way: ${cause.message}`, { cause }));
      });
      waits.push(untilReady(worker, fail));
      worker.endpoint.postMessage(request);
    }
  } catch (error) {
    fail(new TrainingThreadError('train: a thread could not be started', { cause: error }));
  }
  const ready = Promise.race([Promise.all(waits).then(() => {}), failure]);
  ready.catch(() => {});
  return {
    ready,
    failure,
    end: async () => {
      await Promise.all(spawned.map((worker) => worker.terminate()));
    },
  };
}

function untilReady(worker: SpawnedWorker, fail: (error: TrainingThreadError) => void): Promise<void> {
  return new Promise((resolve) => {
    worker.endpoint.addEventListener('message', (event: Event) => {
      const answer = 'data' in event ? (event.data as TrainingAnswer | null) : null;
      if (answer?.kind === 'kindling-training-ready') resolve();
      if (answer?.kind !== 'kindling-training-failed') return;
      const cause = fromErrorData(answer.error);
      fail(new TrainingThreadError(`train: a thread failed: ${cause.message}`, { cause }));
    });
    worker.endpoint.start?.();
  });
}

/** Threads that are slow to start must not keep an abort waiting. */
function untilAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** The parameters as they are, where threads find them. */
function writeParameters({ engine, trainee }: StepTools, board: StepBoard): void {
  let offset = 0;
  for (const { pointer, rows, stride } of trainee.parameters) {
    board.gradientsOf(0).set(engine.arena.floats(pointer, rows * stride), offset);
    offset += rows * stride;
  }
}

function requestOf(
  { engine, network, data, room, options }: StepTools,
  { kernels }: TrainingThreads,
  board: SharedArrayBuffer,
  floats: number,
  slices: number,
): TrainingRequest {
  return {
    kind: 'kindling-training',
    network: isGeneral(network)
      ? { kind: 'general', architecture: network.architecture }
      : { kind: 'dense', architecture: network.architecture },
    floats,
    data: shareImages(engine.arena, data, isSparse(room.input)),
    optimizer: options.optimizer,
    rows: largestSlice(room.input.rows, slices),
    key: options.key,
    slices,
    board,
    kernels: kernels ?? null,
    hash: engine.hash,
  };
}

function shareImages(arena: Arena, { train }: ResidentDataset, sparse: boolean): SharedImages {
  const { images, labels, count, features } = train;
  return {
    images: shareBytes(arena.bytes(images, count * features)),
    labels: shareBytes(arena.bytes(labels, count)),
    count,
    features,
    sparse,
  };
}

function allocateShared(bytes: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(bytes);
  } catch (cause) {
    throw new OutOfMemoryError(
      `train: there is no shared memory of ${bytes} bytes for the slices' gradients — use fewer slices, or no threads`,
      { details: { neededBytes: bytes }, cause },
    );
  }
}
