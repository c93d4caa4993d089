/**
 * Loss and gradients of a dense ReLU network with a linear output layer. Gradients go to a visitor one layer at a time, last
 * layer first, in room that is used again for the next layer; a visitor may change the layer's parameters, because nothing
 * reads them any more in this pass.
 */
import {
  allocateForward,
  allocateMatrix,
  type DenseNetwork,
  type Engine,
  type ForwardWorkspace,
  forward,
  InvalidArgumentError,
  isSparse,
  type Matrix,
  type NetworkInput,
} from '@kindling/core';
import { type Loss, takeLoss } from './loss.js';

/** Room for forward and backward passes of up to `forward.batch` rows. */
export interface TrainingWorkspace {
  readonly forward: ForwardWorkspace;
  /** Gradients by activation, batch × widest layer; two, used in turn. */
  readonly deltas: readonly [Matrix, Matrix];
  /** Gradients by the parameters of each layer; layers of one shape share room. */
  readonly weightGradients: readonly Matrix[];
  readonly biasGradients: readonly Matrix[];
}

/** Called with the gradient of the mean loss by one layer's parameters. `layer` is an index into `network.layers`. */
export type GradientVisitor = (layer: number, weights: Matrix, biases: Matrix) => void;

/**
 * Room for training `network` on batches of up to `batch` rows.
 *
 * @throws InvalidArgumentError for a network without a linear output layer
 * @throws OutOfMemoryError when there is no room
 */
export function allocateTraining(engine: Engine, network: DenseNetwork, batch: number): TrainingWorkspace {
  if (network.architecture.outputs < 1) {
    throw new InvalidArgumentError('allocateTraining: the network has no output layer; expected outputs ≥ 1');
  }
  const widest = network.layers.reduce((width, layer) => Math.max(width, layer.fanOut), 0);
  const largest = network.layers.reduce(
    (size, { weights }) => Math.max(size, weights.rows * weights.stride),
    0,
  );
  const gradientRoom = engine.arena.allocateFloats(largest);
  const biasRoom = allocateMatrix(engine, 1, widest);
  return {
    forward: allocateForward(engine, network, batch),
    deltas: [allocateMatrix(engine, batch, widest), allocateMatrix(engine, batch, widest)],
    weightGradients: network.layers.map((layer) => ({ ...layer.weights, pointer: gradientRoom })),
    biasGradients: network.layers.map((layer) => ({ ...layer.biases, pointer: biasRoom.pointer })),
  };
}

/**
 * One forward and backward pass: `passForward`, then `passBackward`.
 *
 * @param input m × widths[0], m ≥ 1
 * @returns the mean loss of the batch, summed in f64; NaN or Infinity when the network has diverged
 * @throws InvalidArgumentError when input, loss or workspace does not fit the network
 */
export function backward(
  engine: Engine,
  network: DenseNetwork,
  input: NetworkInput,
  loss: Loss,
  workspace: TrainingWorkspace,
  visit: GradientVisitor,
): number {
  const value = passForward(engine, network, input, loss, workspace);
  passBackward(engine, network, input, workspace, visit);
  return value;
}

/**
 * The loss of a batch at the present parameters. Leaves the workspace ready for `passBackward` on the same batch: the
 * activations of the hidden layers, and the loss's gradient by the outputs in place of the outputs.
 *
 * @param input m × widths[0], m ≥ 1
 * @returns the mean loss of the batch
 * @throws InvalidArgumentError when input, loss or workspace does not fit the network
 */
export function passForward(
  engine: Engine,
  network: DenseNetwork,
  input: NetworkInput,
  loss: Loss,
  workspace: TrainingWorkspace,
): number {
  if (loss.kind === 'mean-squared-error') {
    const { outputs } = network.architecture;
    const { targets } = loss;
    if (targets.rows < input.rows || targets.columns !== outputs) {
      throw new InvalidArgumentError(
        `passForward: the targets are ${targets.rows} × ${targets.columns}; expected ${input.rows} × ${outputs}, a row for every input and a column for every output`,
      );
    }
  }
  return takeLoss(engine, forward(engine, network, input, workspace.forward), loss);
}

/**
 * The gradients of the batch that `passForward` just passed, with nothing changed in between.
 *
 * δ⁽ᴸ⁾ = ∂loss/∂outputs; ∂W⁽ʲ⁾ = act⁽ʲ⁻¹⁾ᵀ δ⁽ʲ⁾; ∂b⁽ʲ⁾ = Σ rows of δ⁽ʲ⁾; δ⁽ʲ⁻¹⁾ = (δ⁽ʲ⁾ W⁽ʲ⁾ᵀ) where act⁽ʲ⁻¹⁾ > 0, else 0.
 * All in f32; sums over the batch in order of its rows, over units in order of their index.
 *
 * @throws InvalidArgumentError when the workspace belongs to another network
 */
export function passBackward(
  engine: Engine,
  network: DenseNetwork,
  input: NetworkInput,
  workspace: TrainingWorkspace,
  visit: GradientVisitor,
): void {
  const { kernels } = engine;
  const { activations, scratch } = workspace.forward;
  const m = input.rows;
  const outputs = activations[network.layers.length - 1];
  // Numbers, not matrices: a step on a tiny network costs a few hundred nanoseconds a layer, and objects would show.
  let delta = outputs?.pointer ?? 0;
  let deltaStride = outputs?.stride ?? 0;
  for (let index = network.layers.length - 1; index >= 0; index--) {
    const layer = network.layers[index];
    const weightGradient = workspace.weightGradients[index];
    const biasGradient = workspace.biasGradients[index];
    const below = index > 0 ? activations[index - 1] : input;
    if (
      layer === undefined ||
      weightGradient === undefined ||
      biasGradient === undefined ||
      below === undefined
    ) {
      throw new InvalidArgumentError('passBackward: the workspace belongs to another network');
    }
    const { fanIn, fanOut, weights } = layer;
    if (isSparse(below)) {
      kernels.sparse_tn(
        m,
        fanIn,
        fanOut,
        below.starts,
        below.entryColumns,
        below.values,
        delta,
        deltaStride,
        weightGradient.pointer,
        weightGradient.stride,
      );
    } else {
      kernels.sgemm_tn(
        fanIn,
        fanOut,
        m,
        below.pointer,
        below.stride,
        delta,
        deltaStride,
        weightGradient.pointer,
        weightGradient.stride,
      );
    }
    kernels.column_sums(m, fanOut, delta, deltaStride, biasGradient.pointer);
    if (index > 0 && !isSparse(below)) {
      const next = workspace.deltas[index % 2 === 0 ? 0 : 1].pointer;
      kernels.sgemm_nt(
        m,
        fanIn,
        fanOut,
        delta,
        deltaStride,
        weights.pointer,
        weights.stride,
        next,
        below.stride,
        scratch,
      );
      kernels.relu_backward(m * below.stride, next, below.pointer);
      delta = next;
      deltaStride = below.stride;
    }
    visit(index, weightGradient, biasGradient);
  }
}
