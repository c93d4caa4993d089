/** The one input that a random net is measured with. */
import {
  deriveKey,
  type Engine,
  firstRows,
  InvalidArgumentError,
  keyPurpose,
  type Matrix,
  openStream,
  type RandomKey,
  readMatrix,
  sumSquares,
  writeMatrix,
} from '@kindling/core';
import type { InitializationData } from '@kindling/initializers';
import { halvingsToOne, powerOfTwo } from './power-of-two.js';
import type { ScaledActivations } from './scaled-layer.js';

/** Which input: one that is given, or a point of the data, or a random direction. */
export interface NetInputOptions {
  /** The input: any finite nonzero vector of widths[0] numbers. */
  readonly input?: ArrayLike<number> | undefined;
  /** Data: without `input`, a net's input is one of their points, chosen by its key. */
  readonly data?: InitializationData | undefined;
  /** Without both, M₀ of an input uniform on the sphere. > 0; default 1. Without biases it changes no relative length. */
  readonly inputLength?: number | undefined;
}

/** An input as it lies in memory. */
export interface NetInput {
  readonly activations: ScaledActivations;
  /** M₀, the mean square of the true input: 0 for a data point that is zero. Beyond the range of f64 it is 0 or Infinity. */
  readonly length: number;
  /** log M₀, natural; −Infinity only for a data point that is zero. */
  readonly logLength: number;
}

/**
 * Checks the choice of the input once.
 *
 * @throws InvalidArgumentError for an input of another width, zero or not finite; data of another width or without points;
 *   an input length that is not positive and finite
 */
export function checkNetInput(
  engine: Engine,
  caller: string,
  width: number,
  { input, data, inputLength = 1 }: NetInputOptions,
): void {
  if (!(inputLength > 0 && Number.isFinite(inputLength))) {
    throw new InvalidArgumentError(
      `${caller}: inputLength is ${inputLength}; expected a finite number above 0`,
    );
  }
  if (data !== undefined) {
    const { rows, columns } = data.inputs;
    if (rows < 1 || columns !== width || !Number.isFinite(sumSquares(engine, data.inputs))) {
      throw new InvalidArgumentError(
        `${caller}: data.inputs is ${rows} × ${columns}; expected points × ${width}, at least one, of finite numbers`,
      );
    }
  }
  if (input === undefined) return;
  if (input.length !== width) {
    throw new InvalidArgumentError(`${caller}: the input has ${input.length} numbers; expected ${width}`);
  }
  checkVector(caller, input);
}

/** @throws InvalidArgumentError for a vector that is zero or not finite */
export function checkVector(caller: string, input: ArrayLike<number>): void {
  const largest = largestSize(input);
  if (!(largest > 0 && Number.isFinite(largest))) {
    throw new InvalidArgumentError(
      `${caller}: the input is zero or not finite; expected a finite nonzero vector`,
    );
  }
}

/**
 * Writes the input of the net of `key` into `room` (one row). What was checked is not checked again.
 *
 * @param zeroBiases whether the net's lengths do not depend on the input's: the random direction then stays as drawn
 */
export function writeNetInput(
  engine: Engine,
  room: Matrix,
  key: RandomKey,
  { input, data, inputLength = 1 }: NetInputOptions,
  zeroBiases: boolean,
): NetInput {
  const inputKey = deriveKey(key, keyPurpose.input);
  if (input !== undefined) return writeVector(engine, room, input);
  if (data !== undefined) {
    const row = Math.floor((inputKey[0] / 2 ** 32) * data.inputs.rows);
    const { pointer, stride } = data.inputs;
    const point: Matrix = { ...firstRows(data.inputs, 1), pointer: pointer + 4 * row * stride };
    return writeVector(engine, room, readMatrix(engine, point));
  }
  // A normal vector has a uniform direction.
  engine.kernels.fill_normal(openStream(engine, inputKey), room.columns, room.pointer, 1);
  const square = sumSquares(engine, room) / room.columns;
  if (zeroBiases) {
    const logLength = engine.kernels.log_f64(inputLength);
    return { activations: { matrix: room, exponent: 0, square }, length: inputLength, logLength };
  }
  const factor = Math.sqrt(inputLength / square);
  const scaled = Float64Array.from(readMatrix(engine, room), (x) => x * factor);
  return writeVector(engine, room, scaled);
}

/** Near 1 before it is rounded to f32: a power of two changes no digit, and it is carried along. */
export function writeVector(engine: Engine, room: Matrix, vector: ArrayLike<number>): NetInput {
  const squared = meanSquare(vector);
  if (squared < smallestSquare || squared === Number.POSITIVE_INFINITY) {
    return writeFarVector(engine, room, vector);
  }
  const exponent = halvingsToOne(squared);
  const activations = writeScaled(engine, room, vector, exponent);
  return { activations, length: squared, logLength: engine.kernels.log_f64(squared) };
}

/** Below it squares in f64 lose digits. */
const smallestSquare = 1e-280;

/** The squares of finite numbers may leave f64: the largest number tells the scale. */
function writeFarVector(engine: Engine, room: Matrix, vector: ArrayLike<number>): NetInput {
  // Of a number, twice as many halvings as of a square.
  const exponent = 2 * halvingsToOne(largestSize(vector));
  const activations = writeScaled(engine, room, vector, exponent);
  const { square } = activations;
  const length = square * powerOfTwo(exponent) * powerOfTwo(exponent);
  return { activations, length, logLength: engine.kernels.log_f64(square) + 2 * exponent * Math.LN2 };
}

/** 2^−exponent · vector, the power in two parts: 2^1074, which the smallest number needs, is beyond f64. */
function writeScaled(
  engine: Engine,
  room: Matrix,
  vector: ArrayLike<number>,
  exponent: number,
): ScaledActivations {
  const half = Math.trunc(exponent / 2);
  const [one, other] = [powerOfTwo(-half), powerOfTwo(half - exponent)];
  const values = Float64Array.from(vector, (x) => x * one * other);
  writeMatrix(engine, room, values);
  return { matrix: room, exponent, square: sumSquares(engine, room) / (room.rows * room.columns) };
}

/** Largest |x|; NaN where a number is. */
function largestSize(vector: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i] ?? Number.NaN));
  return largest;
}

/** (1/n) Σ x². */
function meanSquare(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) {
    const x = vector[i] ?? Number.NaN;
    sum += x * x;
  }
  return sum / vector.length;
}
