/** The training loop on networks of any architecture: as dense ones where they are dense, and with every kind of layer. */
import {
  type Architecture,
  allocateDenseNetwork,
  allocateNetwork,
  createEngine,
  denseArchitecture,
  type Engine,
  InvalidArgumentError,
  type Layer,
  parseArchitecture,
  readMatrix,
  residualArchitecture,
  rootKey,
} from '@kindling/core';
import { findInitializer, initializeNetwork, initializeParameters } from '@kindling/initializers';
import {
  type EpochReport,
  findTargetFunction,
  loadDatasetIntoMemory,
  type Optimizer,
  type ResidentDataset,
  sampleFunction,
  type TrainableNetwork,
  type TrainingOptions,
  type TrainingResult,
  train,
  trainRegression,
} from '@kindling/trainer';
import { describe, expect, it } from 'vitest';
import { mostlyBlackDataset, tinyDataset } from './tiny-dataset.js';

const options: TrainingOptions = {
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  batchSize: 16,
  maxEpochs: 30,
  targetAccuracy: 0.8,
  key: rootKey(5),
};
const he = findInitializer('he-normal').initializer;

async function run(
  engine: Engine,
  network: TrainableNetwork,
  data: ResidentDataset,
  changes: Partial<TrainingOptions> = {},
) {
  const training = train(engine, network, data, { ...options, ...changes });
  const reports: EpochReport[] = [];
  for (;;) {
    const step = await training.next();
    if (step.done) return { reports, result: step.value satisfies TrainingResult };
    reports.push(step.value);
  }
}

/** Trains an architecture from He's weights. */
async function trained(
  architecture: Architecture,
  changes: Partial<TrainingOptions> = {},
  adapt: (data: ResidentDataset) => ResidentDataset = (data) => data,
  dataset = tinyDataset(),
) {
  const engine = createEngine();
  const data = adapt(loadDatasetIntoMemory(engine, dataset));
  const network = allocateNetwork(engine, architecture);
  initializeParameters(engine, network, he, rootKey(1));
  const before = engine.arena.usedBytes;
  const { reports, result } = await run(engine, network, data, changes);
  expect(engine.arena.usedBytes).toBe(before);
  const parameters = network.parameters.map(({ matrix }) => [...readMatrix(engine, matrix)]);
  return { reports, result, parameters };
}

const dense = (units: number, activation: object | string): Layer =>
  ({ kind: 'dense', units, activation }) as Layer;
const conv = (filters: number): Layer => ({
  ...{ kind: 'conv2d', filters, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'relu' },
});
const images = { height: 6, width: 5, channels: 1 };
const normalized = parseArchitecture({
  input: images,
  layers: [
    conv(6),
    { kind: 'batch-normalization' },
    { kind: 'residual', branch: [conv(6)], scale: 0.5, shortcut: 'identity' },
    { kind: 'max-pool', window: [2, 2], stride: 1 },
    { kind: 'flatten' },
    dense(10, 'linear'),
  ],
});

describe('train', () => {
  it.each<[string, Architecture]>([
    [
      'a residual net',
      residualArchitecture({
        ...{ module: 'relu', width: 12, modules: 6, scale: { rule: 'power', base: 0.75 } },
        ...{ inputLayer: { inputs: 30, activation: 'linear' }, outputs: 10 },
      }),
    ],
    [
      'a residual net with learned scales, ReZero',
      residualArchitecture({
        ...{ module: 'linear', width: 12, modules: 4, scale: { rule: 'constant', value: 0 }, learned: true },
        ...{ inputLayer: { inputs: 30, activation: 'relu' }, outputs: 10 },
      }),
    ],
    ['a net of convolutions with all that there is', normalized],
  ])('%s reaches the target, reports every epoch and gives its memory back', async (_, architecture) => {
    const { reports, result } = await trained(architecture, {
      optimizer: { kind: 'sgd', learningRate: 0.03 },
      maxEpochs: 60,
      targetAccuracy: 0.99,
    });
    expect(result).toMatchObject({ outcome: 'reached', deadLayer: null });
    expect(result.testAccuracy).toBeGreaterThanOrEqual(0.99);
    expect(reports.map(({ epoch }) => epoch)).toEqual([...Array(result.epochs + 1).keys()]);
    expect(reports.at(-1)?.meanLoss).toBeLessThan(Number(reports[1]?.meanLoss));
  });

  it('gives the same bits again, and others for another key', async () => {
    const short = { maxEpochs: 2, targetAccuracy: 1 };
    const first = await trained(normalized, short);
    expect(await trained(normalized, short)).toEqual(first);
    expect((await trained(normalized, { ...short, key: rootKey(6) })).parameters).not.toEqual(
      first.parameters,
    );
  });

  it.each<Optimizer>([
    { kind: 'sgd', learningRate: 0.1 },
    { kind: 'adam', learningRate: 0.01 },
  ])('a net of dense layers has the reports and bits of a DenseNetwork: $kind', async (optimizer) => {
    const sizes = { widths: [30, 20, 20], outputs: 10 };
    const engine = createEngine();
    const data = loadDatasetIntoMemory(engine, mostlyBlackDataset());
    expect(data.sparse).toBe(true);
    const plain = allocateDenseNetwork(engine, sizes);
    initializeNetwork(engine, plain, he, rootKey(1));
    const changes = { optimizer, maxEpochs: 3, targetAccuracy: 1 };
    const expected = await run(engine, plain, data, changes);
    const general = await trained(denseArchitecture(sizes), changes, undefined, mostlyBlackDataset());
    expect({ reports: general.reports, result: general.result }).toEqual(expected);
    expect(general.parameters).toEqual(
      plain.layers.flatMap(({ weights, biases }) => [weights, biases].map((m) => [...readMatrix(engine, m)])),
    );
  });

  it('records divergence as an outcome', async () => {
    const { result, reports } = await trained(normalized, { optimizer: { kind: 'sgd', learningRate: 1e30 } });
    expect(result.outcome).toBe('diverged');
    expect(Number.isFinite(reports.at(-1)?.meanLoss)).toBe(false);
  });
});

