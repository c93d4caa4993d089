/**
 * Fully connected ReLU networks: where their parameters lie and how an input passes through them. Which numbers the
 * parameters hold is the business of an initializer, how they change that of a trainer.
 *
 * A layer computes act = ReLU(x · W + b) with W of shape fan-in × fan-out; an optional last layer of `outputs` is
 * linear.
 */
import type { Engine } from '../engine.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { Pointer } from '../kernels/kernel-exports.js';
import { allocateMatrix, clearMatrix, firstRows, type Matrix, packedFloats } from '../tensor/matrix.js';
import { isSparse, type SparseRows } from '../tensor/sparse-rows.js';

/** Sizes of a network. Plain JSON. */
export interface DenseArchitecture {
  /** The input's width, then the width of every ReLU layer: at least the input and one layer. Integers ≥ 1. */
  readonly widths: readonly number[];
  /** Width of a linear layer behind them; 0 for none. */
  readonly outputs: number;
}

export interface DenseLayer {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly relu: boolean;
  /** fanIn × fanOut. */
  readonly weights: Matrix;
  /** One row of fanOut. */
  readonly biases: Matrix;
}

export interface DenseNetwork {
  readonly architecture: DenseArchitecture;
  readonly layers: readonly DenseLayer[];
}

/** Room for one forward pass of up to `batch` rows: the activations of every layer and what the products need. */
export interface ForwardWorkspace {
  readonly batch: number;
  /** Output of every layer, batch × fanOut. */
  readonly activations: readonly Matrix[];
  /** For packed weights: `scratchFloats` floats. */
  readonly scratch: Pointer;
  readonly scratchFloats: number;
}

/**
 * What a network takes: a batch, a row an input. Sparse rows are passed faster where most numbers are zeros, with the same bits
 * as long as the weights are finite.
 */
export type NetworkInput = Matrix | SparseRows;

/** Called after every layer with its output, valid until the next pass. `layer` counts from 1. */
export type LayerTap = (layer: number, activations: Matrix) => void;

/**
 * Checks sizes once, at the edge.
 *
 * @throws InvalidArgumentError naming the offending width
 */
export function checkArchitecture(architecture: DenseArchitecture): void {
  const { widths, outputs } = architecture;
  if (widths.length < 2) {
    throw new InvalidArgumentError(
      `checkArchitecture: widths has ${widths.length} entries; expected the input's width and at least one layer's`,
    );
  }
  widths.forEach((width, index) => {
    if (!Number.isSafeInteger(width) || width < 1) {
      throw new InvalidArgumentError(
        `checkArchitecture: widths[${index}] is ${width}; expected an integer ≥ 1`,
      );
    }
  });
  if (!Number.isSafeInteger(outputs) || outputs < 0) {
    throw new InvalidArgumentError(`checkArchitecture: outputs is ${outputs}; expected an integer ≥ 0`);
  }
}

/**
 * Room for a network in the arena. Biases are zero; weights are not set.
 *
 * @throws InvalidArgumentError for sizes `checkArchitecture` refuses
 * @throws OutOfMemoryError when there is no room
 */
export function allocateDenseNetwork(engine: Engine, architecture: DenseArchitecture): DenseNetwork {
  checkArchitecture(architecture);
  const { widths, outputs } = architecture;
  const sizes = outputs > 0 ? [...widths, outputs] : widths;
  const layers = sizes.slice(1).map((fanOut, index): DenseLayer => {
    const fanIn = sizes[index] ?? 0;
    const weights = allocateMatrix(engine, fanIn, fanOut);
    const biases = allocateMatrix(engine, 1, fanOut);
    clearMatrix(engine, biases);
    return { fanIn, fanOut, relu: index < widths.length - 1, weights, biases };
  });
  return { architecture, layers };
}

/** Room for passes of up to `batch` rows through `network`. */
export function allocateForward(engine: Engine, network: DenseNetwork, batch: number): ForwardWorkspace {
  const activations = network.layers.map((layer) => allocateMatrix(engine, batch, layer.fanOut));
  const scratchFloats = network.layers.reduce((floats, layer) => Math.max(floats, packedEitherWay(layer)), 0);
  return { batch, activations, scratch: engine.arena.allocateFloats(scratchFloats), scratchFloats };
}

/** Floats that the layer's weights take when packed, for the pass forward or backward. */
function packedEitherWay({ fanIn, fanOut }: DenseLayer): number {
  return Math.max(packedFloats(fanIn, fanOut), packedFloats(fanOut, fanIn));
}

/**
 * Passes a batch through the network: act⁽ʲ⁾ = ReLU(act⁽ʲ⁻¹⁾ · W⁽ʲ⁾ + b⁽ʲ⁾), f32, products summed in order of fan-in.
 *
 * @param input rows × widths[0]; at most `workspace.batch` rows
 * @param tap called after every layer
 * @returns the last layer's output (it lies in the workspace)
 * @throws InvalidArgumentError when the input or the workspace does not fit the network
 */
export function forward(
  engine: Engine,
  network: DenseNetwork,
  input: NetworkInput,
  workspace: ForwardWorkspace,
  tap?: LayerTap,
): Matrix {
  const [inputWidth] = network.architecture.widths;
  if (input.columns !== inputWidth || input.rows > workspace.batch) {
    throw new InvalidArgumentError(
      `forward: the input is ${input.rows} × ${input.columns}; expected at most ${workspace.batch} × ${inputWidth}`,
    );
  }
  let current = input;
  let output: Matrix | undefined;
  for (let index = 0; index < network.layers.length; index++) {
    const layer = network.layers[index] as DenseLayer;
    const room = workspace.activations[index];
    if (room?.columns !== layer.fanOut || workspace.scratchFloats < packedEitherWay(layer)) {
      throw new InvalidArgumentError(
        `forward: the workspace has no room for layer ${index + 1}; expected one made for this network — use allocateForward`,
      );
    }
    output = firstRows(room, input.rows);
    forwardLayer(engine, layer, current, output, workspace.scratch);
    tap?.(index + 1, output);
    current = output;
  }
  if (output === undefined) {
    throw new InvalidArgumentError(
      'forward: the network has no layers; expected one made by allocateDenseNetwork',
    );
  }
  return output;
}

/** One layer: output ← ReLU(input · W + b), or without ReLU where the layer is linear. */
function forwardLayer(
  engine: Engine,
  layer: DenseLayer,
  input: NetworkInput,
  output: Matrix,
  scratch: Pointer,
): void {
  const { weights, biases } = layer;
  if (isSparse(input)) {
    // Only the first layer can meet them, and that one ends in ReLU.
    engine.kernels.sparse_nn_bias_relu(
      input.rows,
      layer.fanOut,
      input.starts,
      input.entryColumns,
      input.values,
      weights.pointer,
      weights.stride,
      output.pointer,
      output.stride,
      biases.pointer,
    );
    return;
  }
  const multiply = layer.relu ? engine.kernels.sgemm_nn_bias_relu : engine.kernels.sgemm_nn_bias;
  multiply(
    input.rows,
    layer.fanOut,
    layer.fanIn,
    input.pointer,
    input.stride,
    weights.pointer,
    weights.stride,
    output.pointer,
    output.stride,
    scratch,
    biases.pointer,
  );
}
