/**
 * A stock model of TensorFlow.js of 50 dense ReLU layers of 100 with heNormal does not start within a budget in which the repaired one does:
 * `model.fit` on the WebAssembly backend, 1,000 embedded images, plain SGD at rate 0.01, batches of 50, four epochs.
 */
import { repair } from '@kindling/tfjs';
import { loadDataset } from '@kindling/trainer/node';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';

const images = 1000;
const epochs = 4;

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});

function stockModel(): tf.Sequential {
  const layers = Array.from({ length: 50 }, (_, j) =>
    tf.layers.dense({
      units: 100,
      activation: 'relu',
      kernelInitializer: tf.initializers.heNormal({ seed: 100 + j }),
      ...(j === 0 ? { inputShape: [784] } : {}),
    }),
  );
  const last = tf.layers.dense({
    units: 10,
    activation: 'softmax',
    kernelInitializer: tf.initializers.glorotNormal({ seed: 99 }),
  });
  return tf.sequential({ layers: [...layers, last] });
}

async function embedded() {
  const { train } = (await loadDataset('embedded')).dataset;
  const pixels = Float32Array.from(train.images.subarray(0, images * 784));
  // Inputs of length 1, as theory has them.
  const scale = 1 / Math.sqrt(pixels.reduce((sum, x) => sum + x * x, 0) / pixels.length);
  const labels = tf.tensor1d(Int32Array.from(train.labels.subarray(0, images)), 'int32');
  return {
    x: tf.tensor2d(
      pixels.map((x) => x * scale),
      [images, 784],
    ),
    y: tf.oneHot(labels, 10),
    labels,
  };
}

async function lossesOf(model: tf.LayersModel, { x, y }: Awaited<ReturnType<typeof embedded>>) {
  model.compile({ optimizer: tf.train.sgd(0.01), loss: 'categoricalCrossentropy' });
  const { history } = await model.fit(x, y, {
    ...{ epochs, batchSize: 50, shuffle: false, verbose: 0, yieldEvery: 'never' },
  });
  return history['loss'] as number[];
}

describe('50 layers of 100, four epochs', () => {
  it('the stock model stays at chance, the repaired one starts', async () => {
    const data = await embedded();
    const stock = stockModel();
    const stuck = await lossesOf(stock, data);
    // Chance is ln 10 = 2.3026.
    expect(stuck.at(-1)).toBeGreaterThan(2.28);
    const model = stockModel();
    const report = await repair(model, { init: 'he-normal', seed: 3, data: data.x, gradients: false });
    expect(report.before.verdict).toBe('fm1-vanishing');
    expect(report.after.verdict).toBe('starts');
    const { measured, expected, standardDeviation } = report.log10Length;
    expect(Math.abs((measured ?? Number.NaN) - (expected ?? 0))).toBeLessThan(3 * (standardDeviation ?? 0));
    const losses = await lossesOf(model, data);
    expect(losses.at(-1)).toBeLessThan(2.2);
    // What was learned is more than any constant answer is worth.
    const right = tf.tidy(() =>
      tf.sum(tf.equal(tf.argMax(model.predict(data.x) as tf.Tensor, 1), data.labels)),
    );
    expect((await right.data())[0]).toBeGreaterThan(1.5 * (images / 10));
  });
});
