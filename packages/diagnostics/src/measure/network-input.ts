/** The inputs that a random network of any architecture is measured with: one, or a batch where a normalization asks for it. */
import {
  type Architecture,
  allocateMatrix,
  deriveKey,
  type Engine,
  type Images,
  InvalidArgumentError,
  imagesAt,
  inputShape,
  isFlat,
  keyPurpose,
  type Layer,
  leadingDimension,
  type Matrix,
  openStream,
  type RandomKey,
  readMatrix,
  takenBytes,
} from '@kindling/core';
import { hasZeroBiases, type InitializationData, type Initializer } from '@kindling/initializers';
import { checkNetInput, checkVector, writeNetInput, writeVector } from './net-input.js';

/** Which inputs: those that are given, or points of the data, or random ones. */
export interface NetworkInputOptions {
  /** batch · height · width · channels finite numbers, not all zero, input after input, NHWC. */
  readonly input?: ArrayLike<number> | undefined;
  /** Data, an input a row: without `input`, a net's inputs are as many of their rows in order, the first chosen by its key. */
  readonly data?: InitializationData | undefined;
  /**
   * Without both, the mean square of a random input, > 0; default 1. Rows of numbers have a direction uniform on the sphere; images
   * have one at every pixel, and this mean square at every pixel. It matters beside biases and batch normalizations only.
   */
  readonly inputLength?: number | undefined;
  /** Inputs passed at once, lengths being means over them: an integer ≥ 1. Default 1, and 64 where there is a batch normalization. */
  readonly batch?: number | undefined;
}

/** A batch of inputs as it lies in memory: 2^exponent times the stored numbers. */
export interface NetworkInputs {
  readonly images: Images;
  readonly exponent: number;
  /** Mean square of the stored numbers. */
  readonly square: number;
  /** M_0, the mean square of the true numbers. */
  readonly length: number;
  readonly logLength: number;
}

interface InputChoice extends NetworkInputOptions {
  readonly architecture: Architecture;
  readonly initializer: Initializer;
}

/** Inputs of a batch whose size nobody said, where a batch normalization is. */
const usualBatch = 64;

/** Inputs passed at once. */
export function networkBatch({
  architecture,
  input,
  batch,
}: NetworkInputOptions & { readonly architecture: Architecture }): number {
  if (batch !== undefined) return batch;
  if (input !== undefined) return Math.floor(input.length / inputSize(architecture));
  return hasBatchNormalization(architecture.layers) ? usualBatch : 1;
}

function inputSize(architecture: Architecture): number {
  const { height, width, channels } = inputShape(architecture.input);
  return height * width * channels;
}

function hasBatchNormalization(layers: readonly Layer[]): boolean {
  return layers.some(
    (layer) =>
      layer.kind === 'batch-normalization' ||
      (layer.kind === 'residual' && hasBatchNormalization(layer.branch)),
  );
}

/**
 * Checks the choice of the inputs once.
 *
 * @throws InvalidArgumentError for a batch that is no integer ≥ 1; inputs that are not `batch` of the architecture's, zero or not finite;
 *   data of another width or fewer rows; an input length that is not positive and finite
 */
export function checkNetworkInput(engine: Engine, caller: string, options: InputChoice): void {
  const { architecture, input, data } = options;
  const size = inputSize(architecture);
  const batch = networkBatch(options);
  if (options.batch !== undefined && (!Number.isSafeInteger(batch) || batch < 1)) {
    throw new InvalidArgumentError(`${caller}: batch is ${batch}; expected an integer ≥ 1`);
  }
  checkNetInput(engine, caller, size, { data, inputLength: options.inputLength });
  if (input !== undefined) {
    if (input.length !== batch * size || batch < 1) {
      throw new InvalidArgumentError(
        `${caller}: the input has ${input.length} numbers; expected ${size} for each of ${Math.max(1, batch)}`,
      );
    }
    checkVector(caller, input);
  } else if (data !== undefined && data.inputs.rows < batch) {
    throw new InvalidArgumentError(
      `${caller}: data.inputs has ${data.inputs.rows} rows; expected at least the batch, ${batch}`,
    );
  }
}

/** Bytes of the arena that the inputs take. */
export function networkInputBytes(architecture: Architecture, batch: number): number {
  return takenBytes(4 * batch * leadingDimension(inputSize(architecture)));
}

/** Room for the inputs, which were checked; writes those of the net of a key. */
export function openNetworkInput(
  engine: Engine,
  options: InputChoice,
  batch: number,
): (key: RandomKey) => NetworkInputs {
  const { architecture, initializer, data } = options;
  const shape = inputShape(architecture.input);
  const room = allocateMatrix(engine, batch, inputSize(architecture));
  const images: Images = {
    ...imagesAt({ ...shape, batch }, room.pointer, { dense: true }),
    imageStride: room.stride,
  };
  const scaleFree = hasZeroBiases(initializer) && !hasBatchNormalization(architecture.layers);
  const { input } = options;
  const random = input === undefined && data === undefined;
  return (key) => {
    const mark = engine.arena.mark();
    const written =
      batch === 1 && (isFlat(shape) || !random)
        ? writeNetInput(engine, room, key, options, scaleFree)
        : writeVector(engine, room, batchOf(engine, room, key, options));
    engine.arena.release(mark);
    const { activations, length, logLength } = written;
    return { images, exponent: activations.exponent, square: activations.square, length, logLength };
  };
}

/** The numbers of a batch, or of a random image. */
function batchOf(
  engine: Engine,
  room: Matrix,
  key: RandomKey,
  { architecture, input, data, inputLength = 1 }: InputChoice,
): ArrayLike<number> {
  if (input !== undefined) return input;
  const inputKey = deriveKey(key, keyPurpose.input);
  if (data !== undefined) return rowsInOrder(engine, data.inputs, room.rows, inputKey);
  const stream = openStream(engine, inputKey);
  for (let row = 0; row < room.rows; row++) {
    engine.kernels.fill_normal(stream, room.columns, room.pointer + 4 * row * room.stride, 1);
  }
  // A normal vector has a uniform direction.
  const { channels } = inputShape(architecture.input);
  const values = Float64Array.from(readMatrix(engine, room));
  for (let start = 0; start < values.length; start += channels) {
    const pixel = values.subarray(start, start + channels);
    const square = pixel.reduce((sum, x) => sum + x * x, 0) / channels;
    const factor = Math.sqrt(inputLength / square);
    pixel.forEach((x, c) => {
      pixel[c] = x * factor;
    });
  }
  return values;
}

/** `count` rows, the first by the key, around the end. */
function rowsInOrder(engine: Engine, inputs: Matrix, count: number, key: RandomKey): Float32Array {
  const first = Math.floor((key[0] / 2 ** 32) * inputs.rows);
  const rows = new Float32Array(count * inputs.columns);
  for (let i = 0; i < count; i++) {
    const row = (first + i) % inputs.rows;
    const pointer = inputs.pointer + 4 * row * inputs.stride;
    rows.set(readMatrix(engine, { ...inputs, pointer, rows: 1 }), i * inputs.columns);
  }
  return rows;
}
