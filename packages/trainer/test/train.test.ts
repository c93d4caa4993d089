import {
  allocateDenseNetwork,
  allocateForward,
  allocateMatrix,
  clearMatrix,
  createEngine,
  InvalidArgumentError,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import {
  type EpochReport,
  findDeadLayer,
  loadDatasetIntoMemory,
  type TrainingOptions,
  type TrainingResult,
  train,
} from '@kindling/trainer';
import { describe, expect, it } from 'vitest';
import { tinyDataset } from './tiny-dataset.js';

const options: TrainingOptions = {
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  batchSize: 16,
  maxEpochs: 30,
  targetAccuracy: 0.8,
  key: rootKey(5),
};

function setUp(initializer = 'he-normal', depth = 3, seed = 1) {
  const engine = createEngine();
  const data = loadDatasetIntoMemory(engine, tinyDataset());
  const network = allocateDenseNetwork(engine, {
    widths: [30, ...new Array<number>(depth).fill(20)],
    outputs: 10,
  });
  initializeNetwork(engine, network, findInitializer(initializer).initializer, rootKey(seed));
  return { engine, data, network };
}

async function run(setting: ReturnType<typeof setUp>, changes: Partial<TrainingOptions> = {}) {
  const training = train(setting.engine, setting.network, setting.data, { ...options, ...changes });
  const reports: EpochReport[] = [];
  for (;;) {
    const step = await training.next();
    if (step.done) return { reports, result: step.value satisfies TrainingResult };
    reports.push(step.value);
  }
}

describe('train', () => {
  it('reaches the target, reports every epoch and gives its memory back', async () => {
    const setting = setUp();
    const before = setting.engine.arena.usedBytes;
    const { reports, result } = await run(setting);
    expect(result.outcome).toBe('reached');
    expect(result.testAccuracy).toBeGreaterThanOrEqual(0.8);
    expect(reports.map((report) => report.epoch)).toEqual(
      Array.from({ length: result.epochs + 1 }, (_, i) => i),
    );
    expect(reports[0]?.meanLoss).toBeNaN();
    expect(reports.at(-1)?.meanLoss).toBeLessThan(reports[1]?.meanLoss ?? 0);
    expect(reports.slice(1, -1).every((report) => report.testAccuracy < 0.8)).toBe(true);
    expect(setting.engine.arena.usedBytes).toBe(before);
  });

  it('gives the same bits for the same inputs, other bits for another key', async () => {
    const weights = async (changes: Partial<TrainingOptions>) => {
      const setting = setUp();
      const { reports } = await run(setting, { maxEpochs: 3, ...changes });
      return {
        reports,
        weights: setting.network.layers.map((layer) => readMatrix(setting.engine, layer.weights)),
      };
    };
    const first = await weights({});
    expect(await weights({})).toEqual(first);
    expect((await weights({ key: rootKey(6) })).weights).not.toEqual(first.weights);
  });

  it('reports after the steps that are asked for, and trains on as if it had not', async () => {
    const outcome = async (changes: Partial<TrainingOptions>) => {
      const setting = setUp();
      const ran = await run(setting, { maxEpochs: 2, targetAccuracy: 1, batchSize: 64, ...changes });
      return {
        ...ran,
        weights: setting.network.layers.map(({ weights }) => readMatrix(setting.engine, weights)),
      };
    };
    const plain = await outcome({});
    const steps = plain.reports[1]?.step ?? expect.unreachable();
    expect(plain.reports.map(({ step }) => step)).toEqual([0, steps, 2 * steps]);
    // One that ends an epoch, and one beyond the last epoch, add nothing.
    const more = await outcome({ reportSteps: [1, 2, steps, steps + 1, 2 * steps + 1] });
    expect(more.reports.map(({ epoch, step }) => [epoch, step])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, steps],
      [1, steps + 1],
      [2, 2 * steps],
    ]);
    expect(more.weights).toEqual(plain.weights);
    expect(more.result).toEqual(plain.result);
    expect(more.reports.filter(({ step }) => step % steps === 0)).toEqual(plain.reports);
    // After one step the loss is that of the first batch, and after two the mean of two that differ.
    expect(more.reports[1]?.meanLoss).not.toBe(more.reports[2]?.meanLoss);
  });

  it.each([[[0]], [[2, 2]], [[3, 1]], [[1.5]], [[Number.NaN]]])(
    'refuses reportSteps %j',
    async (reportSteps) => {
      await expect(run(setUp(), { reportSteps })).rejects.toThrow(
        /reportSteps has .*; expected ascending integers/,
      );
    },
  );

  it('is censored at the cap', async () => {
    const { result, reports } = await run(setUp(), { maxEpochs: 2, targetAccuracy: 1 });
    expect(result).toMatchObject({ outcome: 'censored', epochs: 2, deadLayer: null });
    expect(reports).toHaveLength(3);
  });

  it('records divergence as an outcome, not an error', async () => {
    const { result, reports } = await run(setUp('he-normal-2x', 12), {
      optimizer: { kind: 'sgd', learningRate: 1e6 },
    });
    expect(result.outcome).toBe('diverged');
    expect(Number.isFinite(reports.at(-1)?.meanLoss)).toBe(false);
  });

  it('sees a divergence in the very last step', async () => {
    const { result, reports } = await run(setUp(), {
      optimizer: { kind: 'sgd', learningRate: 1e38 },
      batchSize: 200,
      maxEpochs: 1,
    });
    expect(result).toMatchObject({ outcome: 'diverged', epochs: 1 });
    expect(reports.at(-1)?.testAccuracy).toBe(result.testAccuracy);
  });

  it('refuses to go on when someone else changed its arena, and leaves what is theirs', async () => {
    const setting = setUp();
    const training = train(setting.engine, setting.network, setting.data, options);
    await training.next();
    const theirs = allocateMatrix(setting.engine, 1, 8);
    writeMatrix(setting.engine, theirs, [1, 2, 3, 4, 5, 6, 7, 8]);
    await expect(training.next()).rejects.toThrow(/arena changed/);
    const others = allocateMatrix(setting.engine, 1, 8);
    writeMatrix(setting.engine, others, [0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...readMatrix(setting.engine, theirs)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('stops a net that can provably never move: a layer dead on all data', async () => {
    const setting = setUp();
    const second = setting.network.layers[1];
    if (second === undefined) throw new Error('the network has four layers');
    writeMatrix(setting.engine, second.biases, new Array<number>(20).fill(-1e6));
    const { result } = await run(setting);
    expect(result).toMatchObject({ outcome: 'never-moves', epochs: 0, deadLayer: 2 });
  });

  it('goes on with a dead layer where a constant answer could reach the target', async () => {
    const setting = setUp();
    for (const layer of setting.network.layers) clearMatrix(setting.engine, layer.weights);
    const { result } = await run(setting, { targetAccuracy: 0.1 });
    expect(result).toMatchObject({ outcome: 'reached', epochs: 1 });
  });

  it('a dead layer really keeps every parameter in and before it, to the bit', async () => {
    const setting = setUp();
    const [first, second] = setting.network.layers;
    if (first === undefined || second === undefined) throw new Error('the network has four layers');
    writeMatrix(setting.engine, second.biases, new Array<number>(20).fill(-1e6));
    const before = [first.weights, first.biases, second.weights, second.biases].map((m) =>
      readMatrix(setting.engine, m),
    );
    await run(setting, { maxEpochs: 3, targetAccuracy: 0.1 });
    const after = [first.weights, first.biases, second.weights, second.biases].map((m) =>
      readMatrix(setting.engine, m),
    );
    expect(after).toEqual(before);
  });

  it('stops at an abort and gives its memory back', async () => {
    const setting = setUp();
    const before = setting.engine.arena.usedBytes;
    const controller = new AbortController();
    const training = train(setting.engine, setting.network, setting.data, {
      ...options,
      signal: controller.signal,
    });
    await training.next();
    controller.abort(new Error('enough'));
    await expect(training.next()).rejects.toThrow('enough');
    expect(setting.engine.arena.usedBytes).toBe(before);
  });

  it('gives its memory back when it is left early', async () => {
    const setting = setUp();
    const before = setting.engine.arena.usedBytes;
    for await (const report of train(setting.engine, setting.network, setting.data, options)) {
      if (report.epoch === 1) break;
    }
    expect(setting.engine.arena.usedBytes).toBe(before);
  });

  it.each<[string, Partial<TrainingOptions>]>([
    ['learningRate', { optimizer: { kind: 'sgd', learningRate: 0 } }],
    ['learningRate', { optimizer: { kind: 'sgd', learningRate: Number.NaN } }],
    ['batchSize', { batchSize: 0 }],
    ['batchSize', { batchSize: 1.5 }],
    ['maxEpochs', { maxEpochs: -1 }],
    ['targetAccuracy', { targetAccuracy: 2 }],
  ])('refuses a bad %s', async (name, changes) => {
    await expect(run(setUp(), changes)).rejects.toThrow(InvalidArgumentError);
    await expect(run(setUp(), changes)).rejects.toThrow(name);
  });

  it('refuses a network that does not fit the data', async () => {
    const setting = setUp();
    const narrow = allocateDenseNetwork(setting.engine, { widths: [29, 5], outputs: 10 });
    await expect(run({ ...setting, network: narrow })).rejects.toThrow('30 pixels');
    const few = allocateDenseNetwork(setting.engine, { widths: [30, 5], outputs: 9 });
    await expect(run({ ...setting, network: few })).rejects.toThrow('expected 10');
  });
});

describe('loadDatasetIntoMemory', () => {
  const { train: good, ...rest } = tinyDataset();
  it.each([
    [
      'a label that is no class',
      { ...good, labels: good.labels.map((label, i) => (i === 7 ? 200 : label)) },
      'label 7',
    ],
    ['too few pixels', { ...good, images: good.images.subarray(1) }, 'bytes of pixels'],
    ['too many labels', { ...good, labels: new Uint8Array(201) }, '201 labels'],
    ['no image', { ...good, count: 0 }, 'at least one'],
  ])('refuses %s and allocates nothing', (_, part, message) => {
    const engine = createEngine();
    expect(() => loadDatasetIntoMemory(engine, { ...rest, train: part })).toThrow(message);
    expect(engine.arena.usedBytes).toBe(0);
  });
});

describe('findDeadLayer', () => {
  it('finds none in a living net, and the first of several', () => {
    const { engine, network, data } = setUp();
    const mark = engine.arena.mark();
    const search = () => {
      const room = { input: allocateMatrix(engine, 50, 30), labels: engine.arena.allocate(50) };
      return findDeadLayer(engine, network, data, allocateForward(engine, network, 50), room);
    };
    expect(search()).toBeNull();
    network.layers.slice(1, 3).forEach((layer) => {
      writeMatrix(engine, layer.biases, new Array<number>(20).fill(-1e9));
    });
    expect(search()).toBe(2);
    engine.arena.release(mark);
  });
});
