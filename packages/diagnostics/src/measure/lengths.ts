/**
 * Lengths of one random net, measured by drawing its matrices one layer at a time: memory for two layers, whatever the
 * depth. Biases are zero, which makes the net positively homogeneous; activations that drift out of the range in which
 * f32 squares well are rescaled by an exact power of two, and the power is carried along, so depth 1,000 works for every
 * initializer.
 */
import {
  allocateMatrix,
  checkArchitecture,
  clearMatrix,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type Matrix,
  openStream,
  packedFloats,
  type RandomKey,
  sumSquares,
  writeMatrix,
} from '@kindling/core';
import { drawWeights, type VarianceScaling } from '@kindling/initializers';

/** The settings of `measureLengths`. */
export interface MeasureLengthsOptions {
  /** The input's width, then every ReLU layer's. */
  readonly widths: readonly number[];
  readonly law: VarianceScaling;
  /** Every number of this net derives from it. */
  readonly key: RandomKey;
  /** The input; default: uniform on the sphere, drawn from the key. Any nonzero vector of widths[0] numbers. */
  readonly input?: ArrayLike<number>;
}

/** Lengths of one net, relative to its input's. */
export interface LengthMeasurement {
  /** M_j / M₀ for j = 1 … d. A value beyond the range of f64 is 0 or Infinity; its logarithm stands beside it. */
  readonly lengths: readonly number[];
  /** log(M_j / M₀), natural; −Infinity exactly where a layer is dead (all its activations are zero). */
  readonly logLengths: readonly number[];
}

/** Mean squares outside 2^±40 are brought back near 1: far from f32's limits (2^±126), and rarely needed. */
const comfortable = 2 ** 40;

/**
 * Draws a net and passes one input through it.
 *
 * @throws InvalidArgumentError for bad widths, or an input of the wrong width, all zeros or not finite
 */
export function measureLengths(engine: Engine, options: MeasureLengthsOptions): LengthMeasurement {
  checkArchitecture({ widths: options.widths, outputs: 0 });
  const mark = engine.arena.mark();
  try {
    return propagate(engine, options);
  } finally {
    engine.arena.release(mark);
  }
}

function propagate(engine: Engine, options: MeasureLengthsOptions): LengthMeasurement {
  const { widths, law, key } = options;
  const { arena, kernels } = engine;
  const widest = widths.reduce((a, b) => Math.max(a, b));
  const largest = widths
    .slice(1)
    .reduce((size, width, j) => Math.max(size, packedFloats(widths[j] ?? 0, width)), 0);
  const rooms = [allocateMatrix(engine, 1, widest), allocateMatrix(engine, 1, widest)] as const;
  const biases = allocateMatrix(engine, 1, widest);
  clearMatrix(engine, biases);
  const weightsRoom = arena.allocateFloats(largest);
  const scratch = arena.allocateFloats(largest);

  let current: Matrix = { ...rooms[0], columns: widths[0] ?? 0 };
  writeInput(engine, current, options);
  const inputLength = sumSquares(engine, current) / current.columns;
  /** What is in memory is 2^−exponent times the true activations. */
  let exponent = 0;
  const lengths: number[] = [];
  const logLengths: number[] = [];
  for (let layer = 1; layer < widths.length; layer++) {
    const width = widths[layer] ?? 0;
    // Unpadded: only read.
    const weights: Matrix = { pointer: weightsRoom, rows: current.columns, columns: width, stride: width };
    const fans = { fanIn: current.columns, fanOut: width };
    drawWeights(engine, law, fans, deriveKey(key, keyPurpose.weights, layer - 1), weights);
    const next: Matrix = { ...rooms[layer % 2 === 0 ? 0 : 1], columns: width };
    kernels.sgemm_nn_bias_relu(
      ...([1, width, fans.fanIn, current.pointer, current.stride, weights.pointer, weights.stride] as const),
      ...([next.pointer, next.stride, scratch, biases.pointer] as const),
    );
    const stored = sumSquares(engine, next) / width;
    // A dead layer is 0 however far the scale has run: 0 · ∞ would have no value.
    lengths.push(stored === 0 ? 0 : (stored / inputLength) * powerOfTwo(2 * exponent));
    logLengths.push(kernels.log_f64(stored / inputLength) + 2 * exponent * Math.LN2);
    const shift = halvingsToOne(stored);
    if (shift !== 0) {
      kernels.scale(width, next.pointer, powerOfTwo(-shift));
      exponent += shift;
    }
    current = next;
  }
  return { lengths, logLengths };
}

/**
 * How often numbers of mean square `square` must be halved to bring it near 1 (doubled, if negative); 0 while it is
 * comfortable, and for what no scaling brings there: zero, or not finite.
 */
function halvingsToOne(square: number): number {
  if (square === 0 || !Number.isFinite(square)) return 0;
  if (square <= comfortable && square >= 1 / comfortable) return 0;
  let halvings = 0;
  for (let rest = square; rest > 2; rest /= 4) halvings += 1;
  for (let rest = square; rest < 0.5; rest *= 4) halvings -= 1;
  return halvings;
}

/** 2^exponent by repeated doubling: exact, unlike the host's pow, and 0 or Infinity beyond the range of f64. */
function powerOfTwo(exponent: number): number {
  let power = 1;
  for (let i = 0; i < exponent; i++) power *= 2;
  for (let i = 0; i > exponent; i--) power /= 2;
  return power;
}

function writeInput(engine: Engine, room: Matrix, { input, key }: MeasureLengthsOptions): void {
  if (input === undefined) {
    // A normal vector has a uniform direction; lengths are relative, so its norm does not matter.
    const stream = openStream(engine, deriveKey(key, keyPurpose.input));
    engine.kernels.fill_normal(stream, room.columns, room.pointer, 1);
    return;
  }
  if (input.length !== room.columns) {
    throw new InvalidArgumentError(
      `measureLengths: the input has ${input.length} numbers; expected ${room.columns}`,
    );
  }
  const values = Float64Array.from(input);
  const square = values.reduce((sum, x) => sum + x * x, 0) / values.length;
  if (!(square > 0 && Number.isFinite(square))) {
    throw new InvalidArgumentError(
      'measureLengths: the input is zero or not finite; expected a finite nonzero vector',
    );
  }
  // Near 1 before it is rounded to f32: lengths are relative, and a power of two changes no digit.
  const factor = powerOfTwo(-halvingsToOne(square));
  writeMatrix(
    engine,
    room,
    values.map((x) => x * factor),
  );
}
