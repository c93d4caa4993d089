/** A loaded model runs in Kindling as it runs in TensorFlow.js, within rounding. */
import {
  allocateMatrix,
  allocateWorkspace,
  createEngine,
  forwardNetwork,
  readImages,
  writeMatrix,
} from '@kindling/core';
import { loadModelNetwork, openModel } from '@kindling/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { someFloats } from './model-files.js';
import { saveModel, sourcesOfSaved, startTensorflow, tf } from './tensorflow-models.js';

const rows = 3;

beforeAll(startTensorflow);

/** Largest difference in units of the largest entry. */
function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let [difference, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? 0)));
    size = Math.max(size, Math.abs(expected[i] ?? 0));
  }
  expect(size).toBeGreaterThan(0);
  return difference / size;
}

/**
 * A sum of n products is off by at most n · 2⁻²⁴ of the sum of their sizes, typically √n. The sums here have up to 150 terms, four
 * layers follow each other, and the sums of sizes are some times the largest output: 64 roundings are ample, and a wrong weight is
 * off by a tenth.
 */
const tolerance = 64 * 2 ** -24;

async function compare(model: tf.LayersModel, inputs: number): Promise<number> {
  const values = someFloats(rows * inputs, 5);
  const shape = [rows, ...(model.inputs[0]?.shape.slice(1).map((size) => size ?? 0) ?? [])];
  const expected = (model.predict(tf.tensor(values, shape)) as tf.Tensor).dataSync();
  const engine = createEngine();
  const network = await loadModelNetwork(engine, await openModel(sourcesOfSaved(await saveModel(model))));
  const input = allocateMatrix(engine, rows, inputs);
  writeMatrix(engine, input, values);
  const output = forwardNetwork(engine, network, input, allocateWorkspace(engine, network, rows));
  return distance(readImages(engine, output), expected);
}

/** Biases that are not zero, so that their place matters. */
const bias = () => tf.initializers.randomUniform({ minval: -0.5, maxval: 0.5, seed: 9 });

describe('Kindling and TensorFlow.js agree', () => {
  it('on a dense net', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [20], units: 30, activation: 'relu', biasInitializer: bias() }),
        tf.layers.dense({ units: 30, biasInitializer: bias() }),
        tf.layers.leakyReLU({ alpha: 0.1 }),
        tf.layers.dense({ units: 30, useBias: false, activation: 'relu' }),
        tf.layers.dense({ units: 4, biasInitializer: bias() }),
      ],
    });
    expect(await compare(model, 20)).toBeLessThan(tolerance);
  });

  it('on a convolutional net with every padding, stride and pool', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [12, 10, 3],
          filters: 6,
          kernelSize: [3, 5],
          padding: 'same',
          strides: 2,
          activation: 'relu',
          biasInitializer: bias(),
        }),
        tf.layers.conv2d({ filters: 5, kernelSize: 2, padding: 'same', biasInitializer: bias() }),
        tf.layers.reLU(),
        tf.layers.maxPooling2d({ poolSize: [3, 2], strides: 1 }),
        tf.layers.conv2d({
          filters: 4,
          kernelSize: 2,
          padding: 'valid',
          activation: 'relu',
          biasInitializer: bias(),
        }),
        tf.layers.averagePooling2d({ poolSize: 2, strides: 1 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 7, biasInitializer: bias() }),
      ],
    });
    expect(await compare(model, 12 * 10 * 3)).toBeLessThan(tolerance);
  });

  it('on a functional net with an identity and a projected shortcut', async () => {
    const input = tf.input({ shape: [8, 8, 4] });
    const conv = (filters: number, kernelSize: number, strides = 1, useBias = true) =>
      tf.layers.conv2d({
        filters,
        kernelSize,
        strides,
        padding: 'same',
        useBias,
        ...(useBias ? { biasInitializer: bias() } : {}),
      });
    const branch = conv(4, 3).apply(tf.layers.reLU().apply(conv(4, 3).apply(input)));
    const sum = tf.layers.add().apply([input, branch as tf.SymbolicTensor]) as tf.SymbolicTensor;
    const x = tf.layers.activation({ activation: 'relu' }).apply(sum) as tf.SymbolicTensor;
    const second = conv(6, 3, 2).apply(x) as tf.SymbolicTensor;
    const projected = conv(6, 1, 2, false).apply(x) as tf.SymbolicTensor;
    const joined = tf.layers.add().apply([second, projected]) as tf.SymbolicTensor;
    const pooled = tf.layers.globalAveragePooling2d({}).apply(joined);
    const output = tf.layers.dense({ units: 3, biasInitializer: bias() }).apply(pooled) as tf.SymbolicTensor;
    const model = tf.model({ inputs: input, outputs: output });
    const { architecture, notes } = await openModel(sourcesOfSaved(await saveModel(model)));
    expect(notes).toEqual([]);
    expect(architecture?.architecture.layers.map(({ kind }) => kind)).toEqual([
      'residual',
      'activation',
      'residual',
      'global-average-pool',
      'dense',
    ]);
    expect(await compare(model, 8 * 8 * 4)).toBeLessThan(tolerance);
  });

  it('and a weight in the wrong place would be seen', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [6], units: 6, activation: 'relu' }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    const saved = await saveModel(model);
    const engine = createEngine();
    const network = await loadModelNetwork(engine, await openModel(sourcesOfSaved(saved)));
    const [weights] = network.parameters;
    const values = model.getWeights()[0]?.arraySync() as number[][];
    if (weights === undefined) throw new Error('the network has parameters');
    writeMatrix(
      engine,
      weights.matrix,
      Float32Array.from(values[0]?.flatMap((_, j) => values.map((row) => row[j] ?? 0)) ?? []),
    );
    const input = allocateMatrix(engine, rows, 6);
    const numbers = someFloats(rows * 6, 5);
    writeMatrix(engine, input, numbers);
    const output = forwardNetwork(engine, network, input, allocateWorkspace(engine, network, rows));
    const expected = (model.predict(tf.tensor2d(numbers, [rows, 6])) as tf.Tensor).dataSync();
    expect(distance(readImages(engine, output), expected)).toBeGreaterThan(1000 * tolerance);
  });
});

