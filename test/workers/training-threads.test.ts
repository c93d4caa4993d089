/** One training over real worker_threads and built packages: the bits of one thread, failures, aborts, nothing left behind. */
import {
  type Architecture,
  allocateDenseNetwork,
  allocateNetwork,
  createEngine,
  type Engine,
  parseArchitecture,
  readMatrix,
  rootKey,
} from '@kindling/core';
import { relaxedKernels } from '@kindling/core/relaxed';
import { findInitializer, initializeNetwork, initializeParameters } from '@kindling/initializers';
import {
  type EpochReport,
  loadDatasetIntoMemory,
  type Optimizer,
  type SpawnWorker,
  type TrainableNetwork,
  type TrainingOptions,
  train,
} from '@kindling/trainer';
import { loadDataset, workerThread } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';

const { dataset } = await loadDataset('embedded');
const engine = createEngine();
const data = loadDatasetIntoMemory(engine, dataset);

/** Threads that run a file of this folder, and how many of them are alive. */
function threads(name: string, env: NodeJS.ProcessEnv = {}) {
  // The threads run built packages: they must not inherit the test runner's condition that resolves to sources.
  const start = workerThread(new URL(`./${name}.mjs`, import.meta.url), { execArgv: [], env });
  const counts = { started: 0, alive: 0 };
  const spawn: SpawnWorker = () => {
    const worker = start();
    let gone = false;
    counts.started += 1;
    counts.alive += 1;
    worker.onExit(() => {
      if (!gone) counts.alive -= 1;
      gone = true;
    });
    return worker;
  };
  return { spawn, counts };
}

const dense = (on: Engine): TrainableNetwork => {
  const network = allocateDenseNetwork(on, { widths: [784, 30, 30, 30], outputs: 10 });
  initializeNetwork(on, network, findInitializer('he-normal').initializer, rootKey(1));
  return network;
};

const architecture: Architecture = parseArchitecture({
  input: { height: 28, width: 28, channels: 1 },
  layers: [
    { kind: 'conv2d', filters: 4, kernel: [3, 3], stride: 2, padding: 'zero', activation: 'relu' },
    {
      kind: 'residual',
      branch: [
        { kind: 'conv2d', filters: 4, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'relu' },
      ],
      scale: { learned: 0.5 },
      shortcut: 'identity',
    },
    { kind: 'global-average-pool' },
    { kind: 'dense', units: 10, activation: 'linear' },
  ],
});
const convolutional = (on: Engine): TrainableNetwork => {
  const network = allocateNetwork(on, architecture);
  initializeParameters(on, network, findInitializer('he-normal').initializer, rootKey(1));
  return network;
};

const numbersOf = (network: TrainableNetwork) =>
  ('program' in network
    ? network.parameters.map(({ matrix }) => matrix)
    : network.layers.flatMap(({ weights, biases }) => [weights, biases])
  ).flatMap((matrix) => Array.from(readMatrix(engine, matrix)));

const sgd: Optimizer = { kind: 'sgd', learningRate: 0.05 };
// 1,500 images: the last batch has 102 rows, so that its slices differ in size, as do those of 233 rows.
const settings = { optimizer: sgd, batchSize: 233, maxEpochs: 2, key: rootKey(3), slices: 4 } as const;

/** Trains a fresh network to the end: every report, and every number of the network. */
async function run(make: (on: Engine) => TrainableNetwork, changes: Partial<TrainingOptions>) {
  const mark = engine.arena.mark();
  try {
    const network = make(engine);
    const before = engine.arena.usedBytes;
    const reports: EpochReport[] = [];
    try {
      for await (const report of train(engine, network, data, { ...settings, ...changes }))
        reports.push(report);
    } finally {
      expect(engine.arena.usedBytes).toBe(before);
    }
    return { reports, numbers: numbersOf(network) };
  } finally {
    engine.arena.release(mark);
  }
}

