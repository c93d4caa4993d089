/** Batches that keep only the nonzero pixels train to the same bits as whole ones. */
import { allocateDenseNetwork, createEngine, isSparse, readMatrix, rootKey } from '@kindling/core';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import { allocateBatch, loadDatasetIntoMemory, train } from '@kindling/trainer';
import { describe, expect, it } from 'vitest';
import { mostlyBlackDataset, tinyDataset } from './tiny-dataset.js';

async function trained(sparse: boolean) {
  const engine = createEngine();
  const data = { ...loadDatasetIntoMemory(engine, mostlyBlackDataset()), sparse };
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
    const black = loadDatasetIntoMemory(engine, mostlyBlackDataset());
    expect(black.sparse).toBe(true);
    expect(isSparse(allocateBatch(engine, black, 4).input)).toBe(true);
    const noisy = loadDatasetIntoMemory(engine, tinyDataset());
    expect(noisy.sparse).toBe(false);
    expect(isSparse(allocateBatch(engine, noisy, 4).input)).toBe(false);
  });
});
