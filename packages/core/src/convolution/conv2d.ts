/**
 * Convolutions of images, forward and backward (strictly cross-correlations, as everywhere in deep learning):
 *     y(i, j) = Σ x(i·stride + p − top, j·stride + q − left) · W(p, q) + b
 * over the kernel's rows p and columns q. W is a matrix of kernelHeight · kernelWidth · channels rows, in this order, by output
 * channels: what fan-in × fan-out is to a dense layer. A convolution is the matrix product of W with the patches of
 * the image, and has its bits, but the patches are never copied together.
 *
 * All functions set the borders they read. Nothing is allocated.
 */
import type { Engine } from '../engine.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { requireScratch, type Scratch } from '../memory/scratch.js';
import { foldBorder, placeAt, wrapBorder, zeroBorder } from '../tensor/border.js';
import { type Border, type Images, noBorder, placeOf, requireWritable } from '../tensor/images.js';
import { type Matrix, packedFloats } from '../tensor/matrix.js';
import {
  type Convolution,
  type ConvolutionGeometry,
  convolutionGeometry,
  convolutionScratchFloats,
} from './geometry.js';

/** Sets of x what `conv2d*` kernels read, and gives the place of the pixel under the first tap. */
function preparePatches(engine: Engine, convolution: Convolution, x: Images, border: Border) {
  if (convolution.padding === 'circular') wrapBorder(engine, x, border);
  else zeroBorder(engine, x, border);
  return placeAt(x, -border.top, -border.left);
}

/**
 * output ← input ∗ weights, + biases if there are any, then max(·, 0) with `relu` (NaN kept). f32; every element is one
 * chain over rows, columns and channels of the kernel in this order, the border's zeros included, then + bias.
 *
 * @param tensors.input its border has room for `convolutionGeometry(…).border`
 * @param tensors.weights (kernelHeight · kernelWidth · channels) × output channels
 * @param tensors.biases one row of output channels; default: none
 * @param tensors.relu default false; needs biases
 * @param tensors.output overwritten; apart from all others
 * @param tensors.scratch `convolutionScratchFloats(…)` floats
 * @throws InvalidArgumentError when sizes do not fit
 */
export function conv2dForward(
  engine: Engine,
  convolution: Convolution,
  tensors: {
    readonly input: Images;
    readonly weights: Matrix;
    readonly biases?: Matrix;
    readonly relu?: boolean;
    readonly output: Images;
    readonly scratch: Scratch;
  },
): void {
  const { input, weights, biases, relu = false, output, scratch } = tensors;
  const { border } = requireFit('conv2dForward', convolution, input, output, weights, scratch);
  requireWritable('conv2dForward', 'output', output);
  requireBorder('conv2dForward', 'input', input, border);
  if (relu && biases === undefined) {
    throw new InvalidArgumentError('conv2dForward: relu without biases; expected biases (zeros will do)');
  }
  if (biases !== undefined) requireBiases('conv2dForward', biases, output.channels);
  const { kernels } = engine;
  const { kernelHeight, kernelWidth, stride } = convolution;
  const size = [output.batch, output.height, output.width, output.channels] as const;
  const kernel = [kernelHeight, kernelWidth, stride, input.channels] as const;
  const patches = preparePatches(engine, convolution, input, border);
  const rest = [weights.pointer, weights.stride, ...placeOf(output), scratch.pointer] as const;
  if (biases === undefined) {
    kernels.conv2d(...size, ...kernel, ...patches, ...rest);
  } else {
    const multiply = relu ? kernels.conv2d_bias_relu : kernels.conv2d_bias;
    multiply(...size, ...kernel, ...patches, ...rest, biases.pointer);
  }
}

/**
 * inputGradient ← the gradient in the input, given that in the output (before bias and ReLU). Every element is one chain in
 * f32 over the output's rows, columns and channels, ascending; then, where the image continues periodically, the border's
 * gradients are added in the order of `foldBorder`.
 *
 * @param tensors.outputGradient its border has room for `convolutionGeometry(…).gradientBorder`, and is set to zero
 * @param tensors.inputGradient overwritten; where the padding is circular its border has room for
 * `convolutionGeometry(…).border`
 * @throws InvalidArgumentError when sizes do not fit
 */
export function conv2dInputGradient(
  engine: Engine,
  convolution: Convolution,
  tensors: {
    readonly outputGradient: Images;
    readonly weights: Matrix;
    readonly inputGradient: Images;
    readonly scratch: Scratch;
  },
): void {
  const { outputGradient: dy, weights, inputGradient: dx, scratch } = tensors;
  const geometry = requireFit('conv2dInputGradient', convolution, dx, dy, weights, scratch);
  const { border, gradientBorder } = geometry;
  const { kernelHeight, kernelWidth, stride, padding } = convolution;
  const wanted = padding === 'circular' ? border : noBorder;
  requireWritable('conv2dInputGradient', 'inputGradient', dx);
  requireBorder('conv2dInputGradient', 'outputGradient', dy, gradientBorder);
  requireBorder('conv2dInputGradient', 'inputGradient', dx, wanted);
  zeroBorder(engine, dy, gradientBorder);
  engine.kernels.conv2d_input_gradient(
    dx.batch,
    wanted.top + dx.height + wanted.bottom,
    wanted.left + dx.width + wanted.right,
    dx.channels,
    border.top - wanted.top,
    border.left - wanted.left,
    kernelHeight,
    kernelWidth,
    stride,
    dy.channels,
    ...placeOf(dy),
    weights.pointer,
    weights.stride,
    ...placeAt(dx, -wanted.top, -wanted.left),
    scratch.pointer,
  );
  foldBorder(engine, dx, wanted);
}

