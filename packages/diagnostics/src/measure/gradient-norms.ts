/**
 * Gradients of one random net: ‖∂y/∂act_j‖² for every layer, where y is the last layer in a random direction. Forward and
 * backward pass carry powers of two as `passLayer` does; a mask does not depend on scale, so no depth leaves f32.
 */
import {
  allocateDenseNetwork,
  allocateMatrix,
  type DenseLayer,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type Matrix,
  openStream,
  type Pointer,
  packedFloats,
  type RandomKey,
  readMatrix,
  sumSquares,
} from '@kindling/core';
import {
  checkInitializer,
  hasZeroBiases,
  type Initializer,
  initializeNetwork,
  needsData,
} from '@kindling/initializers';
import { checkOutputs, checkWidths } from './check-sizes.js';
import { checkNetInput, type NetInputOptions, writeNetInput } from './net-input.js';
import { powerOfTwo } from './power-of-two.js';
import { passLayer, type ScaledActivations, settle } from './scaled-layer.js';

/** Which nets. */
export interface GradientNetOptions extends NetInputOptions {
  /** The input's width, then every ReLU layer's. */
  readonly widths: readonly number[];
  /** Width of a linear output layer of the same initializer. Default 0: none. */
  readonly outputs?: number | undefined;
  readonly initializer: Initializer;
}

/** The settings of `measureGradientNorms`. */
export interface MeasureGradientNormsOptions extends GradientNetOptions {
  /** Every number of this net derives from it. */
  readonly key: RandomKey;
}

/** Gradients of one net. */
export interface GradientMeasurement {
  /** ‖∂y/∂act_j‖² for j = 0 (the input) … d. */
  readonly norms: readonly number[];
  /** Their natural logarithms; −Infinity where the gradient is zero. */
  readonly logNorms: readonly number[];
  /** ∂y/∂x_i, the entries of the input–output Jacobian along the direction. */
  readonly inputGradient: readonly number[];
}

/** Measures the net of a key. */
export type GradientWalk = (key: RandomKey) => GradientMeasurement;

/**
 * Draws a net, passes an input forward and a direction back: y = u · act_d, or u · (the linear outputs), with u uniform on
 * the unit sphere (key purpose `gradient`); ReLU′(0) = 0. In the mean over u this is the gradient of one activation or
 * output, as `predictGradientNorms` has it.
 *
 * @throws InvalidArgumentError as `measureLengths`
 */
export function measureGradientNorms(
  engine: Engine,
  options: MeasureGradientNormsOptions,
): GradientMeasurement {
  const mark = engine.arena.mark();
  try {
    return openGradientWalk(engine, 'measureGradientNorms', options)(options.key);
  } finally {
    engine.arena.release(mark);
  }
}

/**
 * Room for measuring nets of one kind: the caller marks and releases.
 *
 * @throws InvalidArgumentError as `measureGradientNorms`
 */
export function openGradientWalk(engine: Engine, caller: string, options: GradientNetOptions): GradientWalk {
  const { widths, outputs = 0, initializer, data } = options;
  const { arena } = engine;
  checkWidths(caller, widths);
  checkOutputs(caller, outputs);
  checkInitializer(caller, initializer);
  checkNetInput(engine, caller, widths[0] ?? 0, options);
  if (needsData(initializer) && data === undefined) {
    throw new InvalidArgumentError(
      `${caller}: ${initializer.kind} looks at data and got none; expected data: {inputs}`,
    );
  }
  const network = allocateDenseNetwork(engine, { widths, outputs });
  const hidden = network.layers.filter(({ relu }) => relu);
  const input = allocateMatrix(engine, 1, widths[0] ?? 0);
  const activations = hidden.map(({ fanOut }) => allocateMatrix(engine, 1, fanOut));
  const gradients = [...widths, ...(outputs > 0 ? [outputs] : [])].map((width) =>
    allocateMatrix(engine, 1, width),
  );
  const scratch = arena.allocateFloats(
    network.layers.reduce(
      (most, { fanIn, fanOut }) => Math.max(most, packedFloats(fanIn, fanOut), packedFloats(fanOut, fanIn)),
      0,
    ),
  );
  const zeroBiases = hasZeroBiases(initializer);
  return (key) => {
    const mark = arena.mark();
    try {
      initializeNetwork(engine, network, initializer, key, data);
      let current = writeNetInput(engine, input, key, options, zeroBiases).activations;
      hidden.forEach((layer, index) => {
        current = settle(engine, passLayer(engine, current, layer, activations[index] ?? input, scratch));
      });
      return walkBack(engine, network.layers, activations, gradients, scratch, key);
    } finally {
      arena.release(mark);
    }
  };
}

function walkBack(
  engine: Engine,
  layers: readonly DenseLayer[],
  activations: readonly Matrix[],
  gradients: readonly Matrix[],
  scratch: Pointer,
  key: RandomKey,
): GradientMeasurement {
  const { kernels } = engine;
  let current = drawDirection(engine, gradients.at(-1), key);
  const found = [current];
  for (let index = layers.length - 1; index >= 0; index--) {
    const layer = layers[index];
    const out = gradients[index];
    if (layer === undefined || out === undefined) break;
    const { weights, fanIn, fanOut, relu } = layer;
    const mask = activations[index];
    // Settling scaled what `current` holds, not what was found: norms are kept with their exponents.
    current = settle(engine, current);
    if (relu && mask !== undefined) kernels.relu_backward(fanOut, current.matrix.pointer, mask.pointer);
    kernels.sgemm_nt(
      ...([1, fanIn, fanOut, current.matrix.pointer, current.matrix.stride] as const),
      ...([weights.pointer, weights.stride, out.pointer, out.stride, scratch] as const),
    );
    current = { matrix: out, exponent: current.exponent, square: sumSquares(engine, out) / fanIn };
    found.push(current);
  }
  // With a linear layer behind, its outputs come first; they are no activations.
  const ofLayers = found.reverse().slice(0, activations.length + 1);
  const unit = powerOfTwo(current.exponent);
  return {
    norms: ofLayers.map(({ matrix, square, exponent }) =>
      square === 0 ? 0 : square * matrix.columns * powerOfTwo(2 * exponent),
    ),
    logNorms: ofLayers.map(
      ({ matrix, square, exponent }) => kernels.log_f64(square * matrix.columns) + 2 * exponent * Math.LN2,
    ),
    inputGradient: Array.from(readMatrix(engine, current.matrix), (x) => (x === 0 ? 0 : x * unit)),
  };
}

/** A point uniform on the unit sphere. */
function drawDirection(engine: Engine, room: Matrix | undefined, key: RandomKey): ScaledActivations {
  if (room === undefined) throw new InvalidArgumentError('measureGradientNorms: a net without layers');
  const { arena, kernels } = engine;
  kernels.fill_normal(openStream(engine, deriveKey(key, keyPurpose.gradient)), room.columns, room.pointer, 1);
  const direction = arena.floats(room.pointer, room.columns);
  const norm = Math.sqrt(sumSquares(engine, room));
  for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] ?? 0) / norm;
  return { matrix: room, exponent: 0, square: sumSquares(engine, room) / room.columns };
}
