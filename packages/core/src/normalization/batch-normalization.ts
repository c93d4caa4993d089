/**
 * Batch normalization of images, channel by channel (Ioffe & Szegedy 2015), in training mode: the statistics are those of the
 * batch itself. Kept as a comparison to good initialization, not as a part of every net.
 */

import type { Engine } from '../engine.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { Pointer } from '../kernels/kernel-exports.js';
import { requireScratch, type Scratch } from '../memory/scratch.js';
import { type Images, placeOf, requireWritable } from '../tensor/images.js';
import { type Matrix, packedFloats } from '../tensor/matrix.js';

/** Room for a mean and a variance of every channel: f64, ⌈channels/4⌉·4 means, then as many variances. */
export interface ChannelStatistics {
  readonly pointer: Pointer;
  readonly channels: number;
}

/** What is divided by: √(variance + epsilon). The customary value, 10⁻⁵. */
export const defaultEpsilon = 1e-5;

/** Room for statistics; not set. */
export function allocateChannelStatistics(engine: Engine, channels: number): ChannelStatistics {
  if (!Number.isSafeInteger(channels) || channels < 1) {
    throw new InvalidArgumentError(
      `allocateChannelStatistics: channels is ${channels}; expected an integer ≥ 1`,
    );
  }
  return { pointer: engine.arena.allocateFloats(4 * packedFloats(1, channels)), channels };
}

/** The means and the (biased) variances. */
export function readChannelStatistics(
  engine: Engine,
  statistics: ChannelStatistics,
): { readonly means: Float64Array<ArrayBuffer>; readonly variances: Float64Array<ArrayBuffer> } {
  const padded = packedFloats(1, statistics.channels);
  const bytes = engine.arena.bytes(statistics.pointer, 16 * padded).slice();
  const numbers = new Float64Array(bytes.buffer);
  return {
    means: numbers.slice(0, statistics.channels),
    variances: numbers.slice(padded, padded + statistics.channels),
  };
}

/** Floats of scratch for `batchNormForward` and `batchNormBackward`. */
export function batchNormScratchFloats(channels: number): number {
  return 8 * packedFloats(1, channels);
}

/**
 * output ← gamma · (input − mean)/√(variance + epsilon) + beta, in f32, with mean and variance over all pixels of the batch, in
 * f64, which are written to `statistics`. The variance divides by the count.
 *
 * @param tensors.gamma one row of channels
 * @param tensors.beta one row of channels
 * @param tensors.output apart from the input or the same
 * @param epsilon ≥ 0; default `defaultEpsilon`
 * @throws InvalidArgumentError when sizes do not fit, or for a batch of no images
 */
export function batchNormForward(
  engine: Engine,
  tensors: {
    readonly input: Images;
    readonly gamma: Matrix;
    readonly beta: Matrix;
    readonly output: Images;
    readonly statistics: ChannelStatistics;
    readonly scratch: Scratch;
  },
  epsilon: number = defaultEpsilon,
): void {
  const { input, gamma, beta, output, statistics, scratch } = tensors;
  const grid = requireFit('batchNormForward', input, output, statistics, scratch, epsilon);
  requireRow('batchNormForward', 'gamma', gamma, input.channels);
  requireRow('batchNormForward', 'beta', beta, input.channels);
  requireWritable('batchNormForward', 'output', output);
  const { kernels } = engine;
  const place = placeOf(input);
  kernels.batch_norm_statistics(...grid, ...place, statistics.pointer);
  const numbers = [statistics.pointer, epsilon, gamma.pointer, beta.pointer] as const;
  kernels.batch_norm(...grid, ...place, ...placeOf(output), ...numbers, scratch.pointer);
}

/**
 * gradient, that in the output, becomes that in the input; in place. gammaGradient and betaGradient are overwritten.
 *
 * @param tensors.input what `batchNormForward` was given
 * @param tensors.statistics what it wrote
 * @throws InvalidArgumentError when sizes do not fit, or for a batch of no images
 */
export function batchNormBackward(
  engine: Engine,
  tensors: {
    readonly input: Images;
    readonly gamma: Matrix;
    readonly gradient: Images;
    readonly gammaGradient: Matrix;
    readonly betaGradient: Matrix;
    readonly statistics: ChannelStatistics;
    readonly scratch: Scratch;
  },
  epsilon: number = defaultEpsilon,
): void {
  const { input, gamma, gradient, gammaGradient, betaGradient, statistics, scratch } = tensors;
  const grid = requireFit('batchNormBackward', input, gradient, statistics, scratch, epsilon);
  for (const [name, row] of Object.entries({ gamma, gammaGradient, betaGradient })) {
    requireRow('batchNormBackward', name, row, input.channels);
  }
  requireWritable('batchNormBackward', 'gradient', gradient);
  const { kernels } = engine;
  const rows = [gamma.pointer, gammaGradient.pointer, betaGradient.pointer] as const;
  const numbers = [statistics.pointer, epsilon, ...rows, scratch.pointer] as const;
  kernels.batch_norm_backward(...grid, ...placeOf(input), ...placeOf(gradient), ...numbers);
}

function requireFit(
  caller: string,
  x: Images,
  y: Images,
  statistics: ChannelStatistics,
  scratch: Scratch,
  epsilon: number,
) {
  const { batch, height, width, channels } = x;
  if (y.batch !== batch || y.height !== height || y.width !== width || y.channels !== channels) {
    throw new InvalidArgumentError(
      `${caller}: the images are ${batch} × ${height} × ${width} × ${channels} and ${y.batch} × ${y.height} × ${y.width} × ${y.channels}; expected equal sizes`,
    );
  }
  if (batch < 1) throw new InvalidArgumentError(`${caller}: there are no images; expected one at least`);
  if (statistics.channels !== channels) {
    throw new InvalidArgumentError(
      `${caller}: the statistics have ${statistics.channels} channels; expected ${channels}`,
    );
  }
  if (!(epsilon >= 0)) {
    throw new InvalidArgumentError(`${caller}: epsilon is ${epsilon}; expected a number ≥ 0`);
  }
  requireScratch(caller, scratch, batchNormScratchFloats(channels));
  return [batch, height, width, channels] as const;
}

function requireRow(caller: string, name: string, row: Matrix, channels: number): void {
  if (row.rows !== 1 || row.columns !== channels) {
    throw new InvalidArgumentError(
      `${caller}: ${name} is ${row.rows} × ${row.columns}; expected 1 × ${channels}`,
    );
  }
}
