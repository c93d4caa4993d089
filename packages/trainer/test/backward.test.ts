import {
  allocateDenseNetwork,
  allocateMatrix,
  createEngine,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import { allocateTraining, backward, openOptimizer, softmaxCrossEntropy, trainStep } from '@kindling/trainer';
import { type ReferenceLayer, referenceGradients, referenceSgdStep } from '@kindling/trainer/reference';
import { describe, expect, it } from 'vitest';

const engine = createEngine();

/** A network, a batch, and the same numbers in f64. */
function problem(widths: readonly number[], outputs: number, rows: number, seed: number) {
  const network = allocateDenseNetwork(engine, { widths, outputs });
  initializeNetwork(engine, network, findInitializer('he-normal').initializer, rootKey(seed));
  network.layers.forEach((layer, index) => {
    writeMatrix(
      engine,
      layer.biases,
      Array.from({ length: layer.fanOut }, (_, j) => 0.1 * Math.sin(index + 2 * j)),
    );
  });
  const features = widths[0] ?? 0;
  const input = Float32Array.from({ length: rows * features }, (_, i) => Math.sin(1 + seed + 3.7 * i) ** 2);
  const labels = Uint8Array.from({ length: rows }, (_, i) => (7 * i + seed) % outputs);
  const inputMatrix = allocateMatrix(engine, rows, features);
  writeMatrix(engine, inputMatrix, input);
  const labelPointer = engine.arena.allocate(rows);
  engine.arena.bytes(labelPointer, rows).set(labels);
  const reference: ReferenceLayer[] = network.layers.map((layer) => ({
    fanIn: layer.fanIn,
    fanOut: layer.fanOut,
    weights: Float64Array.from(readMatrix(engine, layer.weights)),
    biases: Float64Array.from(readMatrix(engine, layer.biases)),
  }));
  const workspace = allocateTraining(engine, network, rows);
  return { network, input, labels, inputMatrix, labelPointer, reference, workspace };
}

/** Largest |a − b| in units of the largest |b|. */
function relativeDistance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let distance = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    distance = Math.max(distance, Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? 0)));
    size = Math.max(size, Math.abs(expected[i] ?? 0));
  }
  // A gradient that is zero throughout must be met exactly.
  return size === 0 ? distance : distance / size;
}

const shapes = [
  { widths: [5, 4], outputs: 3, rows: 2 },
  { widths: [1, 1], outputs: 2, rows: 1 },
  { widths: [30, 17, 9, 13], outputs: 10, rows: 37 },
  { widths: [13, 8, 8, 8, 8, 8, 8], outputs: 4, rows: 16 },
];

describe.each(shapes)('$widths to $outputs on $rows rows', ({ widths, outputs, rows }) => {
  it('has the gradients of the f64 reference, within the rounding of f32', () => {
    const { network, input, labels, inputMatrix, labelPointer, reference, workspace } = problem(
      widths,
      outputs,
      rows,
      3,
    );
    const expected = referenceGradients(reference, input, labels);
    let visited = 0;
    // One rounding a term and a layer: the largest sum has max(width, rows) terms.
    const tolerance = 2 ** -24 * 2 * Math.max(...widths, rows) * network.layers.length;
    const loss = backward(
      engine,
      network,
      inputMatrix,
      softmaxCrossEntropy(labelPointer),
      workspace,
      (index, weights, biases) => {
        expect(
          relativeDistance(readMatrix(engine, weights), expected.gradients[index]?.weights ?? []),
        ).toBeLessThan(tolerance);
        expect(
          relativeDistance(readMatrix(engine, biases), expected.gradients[index]?.biases ?? []),
        ).toBeLessThan(tolerance);
        visited += 1;
      },
    );
    expect(visited).toBe(network.layers.length);
    expect(Math.abs(loss - expected.loss)).toBeLessThan(tolerance * Math.max(1, expected.loss));
  });
});

it('the f64 reference agrees with central differences', () => {
  const { input, labels, reference } = problem([6, 5, 4], 3, 7, 5);
  const { gradients } = referenceGradients(reference, input, labels);
  const step = 1e-5;
  reference.forEach((layer, index) => {
    for (const name of ['weights', 'biases'] as const) {
      layer[name].forEach((value, i) => {
        layer[name][i] = value + step;
        const above = referenceGradients(reference, input, labels).loss;
        layer[name][i] = value - step;
        const below = referenceGradients(reference, input, labels).loss;
        layer[name][i] = value;
        expect(gradients[index]?.[name][i]).toBeCloseTo((above - below) / (2 * step), 8);
      });
    }
  });
});

it('20 SGD steps follow the f64 reference', () => {
  const { network, input, labels, inputMatrix, labelPointer, reference, workspace } = problem(
    [12, 10, 10, 10],
    5,
    24,
    8,
  );
  const optimizer = openOptimizer(engine, network, { kind: 'sgd', learningRate: 0.1 });
  const labelled = softmaxCrossEntropy(labelPointer);
  for (let step = 0; step < 20; step++) {
    const loss = trainStep(engine, network, inputMatrix, labelled, workspace, optimizer);
    expect(Math.abs(loss - referenceSgdStep(reference, input, labels, 0.1))).toBeLessThan(1e-5);
  }
  network.layers.forEach((layer, index) => {
    expect(relativeDistance(readMatrix(engine, layer.weights), reference[index]?.weights ?? [])).toBeLessThan(
      1e-5,
    );
  });
});

it('refuses a network without outputs', () => {
  const network = allocateDenseNetwork(engine, { widths: [3, 3], outputs: 0 });
  expect(() => allocateTraining(engine, network, 4)).toThrow(/outputs/);
});