describe('sparse batches', () => {
  const projection: Layer = {
    ...{ kind: 'residual', branch: [dense(8, 'relu'), dense(8, 'linear')] },
    ...{ scale: { learned: 0.5 }, shortcut: 'projection' },
  };
  it.each<[string, readonly Layer[]]>([
    ['a linear layer', [dense(5, 'linear')]],
    ['a ReLU layer', [dense(5, 'relu')]],
    ['a leaky layer', [dense(5, { kind: 'leaky-relu', slope: 0.1 })]],
    ['a branch and a projection', [projection]],
  ])('that %s reads train to the bits of dense ones', async (_, front) => {
    const architecture = parseArchitecture({
      input: { width: 30 },
      layers: [...front, dense(7, 'relu'), dense(10, 'linear')],
    });
    const short = { maxEpochs: 3, targetAccuracy: 1 };
    const sets: boolean[] = [];
    const with_ = (sparse: boolean) => (data: ResidentDataset) => {
      sets.push(data.sparse);
      return { ...data, sparse };
    };
    const sparse = await trained(architecture, short, with_(true), mostlyBlackDataset());
    expect(await trained(architecture, short, with_(false), mostlyBlackDataset())).toEqual(sparse);
    expect(sets).toEqual([true, true]);
    expect(sparse.reports.at(-1)?.meanLoss).toBeLessThan(Number(sparse.reports[1]?.meanLoss));
  });

  it('are not made for a net whose input others read', async () => {
    const { result } = await trained(normalized, { maxEpochs: 1 }, undefined, mostlyBlackDataset());
    expect(result.epochs).toBe(1);
  });
});

describe('refuses', () => {
  const attempt = (input: object, layers: readonly Layer[]) =>
    trained(parseArchitecture({ input, layers }), { maxEpochs: 1 });
  it.each<[string, () => Promise<unknown>, string]>([
    [
      'another width',
      () => attempt({ width: 29 }, [dense(10, 'linear')]),
      'takes 29 inputs; expected the data’s 30 pixels',
    ],
    [
      'other images',
      () => attempt({ height: 6, width: 5, channels: 3 }, [{ kind: 'flatten' }, dense(10, 'linear')]),
      'takes 90 inputs',
    ],
    [
      'images as outputs',
      () => attempt(images, [conv(10)]),
      'the network gives images; expected 10 flat outputs',
    ],
    [
      'too few outputs',
      () => attempt({ width: 30 }, [dense(9, 'linear')]),
      'the network has 9 outputs; expected 10',
    ],
  ])('%s', async (_, start, message) => {
    await expect(start()).rejects.toThrow(InvalidArgumentError);
    await expect(start()).rejects.toThrow(message.replace('’', "'"));
  });
});

describe('trainRegression', () => {
  it('fits a function with a residual net, and has the bits of a dense network where it is one', () => {
    const engine = createEngine();
    const data = sampleFunction(engine, findTargetFunction('absolute'), { count: 33 });
    const settings = {
      optimizer: { kind: 'adam', learningRate: 0.01 },
      maxSteps: 500,
      targetLoss: 0.001,
    } as const;
    const fit = (network: TrainableNetwork) => {
      const training = trainRegression(engine, network, data, settings);
      let step = training.next();
      while (!step.done) step = training.next();
      return step.value;
    };
    const residual = allocateNetwork(
      engine,
      residualArchitecture({
        ...{ module: 'relu', width: 8, modules: 3, scale: { rule: 'power', base: 0.75 } },
        ...{ inputLayer: { inputs: 1, activation: 'linear' }, outputs: 1 },
      }),
    );
    initializeParameters(engine, residual, he, rootKey(1));
    expect(fit(residual)).toMatchObject({ outcome: 'reached', deadLayer: null });
    const sizes = { widths: [1, 8, 8], outputs: 1 };
    const plain = allocateDenseNetwork(engine, sizes);
    const general = allocateNetwork(engine, denseArchitecture(sizes));
    initializeNetwork(engine, plain, he, rootKey(1));
    initializeParameters(engine, general, he, rootKey(1));
    expect(fit(general)).toEqual(fit(plain));
  });
});
