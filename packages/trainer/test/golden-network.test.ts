/** The bits that a residual net of convolutions has after training: they may not change unnoticed. */
import { createHash } from 'node:crypto';
import {
  allocateMatrix,
  allocateNetwork,
  createEngine,
  deriveKey,
  keyPurpose,
  openStream,
  readMatrix,
  rootKey,
} from '@kindling/core';
import { findInitializer, initializeParameters } from '@kindling/initializers';
import {
  allocateNetworkTraining,
  openNetworkOptimizer,
  softmaxCrossEntropy,
  trainNetworkStep,
} from '@kindling/trainer';
import { expect, it } from 'vitest';
import { everything } from './network-problem.js';

/** Trains on random images and labels for 10 steps; nothing of the host's takes part. */
function trainedBits(batch: number, dirt: number): string {
  const engine = createEngine();
  const mark = engine.arena.mark();
  const floats = 500_000;
  engine.arena.floats(engine.arena.allocateFloats(floats), floats).fill(dirt);
  engine.arena.release(mark);
  const key = rootKey(2);
  const network = allocateNetwork(engine, everything);
  initializeParameters(engine, network, findInitializer('he-normal').initializer, key);
  const inputs = allocateMatrix(engine, batch, 64);
  const stream = openStream(engine, deriveKey(key, keyPurpose.data));
  engine.kernels.fill_uniform(stream, batch * 64, inputs.pointer, 0, 1);
  const labels = engine.arena.allocate(batch);
  engine.arena.bytes(labels, batch).set(Array.from({ length: batch }, (_, i) => i % 4));
  const training = allocateNetworkTraining(engine, network, batch);
  const optimizer = openNetworkOptimizer(engine, network, { kind: 'adam', learningRate: 0.01 });
  for (let step = 0; step < 10; step++) {
    trainNetworkStep(engine, network, inputs, softmaxCrossEntropy(labels), training, optimizer);
  }
  const hash = createHash('sha256');
  for (const { matrix } of network.parameters) hash.update(readMatrix(engine, matrix));
  return hash.digest('hex').slice(0, 32);
}

it.each([
  [5, '22f094284767a2d44304f284d602efdf'],
  [8, 'f217ce38667dd97e061f24458047baca'],
])('after 10 steps of Adam on batches of %d, whatever the memory held before', (batch, bits) => {
  expect(trainedBits(batch, 0)).toBe(bits);
  expect(trainedBits(batch, Number.NaN)).toBe(bits);
  expect(trainedBits(batch, 1e30)).toBe(bits);
});