/**
 * weightGradient ← Σ over images and pixels of patchᵀ · outputGradient. For every image a chain in f32 over its output's
 * rows and columns, the border's zeros included; then the images' sums in order.
 *
 * @param tensors.input as in `conv2dForward`
 * @param tensors.outputGradient the gradient before bias and ReLU
 * @param tensors.weightGradient (kernelHeight · kernelWidth · channels) × output channels, overwritten
 * @throws InvalidArgumentError when sizes do not fit
 */
export function conv2dWeightGradient(
  engine: Engine,
  convolution: Convolution,
  tensors: {
    readonly input: Images;
    readonly outputGradient: Images;
    readonly weightGradient: Matrix;
    readonly scratch: Scratch;
  },
): void {
  const { input, outputGradient: dy, weightGradient, scratch } = tensors;
  const { border } = requireFit('conv2dWeightGradient', convolution, input, dy, weightGradient, scratch);
  requireBorder('conv2dWeightGradient', 'input', input, border);
  if (weightGradient.stride < packedFloats(1, dy.channels)) {
    throw new InvalidArgumentError(
      `conv2dWeightGradient: weightGradient has rows of ${weightGradient.stride} floats; expected whole vectors — use allocateMatrix`,
    );
  }
  const { kernelHeight, kernelWidth, stride } = convolution;
  const size = [dy.batch, dy.height, dy.width, dy.channels] as const;
  const kernel = [kernelHeight, kernelWidth, stride, input.channels] as const;
  engine.kernels.conv2d_weight_gradient(
    ...size,
    ...kernel,
    ...preparePatches(engine, convolution, input, border),
    ...placeOf(dy),
    weightGradient.pointer,
    weightGradient.stride,
    scratch.pointer,
  );
}

/**
 * biasGradient ← Σ over images and pixels of outputGradient, in f64 row by row, rounded once (kernel `channel_sums`).
 *
 * @param tensors.biasGradient one row of output channels, overwritten
 * @param tensors.scratch 2 · ⌈channels/4⌉ · 4 floats
 * @throws InvalidArgumentError when sizes do not fit
 */
export function conv2dBiasGradient(
  engine: Engine,
  tensors: { readonly outputGradient: Images; readonly biasGradient: Matrix; readonly scratch: Scratch },
): void {
  const { outputGradient: dy, biasGradient, scratch } = tensors;
  requireBiases('conv2dBiasGradient', biasGradient, dy.channels);
  requireScratch('conv2dBiasGradient', scratch, 2 * packedFloats(1, dy.channels));
  const { batch, height, width, channels } = dy;
  const { kernels } = engine;
  kernels.channel_sums(
    ...([batch, height, width, channels] as const),
    ...placeOf(dy),
    biasGradient.pointer,
    scratch.pointer,
  );
}

/** The convolution's geometry, once everybody's sizes fit it. */
function requireFit(
  caller: string,
  convolution: Convolution,
  x: Images,
  y: Images,
  weights: Matrix,
  scratch: Scratch,
): ConvolutionGeometry {
  const geometry = convolutionGeometry(convolution, x.height, x.width);
  if (y.batch !== x.batch || y.height !== geometry.height || y.width !== geometry.width) {
    throw new InvalidArgumentError(
      `${caller}: the output side is ${y.batch} × ${y.height} × ${y.width}; expected ${x.batch} × ${geometry.height} × ${geometry.width}`,
    );
  }
  const fanIn = convolution.kernelHeight * convolution.kernelWidth * x.channels;
  if (weights.rows !== fanIn || weights.columns !== y.channels) {
    throw new InvalidArgumentError(
      `${caller}: the weights are ${weights.rows} × ${weights.columns}; expected ${fanIn} × ${y.channels}`,
    );
  }
  requireScratch(caller, scratch, convolutionScratchFloats(convolution, x, y.channels));
  return geometry;
}

function requireBiases(caller: string, biases: Matrix, channels: number): void {
  if (biases.rows !== 1 || biases.columns !== channels) {
    throw new InvalidArgumentError(
      `${caller}: the biases are ${biases.rows} × ${biases.columns}; expected 1 × ${channels}`,
    );
  }
}

function requireBorder(caller: string, name: string, images: Images, border: Border): void {
  for (const side of ['top', 'bottom', 'left', 'right'] as const) {
    if (images.border[side] < border[side]) {
      throw new InvalidArgumentError(
        `${caller}: the border of ${name} is ${images.border[side]} at the ${side}; expected at least ${border[side]} — see convolutionGeometry`,
      );
    }
  }
}
