/** Networks, data and what of them is alive, for tests of initializers that look at data. */
import {
  allocateDenseNetwork,
  allocateForward,
  allocateMatrix,
  type DenseNetwork,
  deriveKey,
  type Engine,
  forward,
  type Matrix,
  openStream,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';

/** A matrix of normal numbers. */
export function normalData(
  engine: Engine,
  points: number,
  width: number,
  seed: number,
  deviation = 1,
): Matrix {
  const matrix = allocateMatrix(engine, points, width);
  const stream = openStream(engine, deriveKey(rootKey(seed), 78));
  engine.kernels.fill_normal(stream, points * matrix.stride, matrix.pointer, deviation);
  return matrix;
}

/** A matrix of the numbers given. */
export function matrixOf(engine: Engine, rows: readonly (readonly number[])[]): Matrix {
  const matrix = allocateMatrix(engine, rows.length, rows[0]?.length ?? 0);
  writeMatrix(engine, matrix, rows.flat());
  return matrix;
}

/** A network of ReLU layers, and of a linear one if `outputs` is not 0. */
export function network(engine: Engine, widths: readonly number[], outputs = 0): DenseNetwork {
  return allocateDenseNetwork(engine, { widths, outputs });
}

/** Activations of every layer on the data, points × width each. */
export function activationsOn(engine: Engine, net: DenseNetwork, inputs: Matrix): Float32Array[] {
  const mark = engine.arena.mark();
  const layers: Float32Array[] = [];
  forward(engine, net, inputs, allocateForward(engine, net, inputs.rows), (_, activations) => {
    layers.push(readMatrix(engine, activations));
  });
  engine.arena.release(mark);
  return layers;
}

/** Units of the hidden layers that are zero for every point. */
export function deadUnits(engine: Engine, net: DenseNetwork, inputs: Matrix): number {
  const layers = activationsOn(engine, net, inputs);
  let dead = 0;
  net.layers.forEach((layer, index) => {
    if (!layer.relu) return;
    const values = layers[index] ?? new Float32Array();
    for (let unit = 0; unit < layer.fanOut; unit++) {
      let active = false;
      for (let i = unit; i < values.length; i += layer.fanOut) active ||= (values[i] ?? 0) > 0;
      if (!active) dead += 1;
    }
  });
  return dead;
}

/** Points for which some unit of every hidden layer is active. */
export function livingPoints(engine: Engine, net: DenseNetwork, inputs: Matrix): number {
  const layers = activationsOn(engine, net, inputs);
  let living = 0;
  for (let point = 0; point < inputs.rows; point++) {
    const alive = net.layers.every((layer, index) => {
      if (!layer.relu) return true;
      const values = layers[index]?.subarray(point * layer.fanOut, (point + 1) * layer.fanOut) ?? [];
      return values.some((value) => value > 0);
    });
    if (alive) living += 1;
  }
  return living;
}
