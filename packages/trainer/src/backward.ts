/**
 * Loss and gradients of a classifier: a dense ReLU network with a linear output layer under softmax cross-entropy.
 * Gradients go to a visitor one layer at a time, last layer first, in room that is used again for the next layer; a
 * visitor may change the layer's parameters, because nothing reads them any more in this pass.
 */
import {
  allocateForward,
  allocateMatrix,
  type DenseNetwork,
  type Engine,
  type ForwardWorkspace,
  firstRows,
  forward,
  InvalidArgumentError,
  type Matrix,
  type Pointer,
} from '@kindling/core';

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
    throw new InvalidArgumentError(
      'allocateTraining: the network has no output layer; expected outputs ≥ 1, one a class',
    );
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
 * One forward and backward pass.
 *
 * δ⁽ᴸ⁾ = (softmax − onehot)/m; ∂W⁽ʲ⁾ = act⁽ʲ⁻¹⁾ᵀ δ⁽ʲ⁾; ∂b⁽ʲ⁾ = Σ rows of δ⁽ʲ⁾; δ⁽ʲ⁻¹⁾ = (δ⁽ʲ⁾ W⁽ʲ⁾ᵀ) where act⁽ʲ⁻¹⁾ > 0, else 0.
 * All in f32; sums over the batch in order of its rows, over units in order of their index.
 *
 * @param input m × widths[0], m ≥ 1
 * @param labels address of m bytes, each below `outputs`
 * @returns the mean loss of the batch, summed in f64; NaN or Infinity when the network has diverged
 */
export function backward(
  engine: Engine,
  network: DenseNetwork,
  input: Matrix,
  labels: Pointer,
  workspace: TrainingWorkspace,
  visit: GradientVisitor,
): number {
  const { kernels } = engine;
  const m = input.rows;
  const logits = forward(engine, network, input, workspace.forward);
  const loss = kernels.softmax_cross_entropy(m, logits.columns, logits.pointer, logits.stride, labels) / m;
  let delta = logits;
  for (let index = network.layers.length - 1; index >= 0; index--) {
    const layer = network.layers[index];
    const weightGradient = workspace.weightGradients[index];
    const biasGradient = workspace.biasGradients[index];
    if (layer === undefined || weightGradient === undefined || biasGradient === undefined) {
      throw new InvalidArgumentError('backward: the workspace belongs to another network');
    }
    const room = index > 0 ? workspace.forward.activations[index - 1] : undefined;
    const below = room === undefined ? input : firstRows(room, m);
    kernels.sgemm_tn(
      layer.fanIn,
      layer.fanOut,
      m,
      below.pointer,
      below.stride,
      delta.pointer,
      delta.stride,
      weightGradient.pointer,
      weightGradient.stride,
    );
    kernels.column_sums(m, layer.fanOut, delta.pointer, delta.stride, biasGradient.pointer);
    if (room !== undefined) {
      const next: Matrix = { ...below, pointer: workspace.deltas[index % 2 === 0 ? 0 : 1].pointer };
      kernels.sgemm_nt(
        m,
        layer.fanIn,
        layer.fanOut,
        delta.pointer,
        delta.stride,
        layer.weights.pointer,
        layer.weights.stride,
        next.pointer,
        next.stride,
        workspace.forward.scratch,
      );
      kernels.relu_backward(m * next.stride, next.pointer, below.pointer);
      delta = next;
    }
    visit(index, weightGradient, biasGradient);
  }
  return loss;
}
