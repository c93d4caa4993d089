/** Sizes of a convolution: what comes out, how far it looks beyond the image, and what room its gradients need. */
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { Border } from '../tensor/images.js';
import { packedFloats } from '../tensor/matrix.js';

/**
 * What lies beyond the image. `zero`: zeros, `circular`: the image again; both give ⌈size/stride⌉ pixels. `valid`: nothing is
 * looked at, ⌊(size − kernel)/stride⌋ + 1 pixels.
 */
export type Padding = 'zero' | 'circular' | 'valid';

/** A convolution without its numbers. Plain JSON. Integers ≥ 1. */
export interface Convolution {
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly padding: Padding;
}

/** How a convolution fits an image. */
export interface ConvolutionGeometry {
  /** Size of the output. */
  readonly height: number;
  readonly width: number;
  /** Border of the input that is read. Where the padding is odd, the greater half lies below and to the right, as in TensorFlow. */
  readonly border: Border;
  /** Border of the output's gradient that the input gradient reads as zeros. */
  readonly gradientBorder: Border;
}

/**
 * @param height of the input, an integer ≥ 1
 * @param width of the input, an integer ≥ 1
 * @throws InvalidArgumentError for a kernel, stride or size that is no integer ≥ 1, an unknown padding, or a valid
 * convolution whose kernel is larger than the image
 */
export function convolutionGeometry(
  convolution: Convolution,
  height: number,
  width: number,
): ConvolutionGeometry {
  const { kernelHeight, kernelWidth, stride, padding } = convolution;
  for (const [name, value] of Object.entries({ kernelHeight, kernelWidth, stride, height, width })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InvalidArgumentError(`convolutionGeometry: ${name} is ${value}; expected an integer ≥ 1`);
    }
  }
  if (padding !== 'zero' && padding !== 'circular' && padding !== 'valid') {
    throw new InvalidArgumentError(
      `convolutionGeometry: padding is ${JSON.stringify(padding)}; expected "zero", "circular" or "valid"`,
    );
  }
  if (padding === 'valid' && (kernelHeight > height || kernelWidth > width)) {
    throw new InvalidArgumentError(
      `convolutionGeometry: the kernel is ${kernelHeight} × ${kernelWidth}; expected at most the image's ${height} × ${width}`,
    );
  }
  const rows = along(height, kernelHeight, stride, padding);
  const columns = along(width, kernelWidth, stride, padding);
  return {
    height: rows.size,
    width: columns.size,
    border: { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
    gradientBorder: {
      top: rows.gradientBefore,
      bottom: rows.gradientAfter,
      left: columns.gradientBefore,
      right: columns.gradientAfter,
    },
  };
}

/** The same in one direction. */
function along(size: number, kernel: number, stride: number, padding: Padding) {
  const valid = padding === 'valid';
  const out = valid ? Math.floor((size - kernel) / stride) + 1 : Math.ceil(size / stride);
  const padded = valid ? 0 : Math.max((out - 1) * stride + kernel - size, 0);
  const before = Math.floor(padded / 2);
  const after = padded - before;
  // The part of the padded input whose gradient is wanted: with `circular` all, for the border is part of the image.
  const [from, to] = padding === 'circular' ? [0, size + padded] : [before, before + size];
  let [first, last] = [0, out - 1];
  for (let i = from; i < to; i++) {
    const remainder = i % stride;
    if (remainder >= kernel) continue;
    const nearest = Math.floor(i / stride);
    first = Math.min(first, nearest - Math.floor((kernel - 1 - remainder) / stride));
    last = Math.max(last, nearest);
  }
  return { size: out, before, after, gradientBefore: -first, gradientAfter: last - (out - 1) };
}

/**
 * Floats of scratch that every function of a convolution can do with.
 *
 * @param input height, width and channels of its input
 * @param outputs channels of its output
 */
export function convolutionScratchFloats(
  convolution: Convolution,
  input: { readonly height: number; readonly width: number; readonly channels: number },
  outputs: number,
): number {
  const { kernelHeight, kernelWidth } = convolution;
  const { height, width } = convolutionGeometry(convolution, input.height, input.width);
  const taps = kernelHeight * kernelWidth;
  const forward = taps * input.channels;
  const backward = taps * outputs;
  return Math.max(
    packedFloats(forward, outputs) + forward + 96,
    packedFloats(backward, input.channels) + backward + 96,
    packedFloats(forward, outputs) + forward + 2 * height * width,
    2 * packedFloats(1, outputs),
  );
}
