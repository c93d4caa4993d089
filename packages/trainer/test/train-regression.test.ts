import {
  allocateDenseNetwork,
  allocateMatrix,
  createEngine,
  InvalidArgumentError,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import {
  findDeadLayerOn,
  findTargetFunction,
  isConstant,
  type RegressionOptions,
  type RegressionReport,
  type RegressionResult,
  sampleFunction,
  trainRegression,
} from '@kindling/trainer';
import { describe, expect, it } from 'vitest';

const options: RegressionOptions = {
  optimizer: { kind: 'adam', learningRate: 0.01 },
  maxSteps: 600,
  reportEvery: 50,
  key: rootKey(5),
};

function setUp(widths: readonly number[] = [1, 12], seed = 1) {
  const engine = createEngine();
  const data = sampleFunction(engine, findTargetFunction('absolute'), { count: 33 });
  const network = allocateDenseNetwork(engine, { widths, outputs: 1 });
  initializeNetwork(engine, network, findInitializer('he-normal').initializer, rootKey(seed));
  return { engine, data, network };
}

function run(setting: ReturnType<typeof setUp>, changes: Partial<RegressionOptions> = {}) {
  const training = trainRegression(setting.engine, setting.network, setting.data, {
    ...options,
    ...changes,
  });
  const reports: RegressionReport[] = [];
  for (;;) {
    const step = training.next();
    if (step.done === true) return { reports, result: step.value satisfies RegressionResult };
    reports.push(step.value);
  }
}

/** Kills the layer of this index: every unit is far below zero. */
function kill({ engine, network }: ReturnType<typeof setUp>, index: number): void {
  const layer = network.layers[index];
  if (layer === undefined) throw new Error('the network has fewer layers');
  writeMatrix(engine, layer.biases, new Array<number>(layer.fanOut).fill(-1e6));
}

describe.each<[string, Partial<RegressionOptions>]>([
  ['over all points', {}],
  ['in batches', { batchSize: 8 }],
  ['with momentum', { optimizer: { kind: 'momentum', learningRate: 0.02, momentum: 0.9 } }],
  ['by plain descent in batches', { optimizer: { kind: 'sgd', learningRate: 0.1 }, batchSize: 10 }],
])('trainRegression %s', (_, changes) => {
  it('learns |x|, reports what the parameters give, and gives its memory back', () => {
    const setting = setUp();
    const before = setting.engine.arena.usedBytes;
    const { reports, result } = run(setting, { ...changes, targetLoss: 0.01 });
    expect(result).toMatchObject({ outcome: 'reached', deadLayer: null });
    expect(result.loss).toBeLessThanOrEqual(0.01);
    expect(reports[0]?.step).toBe(0);
    expect(reports.at(-1)).toEqual({ step: result.steps, loss: result.loss });
    expect(reports.slice(0, -1).map(({ step }) => step)).toEqual(
      Array.from({ length: reports.length - 1 }, (_unused, i) => 50 * i),
    );
    expect(setting.engine.arena.usedBytes).toBe(before);
    // The loss reported last is that of the network as it is left.
    const again = run(setting, { ...changes, maxSteps: 1, targetLoss: 0.01 });
    expect(again.reports[0]?.loss).toBe(result.loss);
    expect(again.result.steps).toBe(0);
  });

  it('gives the same bits for the same inputs, however often it reports', () => {
    const weights = (more: Partial<RegressionOptions>) => {
      const setting = setUp();
      run(setting, { ...changes, maxSteps: 60, ...more });
      return setting.network.layers.map((layer) => readMatrix(setting.engine, layer.weights));
    };
    const first = weights({});
    expect(weights({})).toEqual(first);
    expect(weights({ reportEvery: 7 })).toEqual(first);
    const other = weights({ key: rootKey(6) });
    if (changes.batchSize === undefined) expect(other).toEqual(first);
    else expect(other).not.toEqual(first);
  });

  it('is censored at the cap, with a report there', () => {
    const { result, reports } = run(setUp(), { ...changes, maxSteps: 57, targetLoss: 0 });
    expect(result).toMatchObject({ outcome: 'censored', steps: 57 });
    expect(reports.map(({ step }) => step)).toEqual([0, 50, 57]);
  });
});

describe('trainRegression', () => {
  it('takes no memory in a step', () => {
    const setting = setUp();
    const training = trainRegression(setting.engine, setting.network, setting.data, options);
    training.next();
    const peak = setting.engine.arena.peakBytes;
    for (let i = 0; i < 5; i++) training.next();
    expect(setting.engine.arena.peakBytes).toBe(peak);
    training.return({ outcome: 'censored', steps: 0, loss: 0, deadLayer: null });
  });

  it.each([['full'], [8]] as const)('records divergence as an outcome (batches: %s)', (batchSize) => {
    const { result, reports } = run(setUp([1, 12, 12]), {
      optimizer: { kind: 'sgd', learningRate: 1e6 },
      batchSize,
    });
    expect(result.outcome).toBe('diverged');
    expect(reports.at(-1)?.step).toBe(result.steps);
    expect(result.steps).toBeLessThan(50);
  });

  it('stops at once where a layer is dead on all points, whatever the optimizer', () => {
    for (const optimizer of [
      options.optimizer,
      { kind: 'sgd', learningRate: 0.01 },
      { kind: 'momentum', learningRate: 0.01, momentum: 0.9 },
    ] as const) {
      const setting = setUp([1, 5, 5, 5]);
      kill(setting, 1);
      expect(run(setting, { optimizer }).result).toMatchObject({
        outcome: 'never-moves',
        steps: 0,
        deadLayer: 2,
      });
    }
  });

  it('goes on with a dead layer where a constant could reach the target, and leaves all before it alone', () => {
    for (const optimizer of [options.optimizer, { kind: 'sgd', learningRate: 0.1 }] as const) {
      const setting = setUp([1, 5, 5, 5]);
      kill(setting, 1);
      const read = () =>
        setting.network.layers
          .slice(0, 2)
          .flatMap(({ weights, biases }) => [
            readMatrix(setting.engine, weights),
            readMatrix(setting.engine, biases),
          ]);
      const before = read();
      // The variance of |x| on [−√3, √3] is 1 − 3/4, on these points 0.27.
      const { result } = run(setting, { optimizer, targetLoss: 0.3 });
      expect(result.outcome).toBe('reached');
      expect(read()).toEqual(before);
      expect(isConstant(setting.engine, setting.network, setting.data.inputs)).toBe(true);
    }
  });

  it('finds a layer that died on the way under sgd, and goes on under Adam', () => {
    for (const [kind, outcome] of [
      ['sgd', 'never-moves'],
      ['adam', 'censored'],
    ] as const) {
      const setting = setUp([1, 5, 5]);
      const training = trainRegression(setting.engine, setting.network, setting.data, {
        ...options,
        optimizer: { kind, learningRate: 1e-3 },
        maxSteps: 100,
      });
      training.next();
      kill(setting, 0);
      let step = training.next();
      while (step.done !== true) step = training.next();
      expect(step.value.outcome).toBe(outcome);
    }
  });

  it('refuses to go on when someone else changed its arena', () => {
    const setting = setUp();
    const training = trainRegression(setting.engine, setting.network, setting.data, options);
    training.next();
    allocateMatrix(setting.engine, 1, 8);
    expect(() => training.next()).toThrow(/arena changed/);
  });

  it('gives its memory back when it is left early', () => {
    const setting = setUp();
    const before = setting.engine.arena.usedBytes;
    for (const { step } of trainRegression(setting.engine, setting.network, setting.data, options)) {
      if (step === 50) break;
    }
    expect(setting.engine.arena.usedBytes).toBe(before);
  });

  it.each<[string, Partial<RegressionOptions>]>([
    ['learningRate is 0', { optimizer: { kind: 'sgd', learningRate: 0 } }],
    ['batchSize is 0', { batchSize: 0 }],
    ['maxSteps is 1.5', { maxSteps: 1.5 }],
    ['reportEvery is NaN', { reportEvery: Number.NaN }],
    ['targetLoss is -1', { targetLoss: -1 }],
  ])('refuses: %s', (message, changes) => {
    expect(() => run(setUp(), changes)).toThrow(InvalidArgumentError);
    expect(() => run(setUp(), changes)).toThrow(`trainRegression: ${message}`);
  });

  it('refuses batches without a key, and data that do not fit', () => {
    const { key: _, ...keyless } = options;
    const setting = setUp();
    const { engine, network, data } = setting;
    const start = (inputs: typeof data, more: Partial<RegressionOptions> = {}) =>
      trainRegression(engine, network, inputs, { ...keyless, ...more }).next();
    expect(() => start(data, { batchSize: 8 })).toThrow('there is no key');
    expect(() => start(data, { batchSize: 33, maxSteps: 1 })).not.toThrow();
    expect(() => start({ ...data, targets: allocateMatrix(engine, 32, 1) })).toThrow(
      '32 × 1; expected 33 × 1',
    );
    expect(() => start({ ...data, inputs: allocateMatrix(engine, 33, 2) })).toThrow('33 × 2');
  });
});

describe('findDeadLayerOn', () => {
  it('finds none in a living net, the first of several, and takes no memory', () => {
    const setting = setUp([1, 5, 5, 5]);
    const { engine, network, data } = setting;
    const before = engine.arena.usedBytes;
    expect(findDeadLayerOn(engine, network, data.inputs)).toBeNull();
    kill(setting, 2);
    expect(findDeadLayerOn(engine, network, data.inputs)).toBe(3);
    kill(setting, 1);
    expect(findDeadLayerOn(engine, network, data.inputs)).toBe(2);
    expect(engine.arena.usedBytes).toBe(before);
  });
});

describe('isConstant', () => {
  it('is true behind a dead layer, false for a living net, and within a tolerance of its range', () => {
    const setting = setUp([1, 5, 5, 5]);
    const { engine, network, data } = setting;
    const before = engine.arena.usedBytes;
    expect(isConstant(engine, network, data.inputs)).toBe(false);
    expect(isConstant(engine, network, data.inputs, { tolerance: 100 })).toBe(true);
    kill(setting, 1);
    expect(isConstant(engine, network, data.inputs)).toBe(true);
    expect(engine.arena.usedBytes).toBe(before);
  });

  it('sees a change at one point in one output, and takes NaN and infinity for no constant', () => {
    const engine = createEngine();
    const network = allocateDenseNetwork(engine, { widths: [2, 2], outputs: 2 });
    const identity = [1, 0, 0, 1];
    for (const layer of network.layers) writeMatrix(engine, layer.weights, identity);
    const inputs = allocateMatrix(engine, 3, 2);
    const constant = (values: readonly number[], tolerance?: number) => {
      writeMatrix(engine, inputs, values);
      return isConstant(engine, network, inputs, tolerance === undefined ? {} : { tolerance });
    };
    expect(constant([1, 2, 1, 2, 1, 2])).toBe(true);
    expect(constant([1, 2, 1, 2, 1, 2.5])).toBe(false);
    expect(constant([1, 2, 1, 2, 1, 2.5], 0.5)).toBe(true);
    expect(constant([1, 2, 1, 2, 1, Number.NaN])).toBe(false);
    expect(constant([1, 2, 1, 2, 1, Number.POSITIVE_INFINITY], 1e30)).toBe(false);
    expect(() => constant([1, 2, 1, 2, 1, 2], -1)).toThrow('tolerance is -1');
  });
});
