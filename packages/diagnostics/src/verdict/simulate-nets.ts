/**
 * Random nets passed through by a batch of inputs, for what theory has no formula for: initializers that are asymmetric or
 * look at data, and nets narrow enough to be born dead. Bias-free nets are rescaled by powers of two on the way, which
 * changes no mask, so no depth drives them out of f32.
 */
import {
  allocateDenseNetwork,
  allocateForward,
  allocateMatrix,
  type DenseNetwork,
  deriveKey,
  type Engine,
  type ForwardWorkspace,
  firstRows,
  keyPurpose,
  leadingDimension,
  type Matrix,
  openStream,
  portableMath,
  type RandomKey,
  sumSquares,
} from '@kindling/core';
import { type InitializationData, type Initializer, initializeNetwork } from '@kindling/initializers';

/** What is simulated. */
export interface SimulateNetsOptions {
  readonly widths: readonly number[];
  readonly outputs: number;
  readonly initializer: Initializer;
  readonly weightScales: readonly number[] | null;
  readonly key: RandomKey;
  readonly trials: number;
  /** Default: independent uniform numbers of mean square 1, from −√3 to √3. */
  readonly data: InitializationData | null;
  /** Whether gradients are wanted too; `signalDecades` is NaN without. */
  readonly gradients: boolean;
}

/** One random net. */
export interface SimulatedNet {
  /** Some hidden layer is zero for every input of the batch: the net is a constant function on it. */
  readonly dead: boolean;
  /** log₁₀ of the mean length of the last hidden layer over the inputs', of the batch; −Infinity when dead. */
  readonly lengthDecades: number;
  /** log₁₀ of the batch's mean of ‖∂y/∂x‖², y the last hidden layer in a random direction; −Infinity when dead. */
  readonly signalDecades: number;
}

/** Inputs a net is passed by: enough that a layer which is dead on all of them is dead indeed, few enough to be cheap. */
export const batchRows = 64;

/** Drawing a weight costs about as much as this many operations. */
export const operationsPerRandomWeight = 80;
/** And the calls of a layer, whatever its size, about as much as this many. */
export const operationsPerLayer = 100_000;

/**
 * Draws `trials` nets, one after the other under keys of their own.
 *
 * @throws InvalidArgumentError as `initializeNetwork`; OutOfMemoryError when a net does not fit
 */
export function simulateNets(engine: Engine, options: SimulateNetsOptions): SimulatedNet[] {
  const { widths, outputs, initializer, weightScales, key, trials, data, gradients } = options;
  const mark = engine.arena.mark();
  try {
    const network = allocateDenseNetwork(engine, { widths, outputs });
    const inputs =
      data === null
        ? randomInputs(engine, widths[0] ?? 0, key)
        : firstRows(data.inputs, Math.min(batchRows, data.inputs.rows));
    const seen = data === null ? { inputs } : rowsToSee(data);
    const workspace = allocateForward(engine, network, inputs.rows);
    const widest = widths.reduce((a, b) => Math.max(a, b));
    const deltas = [0, 1].map(() => allocateMatrix(engine, inputs.rows, widest));
    const nets: SimulatedNet[] = [];
    for (let trial = 0; trial < trials; trial++) {
      const trialKey = deriveKey(key, keyPurpose.trial, trial);
      initializeNetwork(engine, network, initializer, trialKey, seen);
      scaleWeights(engine, network, weightScales);
      const pass = passForward(engine, network, inputs, workspace);
      const signalDecades =
        gradients && Number.isFinite(pass.lengthDecades) && !pass.beyondRange
          ? passBackward(engine, network, inputs, workspace, deltas, trialKey)
          : pass.lengthDecades;
      nets.push({ dead: pass.dead, lengthDecades: pass.lengthDecades, signalDecades });
    }
    return nets;
  } finally {
    engine.arena.release(mark);
  }
}

/** Rows an initializer may look at: LSUV and its kin say little more of thousands. */
const mostRows = 512;

function rowsToSee({ inputs, targets }: InitializationData): InitializationData {
  const rows = Math.min(mostRows, inputs.rows);
  return {
    inputs: firstRows(inputs, rows),
    ...(targets === undefined ? {} : { targets: firstRows(targets, rows) }),
  };
}

function randomInputs(engine: Engine, width: number, key: RandomKey): Matrix {
  const inputs = allocateMatrix(engine, batchRows, width);
  const stream = openStream(engine, deriveKey(key, keyPurpose.data));
  const bound = Math.sqrt(3);
  engine.kernels.fill_uniform(stream, inputs.rows * inputs.stride, inputs.pointer, -bound, bound);
  return inputs;
}

function scaleWeights(engine: Engine, network: DenseNetwork, scales: readonly number[] | null): void {
  for (const [index, scale] of (scales ?? []).entries()) {
    const weights = network.layers[index]?.weights;
    if (weights !== undefined) engine.kernels.scale(weights.rows * weights.stride, weights.pointer, scale);
  }
}