describe('a training over threads', () => {
  const cases: readonly [string, (on: Engine) => TrainableNetwork, Partial<TrainingOptions>][] = [
    ['sgd', dense, {}],
    ['momentum', dense, { optimizer: { kind: 'momentum', learningRate: 0.02, momentum: 0.9 } }],
    ['Adam, seven slices', dense, { optimizer: { kind: 'adam', learningRate: 0.002 }, slices: 7 }],
    // The last batch has one row, and four of five slices have none.
    [
      'batches with fewer rows than slices',
      dense,
      { batchSize: 1499, slices: 5, maxEpochs: 3, optimizer: { ...sgd, learningRate: 0.005 } },
    ],
    ['a convolutional net with a learned scale', convolutional, {}],
  ];

  it.each(cases)('gives the bits of one thread with 2 and with 3: %s', async (_, make, changes) => {
    const one = await run(make, changes);
    const whole = await run(make, { ...changes, slices: 1 });
    expect(one.reports.at(-1)?.meanLoss).toBeCloseTo(whole.reports.at(-1)?.meanLoss ?? 0, 2);
    expect(one.numbers).not.toEqual(whole.numbers);
    for (const count of [2, 3]) {
      const { spawn, counts } = threads('slice-worker');
      expect(await run(make, { ...changes, threads: { count, spawn } })).toEqual(one);
      expect(counts).toEqual({ started: count - 1, alive: 0 });
    }
  });

  it('computes something else with another number of slices, another key or another rate', async () => {
    const { spawn } = threads('slice-worker');
    const two = { count: 2, spawn };
    const { numbers } = await run(dense, { threads: two });
    for (const other of [
      { slices: 3 },
      { key: rootKey(4) },
      { optimizer: { ...sgd, learningRate: 0.051 } },
    ]) {
      expect((await run(dense, { threads: two, ...other })).numbers).not.toEqual(numbers);
    }
  });

  it('ends its threads when it is left early, and gives its memory back', async () => {
    const { spawn, counts } = threads('slice-worker');
    const mark = engine.arena.mark();
    const network = dense(engine);
    const before = engine.arena.usedBytes;
    for await (const { epoch } of train(engine, network, data, {
      ...settings,
      threads: { count: 2, spawn },
    })) {
      if (epoch === 1) break;
    }
    expect(counts).toEqual({ started: 1, alive: 0 });
    expect(engine.arena.usedBytes).toBe(before);
    engine.arena.release(mark);
  });

  it('gives the bits of one thread where every batch is one image, and three slices of four are empty', async () => {
    const { spawn } = threads('slice-worker');
    const changes = { batchSize: 1, maxEpochs: 1 };
    expect(await run(dense, { ...changes, threads: { count: 2, spawn } })).toEqual(await run(dense, changes));
  });
});

describe('a thread that fails', () => {
  const failure = (name: string, env: NodeJS.ProcessEnv = {}, changes: Partial<TrainingOptions> = {}) => {
    const { spawn, counts } = threads(name, env);
    const ended = run(dense, { ...changes, threads: { count: 3, spawn } }).then(
      () => null,
      (error: unknown) => error,
    );
    return { ended, counts };
  };

  it('in a step ends the training with its error; nothing is left', async () => {
    const { ended, counts } = failure('failing-slice-worker', {}, { maxEpochs: 200 });
    expect(await ended).toMatchObject({
      name: 'TrainingThreadError',
      code: 'training-thread',
      cause: { name: 'RangeError', message: 'no hundredth gradient' },
    });
    expect(counts).toEqual({ started: 2, alive: 0 });
  });

  it('by going away in a step is noticed', async () => {
    const { ended, counts } = failure('failing-slice-worker', { FAIL: 'exit' }, { maxEpochs: 200 });
    expect(await ended).toMatchObject({
      code: 'training-thread',
      cause: { message: expect.stringContaining('3') },
    });
    expect(counts).toEqual({ started: 2, alive: 0 });
  });

  it('before the first step, too', async () => {
    expect(await failure('cramped-slice-worker').ended).toMatchObject({
      code: 'training-thread',
      cause: { name: 'OutOfMemoryError', code: 'out-of-memory', details: { limitBytes: 2 ** 16 } },
    });
    expect(await failure('no-such-worker').ended).toMatchObject({ code: 'training-thread' });
  });

  it('to start is an error, and those that started are ended', async () => {
    const { spawn, counts } = threads('slice-worker');
    let calls = 0;
    const once: SpawnWorker = () => {
      calls += 1;
      if (calls === 2) throw new Error('no more threads');
      return spawn();
    };
    await expect(run(dense, { threads: { count: 3, spawn: once } })).rejects.toMatchObject({
      code: 'training-thread',
      cause: { message: 'no more threads' },
    });
    expect(counts).toEqual({ started: 1, alive: 0 });
  });

  it('to have the kernels of the training is an error', async () => {
    const { spawn, counts } = threads('slice-worker');
    await expect(
      run(dense, { threads: { count: 2, spawn, kernels: { ...relaxedKernels, base64: 'AGFzbQEAAAA=' } } }),
    ).rejects.toMatchObject({ code: 'training-thread' });
    expect(counts.alive).toBe(0);
  });
});

describe('an abort', () => {
  it('stops the training between steps with its reason', async () => {
    const { spawn, counts } = threads('slice-worker');
    const abort = new AbortController();
    const mark = engine.arena.mark();
    const network = dense(engine);
    const options = { ...settings, threads: { count: 2, spawn }, signal: abort.signal };
    const training = train(engine, network, data, options);
    await training.next();
    await training.next();
    abort.abort(new Error('enough'));
    await expect(training.next()).rejects.toThrow('enough');
    expect(counts).toEqual({ started: 1, alive: 0 });
    engine.arena.release(mark);
  });

  it('does not wait for threads that never start', async () => {
    const { spawn, counts } = threads('silent-worker');
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('too slow')), 100);
    await expect(run(dense, { threads: { count: 2, spawn }, signal: abort.signal })).rejects.toThrow(
      'too slow',
    );
    expect(counts).toEqual({ started: 1, alive: 0 });
  });
});
