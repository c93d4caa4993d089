/** Batches that keep only the nonzero pixels train to the same bits as whole ones. */
import { allocateDenseNetwork, createEngine, isSparse, readMatrix, rootKey } from '@kindling/core';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import { allocateBatch, type Dataset, loadDatasetIntoMemory, train } from '@kindling/trainer';
import { describe, expect, it } from 'vitest';
import { tinyDataset } from './tiny-dataset.js';

/** The tiny data on a black ground: its noise cut off, so that a tenth of the pixels is left. */
function mostlyBlack(): Dataset {
  const { train: training, test, ...rest } = tinyDataset();
  const cut = (images: Uint8Array) => images.map((pixel) => (pixel < 150 ? 0 : pixel));
  return {
    ...rest,
    train: { ...training, images: cut(training.images) },
    test: { ...test, images: cut(test.images) },
  };
}

async function trained(sparse: boolean) {
  const engine = createEngine();
  const data = { ...loadDatasetIntoMemory(engine, mostlyBlack()), sparse };
  const network = allocateDenseNetwork(engine, { widths: [30, 20, 20], outputs: 10 });
  initializeNetwork(engine, network, findInitializer('he-normal').initializer, rootKey(1));
  const reports: unknown[] = [];
  for await (const report of train(engine, network, data, {
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    batchSize: 16,
    maxEpochs: 3,
    key: rootKey(2),
  })) {
    reports.push(report);
  }
  const parameters = network.layers.map(({ weights, biases }) => [
    ...readMatrix(engine, weights),
    ...readMatrix(engine, biases),
  ]);
  return { reports, parameters };
}

describe('sparse batches', () => {
  it('train to the same bits', async () => {
    expect(await trained(true)).toEqual(await trained(false));
  });

  it('are chosen where at most two in five pixels are not zero', () => {
    const engine = createEngine();
    const black = loadDatasetIntoMemory(engine, mostlyBlack());
    expect(black.sparse).toBe(true);
    expect(isSparse(allocateBatch(engine, black, 4).input)).toBe(true);
    const noisy = loadDatasetIntoMemory(engine, tinyDataset());
    expect(noisy.sparse).toBe(false);
    expect(isSparse(allocateBatch(engine, noisy, 4).input)).toBe(false);
  });
});
