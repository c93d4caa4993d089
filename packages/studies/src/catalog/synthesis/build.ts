/** Nets of one hidden layer built from data without a gradient. */
import {
  allocateForward,
  type DenseNetwork,
  type Engine,
  firstRows,
  forward,
  type Matrix,
  readMatrix,
  writeMatrix,
} from '@kindling/core';
import { interpolateExactly } from '@kindling/diagnostics';
import type { RegressionData } from '@kindling/trainer';
import { addRow, openNormalEquations, solveRidge } from '../../regression/ridge.js';

/**
 * Writes into `network` the net that passes through all points of a function of one input.
 *
 * @param network one input, points − 1 units, one output
 */
export function writeInterpolation(engine: Engine, network: DenseNetwork, data: RegressionData): void {
  const inputs = [...readMatrix(engine, data.inputs)].map((x) => [x]);
  const targets = [...readMatrix(engine, data.targets)];
  const { weights, biases, outputWeights, outputBias } = interpolateExactly({ inputs, targets });
  const [hidden, output] = network.layers;
  if (hidden === undefined || output === undefined) return;
  writeMatrix(engine, hidden.weights, weights.flat());
  writeMatrix(engine, hidden.biases, biases);
  writeMatrix(engine, output.weights, outputWeights);
  writeMatrix(engine, output.biases, [outputBias]);
}

/** A batch for `fitOutputs`: rows of inputs, and what should come out, row by row. */
export interface FittedRows {
  readonly inputs: Matrix;
  readonly targets: (row: number) => Float64Array;
}

/**
 * Replaces the output layer of `network`, bias included, by the ridge solution on batches of rows; the hidden layer stays.
 *
 * @param rows rows of the largest batch
 * @param ridge as `solveRidge` takes it
 */
export function fitOutputs(
  engine: Engine,
  network: DenseNetwork,
  rows: number,
  batches: Iterable<FittedRows>,
  ridge: number,
): void {
  const [hidden, output] = network.layers;
  if (hidden === undefined || output === undefined) return;
  const [width, outputs] = [hidden.fanOut, output.fanOut];
  const mark = engine.arena.mark();
  const workspace = allocateForward(engine, network, rows);
  const equations = openNormalEquations(width + 1, outputs);
  const features = new Float64Array(width + 1);
  features[width] = 1;
  for (const { inputs, targets } of batches) {
    let seen: Float32Array = new Float32Array();
    forward(engine, network, inputs, workspace, (layer, activations) => {
      if (layer === 1) seen = readMatrix(engine, firstRows(activations, inputs.rows));
    });
    for (let row = 0; row < inputs.rows; row++) {
      features.set(seen.subarray(row * width, (row + 1) * width));
      addRow(equations, features, targets(row));
    }
  }
  engine.arena.release(mark);
  const solution = solveRidge(equations, ridge);
  writeMatrix(engine, output.weights, solution.subarray(0, width * outputs));
  writeMatrix(engine, output.biases, solution.subarray(width * outputs));
}
