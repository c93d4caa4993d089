/** Takes data through a network whose parameters are still being chosen, layer by layer. */
import {
  type DenseLayer,
  type DenseNetwork,
  type Engine,
  InvalidArgumentError,
  leadingDimension,
  type Matrix,
  packedFloats,
} from '@kindling/core';

/** A layer, and the data as they arrive at it. */
export interface LayerVisit {
  readonly layer: DenseLayer;
  /** From 0. */
  readonly index: number;
  /** What the layers before make of the data: points × fan-in. */
  readonly inputs: Matrix;
  /** inputs · W + b with the layer's parameters of the moment, f32, the bits of `forward`; good until the next call. */
  preActivations(): Matrix;
}

/**
 * Calls `visit` for every layer from the first; it may change that layer's parameters. Then the data pass through the layer
 * and reach the next one.
 *
 * @throws InvalidArgumentError when the pre-activations leave the range of f32
 */
export function walkLayers(
  engine: Engine,
  network: DenseNetwork,
  inputs: Matrix,
  visit: (step: LayerVisit) => void,
): void {
  const { arena } = engine;
  const { layers } = network;
  const mark = arena.mark();
  try {
    const points = inputs.rows;
    const roomFloats = points * Math.max(...layers.map((layer) => leadingDimension(layer.fanOut)));
    const rooms = [arena.allocateFloats(roomFloats), arena.allocateFloats(roomFloats)] as const;
    const scratch = arena.allocateFloats(
      Math.max(...layers.map((layer) => packedFloats(layer.fanIn, layer.fanOut))),
    );
    let current = inputs;
    layers.forEach((layer, index) => {
      const columns = layer.fanOut;
      const room = rooms[index % 2 === 0 ? 0 : 1];
      const output: Matrix = { pointer: room, rows: points, columns, stride: leadingDimension(columns) };
      const arriving = current;
      const preActivations = () => multiply(engine, layer, index, arriving, output, scratch);
      visit({ layer, index, inputs: arriving, preActivations });
      preActivations();
      if (layer.relu) rectify(engine, output);
      current = output;
    });
  } finally {
    arena.release(mark);
  }
}

function multiply(
  engine: Engine,
  layer: DenseLayer,
  index: number,
  inputs: Matrix,
  output: Matrix,
  scratch: number,
): Matrix {
  const { kernels } = engine;
  const { weights, biases } = layer;
  kernels.sgemm_nn_bias(
    ...([output.rows, output.columns, inputs.columns, inputs.pointer, inputs.stride] as const),
    ...([weights.pointer, weights.stride, output.pointer, output.stride, scratch] as const),
    biases.pointer,
  );
  if (!Number.isFinite(kernels.sum_squares(output.rows, output.columns, output.pointer, output.stride))) {
    throw new InvalidArgumentError(
      `initializeNetwork: layer ${index + 1} leaves the range of f32 on the data; expected finite pre-activations — scale the data or the weights down`,
      { details: { layer: index + 1 } },
    );
  }
  return output;
}

function rectify(engine: Engine, { pointer, rows, stride }: Matrix): void {
  const values = engine.arena.floats(pointer, rows * stride);
  for (let i = 0; i < values.length; i++) values[i] = Math.max(values[i] ?? 0, 0);
}