describe('batch normalization', () => {
  /** Statistics that are not those of any batch, so that using them would be seen. */
  const uneven = (seed: number) => tf.initializers.randomUniform({ minval: 0.5, maxval: 1.5, seed });
  const normalized = (shift: number) =>
    tf.layers.batchNormalization({
      // The core's.
      epsilon: 1e-5,
      gammaInitializer: uneven(1 + shift),
      betaInitializer: uneven(2 + shift),
      movingMeanInitializer: uneven(3 + shift),
      movingVarianceInitializer: uneven(4 + shift),
    });
  const model = () =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [6, 6, 2], filters: 4, kernelSize: 3, biasInitializer: bias() }),
        normalized(0),
        tf.layers.activation({ activation: 'relu' }),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({ units: 5, useBias: false }),
        normalized(10),
        tf.layers.reLU(),
        tf.layers.dense({ units: 3 }),
      ],
    });

  it('by the batch is that of a training in TensorFlow.js, with gamma and beta of the file', async () => {
    const net = model();
    const values = someFloats(rows * 72, 5);
    const input = tf.tensor(values, [rows, 6, 6, 2]);
    const expected = (net.apply(input, { training: true }) as tf.Tensor).dataSync();
    const answered = (net.predict(input) as tf.Tensor).dataSync();
    const opened = await openModel(sourcesOfSaved(await saveModel(net)), { batchNormalization: 'by-batch' });
    expect(opened.notes.join(' ')).toMatch(/statistics of the batch at hand, as every training does/);
    const engine = createEngine();
    const network = await loadModelNetwork(engine, opened);
    const matrix = allocateMatrix(engine, rows, 72);
    writeMatrix(engine, matrix, values);
    const output = readImages(
      engine,
      forwardNetwork(engine, network, matrix, allocateWorkspace(engine, network, rows)),
    );
    // Dividing by the deviation of three rows makes roundings some times larger.
    expect(distance(output, expected)).toBeLessThan(8 * tolerance);
    expect(distance(output, answered)).toBeGreaterThan(0.05);
  });

  it('is in the way unless it is asked for', async () => {
    const { architecture, notes } = await openModel(sourcesOfSaved(await saveModel(model())));
    expect(architecture).toBeNull();
    expect(notes.join(' ')).toMatch(/is a batch normalization, which uses stored statistics/);
  });
});