/** All hidden layers; activations stay in the workspace, each times a power of two of its own. */
function passForward(
  engine: Engine,
  network: DenseNetwork,
  inputs: Matrix,
  workspace: ForwardWorkspace,
): { readonly dead: boolean; readonly lengthDecades: number; readonly beyondRange: boolean } {
  const { kernels } = engine;
  const hidden = network.layers.filter(({ relu }) => relu);
  const homogeneous = hidden.every(({ biases }) => sumSquares(engine, biases) === 0);
  const start = decadesOf(meanSquare(engine, inputs));
  let below = inputs;
  let exponent = 0;
  const decades: number[] = [];
  for (const [index, layer] of hidden.entries()) {
    const output = firstRows(workspace.activations[index] ?? inputs, inputs.rows);
    kernels.sgemm_nn_bias_relu(
      ...([inputs.rows, layer.fanOut, layer.fanIn, below.pointer, below.stride] as const),
      ...([layer.weights.pointer, layer.weights.stride, output.pointer, output.stride] as const),
      ...([workspace.scratch, layer.biases.pointer] as const),
    );
    const square = meanSquare(engine, output);
    if (square === 0) {
      return { dead: true, lengthDecades: Number.NEGATIVE_INFINITY, beyondRange: false };
    }
    if (!Number.isFinite(square)) {
      // Beyond f32: the rate so far says how far it would have gone.
      const known = decades.length;
      const first = decades[0] ?? 38;
      const last = decades.at(-1) ?? 38;
      const rate = known > 1 ? (last - first) / (known - 1) : last;
      return { dead: false, lengthDecades: last + rate * (hidden.length - known), beyondRange: true };
    }
    decades.push(decadesOf(square) + 2 * exponent * decadesOf(2) - start);
    if (homogeneous) exponent += bringNearOne(engine, output, square);
    below = output;
  }
  return { dead: false, lengthDecades: decades.at(-1) ?? 0, beyondRange: false };
}

/** ‖∂y/∂x‖² for y = u · act_d, u uniform on the sphere and another one for every input. */
function passBackward(
  engine: Engine,
  network: DenseNetwork,
  inputs: Matrix,
  workspace: ForwardWorkspace,
  rooms: readonly Matrix[],
  key: RandomKey,
): number {
  const { kernels } = engine;
  const hidden = network.layers.filter(({ relu }) => relu);
  const top = workspace.activations[hidden.length - 1] ?? inputs;
  let delta: Matrix = { ...firstRows(top, inputs.rows), pointer: rooms[hidden.length % 2]?.pointer ?? 0 };
  // Norms of the rows differ a little from 1; their mean is put right below.
  const stream = openStream(engine, deriveKey(key, keyPurpose.gradient));
  kernels.fill_normal(stream, delta.rows * delta.stride, delta.pointer, 1 / Math.sqrt(delta.columns));
  let decades = -decadesOf(meanSquare(engine, delta) * delta.columns);
  for (let index = hidden.length - 1; index >= 0; index--) {
    const layer = hidden[index];
    const room = workspace.activations[index];
    if (layer === undefined || room === undefined) break;
    kernels.relu_backward(delta.rows * delta.stride, delta.pointer, room.pointer);
    const next: Matrix = {
      pointer: rooms[index % 2]?.pointer ?? 0,
      rows: delta.rows,
      columns: layer.fanIn,
      stride: index === 0 ? leadingDimension(layer.fanIn) : (workspace.activations[index - 1]?.stride ?? 0),
    };
    kernels.sgemm_nt(
      ...([delta.rows, layer.fanIn, layer.fanOut, delta.pointer, delta.stride] as const),
      ...([layer.weights.pointer, layer.weights.stride, next.pointer, next.stride] as const),
      workspace.scratch,
    );
    const square = meanSquare(engine, next);
    if (square === 0) return Number.NEGATIVE_INFINITY;
    decades += 2 * bringNearOne(engine, next, square) * decadesOf(2);
    delta = next;
  }
  return decades + decadesOf(meanSquare(engine, delta) * delta.columns);
}

/** Multiplies by a power of two that brings the mean square within [1/4, 4]; returns how often that halved it. */
function bringNearOne(engine: Engine, matrix: Matrix, square: number): number {
  let halvings = 0;
  let factor = 1;
  for (let rest = square; rest > 4; rest /= 4) {
    halvings += 1;
    factor /= 2;
  }
  for (let rest = square; rest < 0.25; rest *= 4) {
    halvings -= 1;
    factor *= 2;
  }
  if (halvings !== 0) engine.kernels.scale(matrix.rows * matrix.stride, matrix.pointer, factor);
  return halvings;
}

function meanSquare(engine: Engine, matrix: Matrix): number {
  return sumSquares(engine, matrix) / (matrix.rows * matrix.columns);
}

function decadesOf(value: number): number {
  return portableMath.log(value) / Math.LN10;
}
