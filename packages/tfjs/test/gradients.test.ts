/** Kindling's engine and TensorFlow.js agree on outputs and every gradient of a model, for the same weights and inputs. */
import { allocateMatrix, createEngine, readMatrix, writeMatrix } from '@kindling/core';
import {
  loadModelNetwork,
  openModel,
  parameterFromTensor,
  sourceFromBytes,
  sourcesOf,
} from '@kindling/models';
import { diagnose } from '@kindling/tfjs';
import {
  allocateNetworkTraining,
  passNetworkBackward,
  passNetworkForward,
  softmaxCrossEntropy,
} from '@kindling/trainer';
import { beforeAll, describe, expect, it } from 'vitest';
import { startTensorflow, stockModel, tf } from './tensorflow.js';

const rows = 5;
const labels = [0, 3, 1, 2, 2];

/**
 * Sums of up to 150 products through a handful of layers, forward and back: a sum of n products is off by √n · 2⁻²⁴ typically, and 64
 * roundings of the largest number are ample. A gradient in the wrong place is off by a tenth.
 */
const tolerance = 64 * 2 ** -24;

async function open(model: tf.LayersModel) {
  const files: Uint8Array[] = [];
  await model.save(
    tf.io.withSaveHandler(async ({ weightSpecs, weightData, modelTopology }) => {
      const manifest = [{ paths: ['w'], weights: weightSpecs }];
      files.push(
        new TextEncoder().encode(JSON.stringify({ modelTopology, weightsManifest: manifest })),
        new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)),
      );
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const [json = new Uint8Array(), weights = new Uint8Array()] = files;
  return openModel(sourcesOf(sourceFromBytes('model.json', json), [sourceFromBytes('w', weights)]));
}

/** Largest difference of any gradient in units of its largest entry, the loss's among them. */
async function compare(model: tf.LayersModel): Promise<number> {
  const shape = [rows, ...(model.inputs[0]?.shape.slice(1).map((size) => size ?? 0) ?? [])];
  const input = tf.randomNormal(shape, 0, 1, 'float32', 4);
  const targets = tf.oneHot(tf.tensor1d(labels, 'int32'), 4);
  const { value, grads } = tf.variableGrads(
    () =>
      tf.losses.softmaxCrossEntropy(
        targets,
        model.apply(input, { training: false }) as tf.Tensor,
      ) as tf.Scalar,
  );
  const byShape = model.trainableWeights.map(
    (weight) => grads[(weight.read() as tf.Variable).name]?.dataSync() ?? [],
  );

  const opened = await open(model);
  const engine = createEngine();
  const network = await loadModelNetwork(engine, opened);
  const training = allocateNetworkTraining(engine, network, rows);
  const matrix = allocateMatrix(engine, rows, input.size / rows);
  writeMatrix(engine, matrix, input.dataSync());
  const answers = engine.arena.allocate(rows);
  engine.arena.bytes(answers, rows).set(labels);
  const loss = passNetworkForward(engine, network, matrix, softmaxCrossEntropy(answers), training);
  let worst = Math.abs(loss / (value.dataSync()[0] ?? Number.NaN) - 1);
  let compared = 0;
  passNetworkBackward(engine, network, training, (index, gradient) => {
    const name = network.parameters[index]?.name;
    const mapping = opened.architecture?.parameters.find(({ parameter }) => parameter === name);
    if (mapping === undefined) return;
    const place = opened.tensors.findIndex((tensor) => tensor.name === mapping.tensor);
    const expected = parameterFromTensor(Float32Array.from(byShape[place] ?? []), mapping);
    const actual = readMatrix(engine, gradient);
    expect(actual).toHaveLength(expected.length);
    const size = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    expect(size).toBeGreaterThan(0);
    actual.forEach((x, i) => {
      worst = Math.max(worst, Math.abs(x - (expected[i] ?? Number.NaN)) / size);
    });
    compared++;
  });
  expect(compared).toBe(opened.tensors.length);
  return worst;
}

const bias = () => tf.initializers.randomUniform({ minval: -0.5, maxval: 0.5, seed: 9 });
const dense = (units: number, more: object = {}) =>
  tf.layers.dense({
    units,
    kernelInitializer: tf.initializers.heNormal({ seed: units }),
    biasInitializer: bias(),
    ...more,
  });
const conv = (filters: number, more: object = {}) =>
  tf.layers.conv2d({
    filters,
    kernelSize: 3,
    kernelInitializer: tf.initializers.heNormal({ seed: filters }),
    biasInitializer: bias(),
    ...more,
  });

describe('gradients agree', () => {
  it('on a dense net, on wasm', async () => {
    await startTensorflow('wasm');
    const model = tf.sequential({
      layers: [
        dense(30, { inputShape: [20], activation: 'relu' }),
        dense(25),
        tf.layers.leakyReLU({ alpha: 0.1 }),
        dense(20, { activation: 'relu', useBias: false }),
        dense(4),
      ],
    });
    expect(await compare(model)).toBeLessThan(tolerance);
  });

  it('on a convolutional and residual net, on the CPU', async () => {
    await startTensorflow('cpu');
    const input = tf.input({ shape: [8, 8, 3] });
    const first = conv(6, { padding: 'same', activation: 'relu' }).apply(input) as tf.SymbolicTensor;
    const branch = conv(6, { padding: 'same' }).apply(
      conv(5, { padding: 'same', activation: 'relu' }).apply(first),
    ) as tf.SymbolicTensor;
    const sum = tf.layers.add().apply([first, branch]) as tf.SymbolicTensor;
    const pooled = tf.layers.maxPooling2d({ poolSize: 2 }).apply(conv(4, { strides: 1 }).apply(sum));
    const output = dense(4).apply(tf.layers.flatten().apply(pooled)) as tf.SymbolicTensor;
    expect(await compare(tf.model({ inputs: input, outputs: output }))).toBeLessThan(tolerance);
  });

  it('and diagnose reports those that TensorFlow.js computes', async () => {
    await startTensorflow('cpu');
    const model = stockModel(3, 12, 2);
    const data = tf.randomNormal([6, 12], 0, 1, 'float32', 1);
    const loss = (outputs: tf.Tensor) => tf.mean(tf.square(outputs)) as tf.Scalar;
    const { gradients } = await diagnose(model, { data, loss });
    const { grads } = tf.variableGrads(() => loss(model.apply(data) as tf.Tensor));
    const squares = Object.entries(grads).flatMap(([name, gradient]) =>
      name.includes('kernel') ? [tf.mean(tf.square(gradient)).dataSync()[0] ?? Number.NaN] : [],
    );
    expect(gradients?.kernels).toHaveLength(4);
    gradients?.kernels.forEach(({ meanSquare }, i) => {
      expect((meanSquare ?? 0) / (squares[i] ?? 1)).toBeCloseTo(1, 5);
    });
  });
});

beforeAll(() => startTensorflow('wasm'));
