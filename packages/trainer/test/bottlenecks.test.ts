/** When training provably cannot start: networks of every kind made dead by hand, and those that only look so. */
import {
  allocateMatrix,
  allocateNetwork,
  allocateWorkspace,
  clearMatrix,
  compileArchitecture,
  createEngine,
  type Layer,
  type Network,
  parseArchitecture,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import { findInitializer, initializeParameters } from '@kindling/initializers';
import {
  type Dataset,
  evaluate,
  findBottlenecks,
  findDeadLayer,
  loadDatasetIntoMemory,
  type TrainingOptions,
  train,
  trainRegression,
} from '@kindling/trainer';
import { describe, expect, it } from 'vitest';
import { tinyDataset } from './tiny-dataset.js';

const dense = (units: number, activation: object | string = 'relu'): Layer =>
  ({ kind: 'dense', units, activation }) as Layer;
const conv = (filters: number, activation: object | string = 'relu'): Layer =>
  ({ kind: 'conv2d', filters, kernel: [3, 3], stride: 1, padding: 'zero', activation }) as Layer;
const block = (branch: readonly Layer[], more: object = {}): Layer =>
  ({ kind: 'residual', branch, scale: 1, shortcut: 'identity', ...more }) as Layer;
const activation = (kind: object | string = 'relu'): Layer =>
  ({ kind: 'activation', activation: kind }) as Layer;
const normalization: Layer = { kind: 'batch-normalization' };
const classifier = dense(10, 'linear');
const leaky = { kind: 'leaky-relu', slope: 0.1 };

const rows = { width: 30 };
const images = { height: 6, width: 5, channels: 1 };
const bottlenecksOf = (input: object, layers: readonly Layer[]) =>
  findBottlenecks(compileArchitecture(parseArchitecture({ input, layers })));

describe('findBottlenecks', () => {
  it.each<[string, object, readonly Layer[], readonly number[]]>([
    ['every ReLU layer of a plain net', rows, [dense(9), dense(8), classifier], [1, 2]],
    ['convolutions and dense layers', images, [conv(3), { kind: 'flatten' }, dense(5), classifier], [1, 3]],
    [
      'an activation by itself, behind a sum too',
      rows,
      [dense(9, 'linear'), activation(), block([dense(9)]), activation(), classifier],
      [2, 4],
    ],
    [
      'what stands before and behind blocks, nothing in them',
      rows,
      [dense(9), block([dense(9), dense(9)]), dense(9), classifier],
      [1, 3],
    ],
    [
      'nothing in a block whose shortcut is a projection',
      rows,
      [block([dense(9), dense(7)], { shortcut: 'projection' }), classifier],
      [],
    ],
    [
      'nothing in a block in a block, nor where a scale is 0',
      rows,
      [block([block([dense(30)]), dense(30)], { scale: 0 }), classifier],
      [],
    ],
    [
      'no linear or leaky layer',
      rows,
      [dense(9, 'linear'), dense(9, leaky), dense(9, { ...leaky, slope: 0 }), classifier],
      [],
    ],
    [
      'what stands before a batch normalization, nothing behind it',
      images,
      [conv(3), normalization, activation(), conv(3), { kind: 'flatten' }, classifier],
      [1],
    ],
    ['the outputs themselves', rows, [dense(10)], [1]],
  ])('gives %s', (_, input, layers, expected) => {
    expect(bottlenecksOf(input, layers).map(({ layer }) => layer)).toEqual(expected);
  });

  it('is what a search over all paths finds', () => {
    const layers = [
      dense(9),
      block([dense(9), block([dense(9)]), dense(9)], { scale: { learned: 0 } }),
      activation(),
      block([dense(7), activation(), dense(9)], { shortcut: 'projection' }),
      dense(9),
      classifier,
    ];
    const program = compileArchitecture(parseArchitecture({ input: rows, layers }));
    const { steps, values } = program;
    const last = values.length - 1;
    /** Whether the output can be reached from the input without value `closed`. */
    const reachable = (closed: number) => {
      const open = new Set([0]);
      for (const step of steps) {
        const reads = step.kind === 'sum' ? [step.input, step.shortcut] : [step.input];
        if (step.output !== closed && reads.some((read) => open.has(read))) open.add(step.output);
      }
      return open.has(last);
    };
    const closing = steps.filter(
      (step) => 'activation' in step && step.activation === 'relu' && !reachable(step.output),
    );
    expect(findBottlenecks(program).map(({ value }) => value)).toEqual(closing.map(({ output }) => output));
    expect(closing).toHaveLength(3);
  });
});

const options: TrainingOptions = {
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  batchSize: 16,
  maxEpochs: 2,
  targetAccuracy: 0.8,
  key: rootKey(5),
};

function setUp(input: object, layers: readonly Layer[], dataset: Dataset = tinyDataset()) {
  const engine = createEngine();
  const data = loadDatasetIntoMemory(engine, dataset);
  const network = allocateNetwork(engine, parseArchitecture({ input, layers }));
  initializeParameters(engine, network, findInitializer('he-normal').initializer, rootKey(1));
  const fill = (name: string, value: number) => {
    const found = network.parameters.find((parameter) => parameter.name === name);
    if (found === undefined) throw new RangeError(name);
    const { rows: count, columns } = found.matrix;
    writeMatrix(engine, found.matrix, new Float32Array(count * columns).fill(value));
  };
  return { engine, data, network, fill };
}

async function outcomeOf(setting: ReturnType<typeof setUp>, changes: Partial<TrainingOptions> = {}) {
  const training = train(setting.engine, setting.network, setting.data, { ...options, ...changes });
  let step = await training.next();
  while (!step.done) step = await training.next();
  return step.value;
}

const numbersOf = ({ engine, network }: { engine: ReturnType<typeof createEngine>; network: Network }) =>
  new Map(network.parameters.map(({ name, matrix }) => [name, [...readMatrix(engine, matrix)]]));

/** Nets with a layer killed by its biases: what is dead, what stays, what goes on moving. */
const deadNets: readonly [string, object, readonly Layer[], string, number][] = [
  ['a layer in front of blocks', rows, [dense(9), block([dense(9)]), classifier], 'layers.0.biases', 1],
  [
    'a layer behind blocks',
    rows,
    [dense(9, 'linear'), block([dense(9)]), dense(8), classifier],
    'layers.2.biases',
    3,
  ],
  [
    'a convolution',
    images,
    [conv(3), conv(4), block([conv(4)]), { kind: 'flatten' }, classifier],
    'layers.1.biases',
    2,
  ],
  [
    'a convolution before a pool',
    images,
    [conv(3), { kind: 'max-pool', window: [2, 2], stride: 1 }, { kind: 'global-average-pool' }, classifier],
    'layers.0.biases',
    1,
  ],
  [
    'an activation behind a linear layer',
    rows,
    [dense(9), dense(8, 'linear'), activation(), classifier],
    'layers.1.biases',
    3,
  ],
  [
    'a layer before a batch normalization',
    rows,
    [dense(9), dense(8, 'linear'), normalization, activation(), classifier],
    'layers.0.biases',
    1,
  ],
  ['the outputs', rows, [dense(9, leaky), dense(10)], 'layers.1.biases', 2],
];

describe('never-moves', () => {
  it.each(deadNets)('%s that is dead on all data', async (_, input, layers, biases, deadLayer) => {
    const setting = setUp(input, layers);
    setting.fill(biases, -1e6);
    expect(await outcomeOf(setting)).toMatchObject({ outcome: 'never-moves', epochs: 0, deadLayer });
  });

  it.each(deadNets)(
    '%s: really keeps every parameter in and before it, to the bit',
    async (_, input, layers, biases, deadLayer) => {
      for (const optimizer of [
        { kind: 'sgd', learningRate: 0.1 },
        { kind: 'momentum', learningRate: 0.1, momentum: 0.9 },
        { kind: 'adam', learningRate: 0.1 },
      ] as const) {
        const setting = setUp(input, layers);
        setting.fill(biases, -1e6);
        const before = numbersOf(setting);
        // A target that a constant answer could reach: the loop goes on.
        const result = await outcomeOf(setting, { optimizer, targetAccuracy: 0.05, maxEpochs: 1 });
        expect(result.deadLayer).toBeNull();
        let moved = 0;
        for (const [name, numbers] of numbersOf(setting)) {
          const layer = Number(name.split('.')[1]) + 1;
          if (layer <= deadLayer) expect(numbers, name).toEqual(before.get(name));
          else if (JSON.stringify(numbers) !== JSON.stringify(before.get(name))) moved += 1;
        }
        if (deadLayer < layers.length) expect(moved).toBeGreaterThan(0);
      }
    },
  );

  it('is said after a step that killed the layer, under plain descent only', async () => {
    const killed = async (optimizer: TrainingOptions['optimizer']) => {
      const setting = setUp(rows, [dense(9), block([dense(9)]), classifier]);
      return outcomeOf(setting, { optimizer, batchSize: 200, maxEpochs: 3 });
    };
    const result = await killed({ kind: 'sgd', learningRate: 3e4 });
    expect(result).toMatchObject({ outcome: 'never-moves', deadLayer: 1 });
    expect(result.epochs).toBeGreaterThan(0);
    expect(await killed({ kind: 'momentum', learningRate: 3e4, momentum: 0 })).toMatchObject({
      outcome: 'censored',
    });
  });

  it.each<[string, object, readonly Layer[], readonly (readonly [string, number])[]]>([
    [
      'a dead branch beside an identity',
      rows,
      [dense(9), block([dense(9)]), classifier],
      [['layers.1.branch.0.biases', -1e6]],
    ],
    [
      'dead branches everywhere, on the input',
      rows,
      [block([dense(30)]), block([dense(30)]), classifier],
      [
        ['layers.0.branch.0.biases', -1e6],
        ['layers.1.branch.0.biases', -1e6],
      ],
    ],
    [
      'a dead branch beside a projection',
      rows,
      [block([dense(9)], { shortcut: 'projection' }), classifier],
      [['layers.0.branch.0.biases', -1e6]],
    ],
    [
      'a scale of 0 that is learned (ReZero)',
      rows,
      [dense(9), block([dense(9)], { scale: { learned: 0 } }), classifier],
      [],
    ],
    ['a linear layer that gives zeros', rows, [dense(9, 'linear'), classifier], [['layers.0.weights', 0]]],
    [
      'a leaky layer below zero, and one that gives zeros',
      rows,
      [dense(9, leaky), dense(9, leaky), classifier],
      [
        ['layers.0.biases', -1e3],
        ['layers.1.weights', 0],
      ],
    ],
    [
      'a block that gives zeros',
      rows,
      [dense(9, 'linear'), block([dense(9, 'linear')]), classifier],
      [
        ['layers.0.weights', 0],
        ['layers.1.branch.0.weights', 0],
      ],
    ],
    [
      'a ReLU dead behind a batch normalization',
      rows,
      [dense(9, 'linear'), normalization, activation(), classifier],
      [['layers.1.beta', -1e6]],
    ],
    [
      'a dense layer dead behind a batch normalization',
      rows,
      [dense(9), normalization, dense(9), classifier],
      [['layers.2.biases', -1e6]],
    ],
  ])('%s is none', async (_, input, layers, fills) => {
    const setting = setUp(input, layers);
    for (const [name, value] of fills) setting.fill(name, value);
    const result = await outcomeOf(setting, { optimizer: { kind: 'sgd', learningRate: 1e-6 } });
    expect(result.deadLayer).toBeNull();
    // The control: the same fills are proof where everything passes, above.
    expect(['censored', 'reached']).toContain(result.outcome);
  });

  it('a layer that one image of the training part keeps alive is none', async () => {
    const dataset = tinyDataset();
    const { images: pixels } = dataset.train;
    pixels.fill(0, 0, 30);
    pixels[3] = 255;
    const setting = setUp(rows, [dense(9), classifier], dataset);
    // Fires where the fourth pixel alone is bright: the others push it down.
    setting.fill('layers.0.weights', -10);
    const weights = setting.network.parameters[0]?.matrix ?? allocateMatrix(setting.engine, 1, 1);
    setting.engine.arena.floats(weights.pointer + 4 * 3 * weights.stride, 9).fill(1);
    expect(await outcomeOf(setting, { maxEpochs: 1 })).toMatchObject({ outcome: 'censored' });
    setting.engine.arena.bytes(setting.data.train.images, 30).fill(0);
    setting.fill('layers.0.weights', -10);
    setting.fill('layers.0.biases', 0);
    expect(await outcomeOf(setting, { maxEpochs: 1 })).toMatchObject({
      outcome: 'never-moves',
      deadLayer: 1,
    });
  });

  it('says nothing where a gradient of 0 would meet numbers that are not finite', async () => {
    // −∞ · x is −∞, and ReLU makes 0 of it; but 0 · −∞ is NaN on the way back.
    const setting = setUp(rows, [dense(9), dense(9), classifier]);
    setting.fill('layers.1.biases', Number.NEGATIVE_INFINITY);
    expect((await outcomeOf(setting)).outcome).not.toBe('never-moves');
    const larger = setUp(rows, [dense(9, 'linear'), dense(9), classifier]);
    larger.fill('layers.0.weights', 3e38);
    larger.fill('layers.1.weights', -1);
    expect((await outcomeOf(larger)).outcome).not.toBe('never-moves');
  });

  it('behind a normalization the last, smaller batch may get an answer of its own: the bar is as much higher', async () => {
    const layers = [dense(9), dense(8, 'linear'), normalization, classifier];
    const dead = async (targetAccuracy: number, batchSize: number) => {
      const setting = setUp(rows, layers, tinyDataset(200, 25));
      setting.fill('layers.0.biases', -1e6);
      return (await outcomeOf(setting, { targetAccuracy, batchSize, maxEpochs: 1 })).outcome;
    };
    // Of 25 images a class has 3 at most. Of the first 16 it has 2, of the other 9 it has 1: 3 of 25 either way, …
    expect(await dead(0.13, 16)).toBe('never-moves');
    // … but of the first 24 it has 3, and the last has a class of its own: 4 of 25.
    expect(await dead(0.13, 8)).toBe('censored');
    expect(await dead(0.17, 8)).toBe('never-moves');
  });
});

describe('with a workspace of one’s own', () => {
  it('evaluates and finds the dead layer, and refuses a workspace that forgets', () => {
    const { engine, data, network, fill } = setUp(rows, [dense(9), block([dense(9)]), classifier]);
    const room = { input: allocateMatrix(engine, 50, 30), labels: engine.arena.allocate(50) };
    const workspace = allocateWorkspace(engine, network, 50, 'all');
    expect(evaluate(engine, network, data, workspace, room)).toMatchObject({ finite: true });
    expect(findDeadLayer(engine, network, data, workspace, room)).toBeNull();
    fill('layers.0.biases', -1e6);
    expect(findDeadLayer(engine, network, data, workspace, room)).toBe(1);
    const forgetful = allocateWorkspace(engine, network, 50);
    expect(() => findDeadLayer(engine, network, data, forgetful, room)).toThrow(
      'does not keep all activations',
    );
  });
});

it('trainRegression stops at a dead layer of a general network, and goes on beside a dead branch', () => {
  const engine = createEngine();
  const inputs = allocateMatrix(engine, 4, 1);
  const targets = allocateMatrix(engine, 4, 1);
  writeMatrix(engine, inputs, [-2, -1, 1, 2]);
  writeMatrix(engine, targets, [2, 1, 1, 2]);
  const outcome = (killed: number) => {
    const layers = [dense(4), block([dense(4)]), dense(1, 'linear')];
    const network = allocateNetwork(engine, parseArchitecture({ input: { width: 1 }, layers }));
    initializeParameters(engine, network, findInitializer('he-normal').initializer, rootKey(2));
    const biases = network.parameters[2 * killed + 1]?.matrix;
    if (biases === undefined) throw new RangeError('no biases');
    clearMatrix(engine, biases);
    writeMatrix(engine, biases, [-1e6, -1e6, -1e6, -1e6]);
    const settings = {
      optimizer: { kind: 'sgd', learningRate: 0.01 },
      maxSteps: 3,
      targetLoss: 0.01,
    } as const;
    const training = trainRegression(engine, network, { inputs, targets }, settings);
    let step = training.next();
    while (!step.done) step = training.next();
    return step.value;
  };
  expect(outcome(0)).toMatchObject({ outcome: 'never-moves', deadLayer: 1 });
  expect(outcome(1)).toMatchObject({ outcome: 'censored', deadLayer: null });
});
