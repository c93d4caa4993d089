/** Gradients of the mean squared error: the engine against f64, and f64 against central differences. */
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
import { allocateTraining, backward, meanSquaredError, passBackward, passForward } from '@kindling/trainer';
import { type ReferenceLayer, referenceRegressionGradients } from '@kindling/trainer/reference';
import { describe, expect, it } from 'vitest';

const engine = createEngine();

function problem(widths: readonly number[], outputs: number, rows: number, seed: number) {
  const network = allocateDenseNetwork(engine, { widths, outputs });
  initializeNetwork(engine, network, findInitializer('he-normal').initializer, rootKey(seed));
  network.layers.forEach((layer, index) => {
    const biases = Array.from({ length: layer.fanOut }, (_, j) => 0.1 * Math.sin(index + 2 * j));
    writeMatrix(engine, layer.biases, biases);
  });
  const inputs = allocateMatrix(engine, rows, widths[0] ?? 0);
  const targets = allocateMatrix(engine, rows, outputs);
  const points = Float32Array.from({ length: rows * (widths[0] ?? 0) }, (_, i) => Math.sin(seed + 3.7 * i));
  const wanted = Float32Array.from({ length: rows * outputs }, (_, i) => Math.cos(seed + 2.3 * i));
  writeMatrix(engine, inputs, points);
  writeMatrix(engine, targets, wanted);
  const layers: ReferenceLayer[] = network.layers.map((layer) => ({
    fanIn: layer.fanIn,
    fanOut: layer.fanOut,
    weights: Float64Array.from(readMatrix(engine, layer.weights)),
    biases: Float64Array.from(readMatrix(engine, layer.biases)),
  }));
  return { network, inputs, targets, points, wanted, layers };
}

const shapes = [
  { widths: [1, 2], outputs: 1, rows: 1 },
  { widths: [1, 2, 2, 2, 2], outputs: 1, rows: 33 },
  { widths: [2, 7, 5], outputs: 2, rows: 20 },
  { widths: [30, 17, 9, 13], outputs: 5, rows: 37 },
];

describe.each(shapes)('$widths to $outputs on $rows rows', ({ widths, outputs, rows }) => {
  const { network, inputs, targets, points, wanted, layers } = problem(widths, outputs, rows, 2);
  const expected = referenceRegressionGradients(layers, points, wanted);

  it('has the gradients of f64, within the rounding of f32', () => {
    const workspace = allocateTraining(engine, network, rows);
    // One rounding a term and a layer: the largest sum has max(width, rows) terms. Relative to the layer's largest entry.
    const tolerance = 2 ** -24 * 2 * Math.max(...widths, rows) * network.layers.length;
    const distance = (got: ArrayLike<number>, want: Float64Array) => {
      const size = want.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const off = want.reduce((most, value, i) => Math.max(most, Math.abs(Number(got[i]) - value)), 0);
      return size === 0 ? off : off / size;
    };
    let visited = 0;
    const loss = backward(
      engine,
      network,
      inputs,
      meanSquaredError(targets),
      workspace,
      (index, weights, biases) => {
        const want = expected.gradients[index];
        if (want === undefined) throw new Error('a layer that the reference has not');
        expect(distance(readMatrix(engine, weights), want.weights)).toBeLessThan(tolerance);
        expect(distance(readMatrix(engine, biases), want.biases)).toBeLessThan(tolerance);
        visited += 1;
      },
    );
    expect(visited).toBe(network.layers.length);
    expect(Math.abs(loss - expected.loss)).toBeLessThan(tolerance * Math.max(1, expected.loss));
  });

  it('f64 agrees with central differences', () => {
    const step = 1e-6;
    layers.forEach((layer, index) => {
      for (const name of ['weights', 'biases'] as const) {
        layer[name].forEach((value, i) => {
          layer[name][i] = value + step;
          const above = referenceRegressionGradients(layers, points, wanted).loss;
          layer[name][i] = value - step;
          const below = referenceRegressionGradients(layers, points, wanted).loss;
          layer[name][i] = value;
          // Rounding of the losses, 1e-16 of sizes near 1 over 2e-6, and the curvature of the square, step²: 1e-9 at most.
          expect(expected.gradients[index]?.[name][i]).toBeCloseTo((above - below) / (2 * step), 7);
        });
      }
    });
  });
});

describe('passForward and passBackward', () => {
  it('are backward in two halves, and the first changes no parameter', () => {
    const { network, inputs, targets } = problem([3, 6, 6], 2, 10, 9);
    const workspace = allocateTraining(engine, network, 10);
    const loss = meanSquaredError(targets);
    const collect = (run: (visit: Parameters<typeof passBackward>[4]) => void) => {
      const seen: number[][] = [];
      run((index, weights, biases) => {
        seen.push([index, ...readMatrix(engine, weights), ...readMatrix(engine, biases)]);
      });
      return seen;
    };
    const values: number[] = [];
    const whole = collect((visit) => values.push(backward(engine, network, inputs, loss, workspace, visit)));
    const halves = collect((visit) => {
      values.push(passForward(engine, network, inputs, loss, workspace));
      passBackward(engine, network, inputs, workspace, visit);
    });
    expect(halves).toEqual(whole);
    expect(values[0]).toBe(values[1]);
  });

  it('refuse targets of another size', () => {
    const { network, inputs } = problem([3, 4], 2, 10, 9);
    const workspace = allocateTraining(engine, network, 10);
    for (const [rows, columns] of [
      [9, 2],
      [10, 1],
    ] as const) {
      const targets = meanSquaredError(allocateMatrix(engine, rows, columns));
      const pass = () => passForward(engine, network, inputs, targets, workspace);
      expect(pass).toThrow(InvalidArgumentError);
      expect(pass).toThrow(`the targets are ${rows} × ${columns}; expected 10 × 2`);
    }
  });
});
