/**
 * One ReLU layer on activations that carry a power of two. ReLU(2^−e (x W + b)) = 2^−e ReLU(x W + b), and multiplying every
 * product, sum and bias by one power of two changes no rounding, so a pass that is rescaled on the way gives the digits of
 * one that is not, only without its end at f32's limits. Two things lie below what f32 can tell in any case: a bias 2^126
 * times smaller than the activations, and activations 2^126 times smaller than the biases.
 */
import { type Engine, type Matrix, type Pointer, sumSquares } from '@kindling/core';
import { halvingsToOne, neededHalvings, powerOfTwo } from './power-of-two.js';

/** A layer's activations, stored at a convenient scale. */
export interface ScaledActivations {
  /** Points × width; the true numbers are 2^exponent times these. */
  readonly matrix: Matrix;
  readonly exponent: number;
  /** Mean square of the stored numbers. */
  readonly square: number;
}

/** A layer's parameters in the kernels' memory. */
export interface LayerParameters {
  /** fan-in × width. */
  readonly weights: Matrix;
  /** One row. They are scaled in place when activations are: draw them again before their next use. */
  readonly biases: Matrix;
}

/** A bias this many powers of two above the activations sets the scale; below, the activations do. */
const biasLead = 20;

/**
 * out ← ReLU(from · W + b), at the scale of `from` or of larger biases.
 *
 * @param out rows of `from` × width
 * @param scratch `packedFloats(fan-in, width)` floats
 */
export function passLayer(
  engine: Engine,
  from: ScaledActivations,
  { weights, biases }: LayerParameters,
  out: Matrix,
  scratch: Pointer,
): ScaledActivations {
  const { matrix } = from;
  const stored = { pointer: matrix.pointer, count: matrix.rows * matrix.stride };
  const exponent = alignBiases(engine, from.exponent, stored, [biases]);
  engine.kernels.sgemm_nn_bias_relu(
    ...([matrix.rows, out.columns, matrix.columns, matrix.pointer, matrix.stride] as const),
    ...([weights.pointer, weights.stride, out.pointer, out.stride, scratch, biases.pointer] as const),
  );
  return { matrix: out, exponent, square: sumSquares(engine, out) / (out.rows * out.columns) };
}

/** Brings the stored numbers near 1 where they are far from it. A dead layer has no scale. */
export function settle(engine: Engine, activations: ScaledActivations): ScaledActivations {
  const { matrix, exponent, square } = activations;
  if (square === 0) return { matrix, exponent: 0, square };
  const shift = neededHalvings(square);
  if (shift === 0) return activations;
  scaleFloats(engine, matrix.pointer, matrix.rows * matrix.stride, -shift);
  return { matrix, exponent: exponent + shift, square: square * powerOfTwo(-2 * shift) };
}

/** x ← 2^exponent · x. A power that f32 cannot hold is taken in parts. */
export function scaleFloats({ kernels }: Engine, pointer: Pointer, count: number, exponent: number): void {
  let rest = exponent;
  while (rest !== 0) {
    const part = Math.max(-120, Math.min(120, rest));
    kernels.scale(count, pointer, powerOfTwo(part));
    rest -= part;
  }
}

/**
 * Multiplies biases by 2^−exponent, after raising the exponent, and scaling what is `stored` with it, where some of them would be far
 * above the activations.
 *
 * @returns the exponent of what is stored now
 */
export function alignBiases(
  engine: Engine,
  before: number,
  stored: { readonly pointer: Pointer; readonly count: number },
  biases: readonly Matrix[],
): number {
  let largest = 0;
  for (const row of biases) largest = Math.max(largest, sumSquares(engine, row) / row.columns);
  if (largest === 0) return before;
  let exponent = before;
  const lead = halvingsToOne(largest) - exponent;
  if (lead > biasLead) {
    scaleFloats(engine, stored.pointer, stored.count, -lead);
    exponent += lead;
  }
  if (exponent !== 0) {
    for (const { pointer, rows, stride } of biases) scaleFloats(engine, pointer, rows * stride, -exponent);
  }
  return exponent;
}
