/**
 * The calling convention of the kernels for images: convolution, pooling, batch normalization, borders. Strides count floats:
 * from image to image, from row to row, from pixel to pixel. The rest is as in `KernelExports`.
 */
import type { Pointer } from './kernel-exports.js';

/** What the convolutions take first: y's size, then the kernel, then x from the pixel under the first tap at y(0, 0, 0). */
export type ConvolutionArguments = [
  batch: number,
  height: number,
  width: number,
  outputs: number,
  kernelHeight: number,
  kernelWidth: number,
  stride: number,
  channels: number,
  x: Pointer,
  xImage: number,
  xRow: number,
  xPixel: number,
];

/** What the pools take first: y's size, then the window, then x. */
export type PoolArguments = [
  batch: number,
  height: number,
  width: number,
  channels: number,
  windowHeight: number,
  windowWidth: number,
  stride: number,
  x: Pointer,
  xImage: number,
  xRow: number,
  xPixel: number,
];

/** A rectangle of pixels in every image, and where its numbers come from. */
export type GridArguments = [
  images: number,
  rows: number,
  pixels: number,
  channels: number,
  x: Pointer,
  xImage: number,
  xRow: number,
  xPixel: number,
];

export interface ConvolutionExports {
  /** y = x ∗ W; `scratch` holds kernelHeight·kernelWidth·channels·(⌈outputs/4⌉·4 + 1) + 96 floats. */
  conv2d(
    ...all: [
      ...ConvolutionArguments,
      w: Pointer,
      ldw: number,
      y: Pointer,
      yImage: number,
      yRow: number,
      yPixel: number,
      scratch: Pointer,
    ]
  ): void;
  /** y = x ∗ W + bias. */
  conv2d_bias(
    ...all: [
      ...ConvolutionArguments,
      w: Pointer,
      ldw: number,
      y: Pointer,
      yImage: number,
      yRow: number,
      yPixel: number,
      scratch: Pointer,
      bias: Pointer,
    ]
  ): void;
  /** y = max(x ∗ W + bias, 0), NaN kept. */
  conv2d_bias_relu(
    ...all: [
      ...ConvolutionArguments,
      w: Pointer,
      ldw: number,
      y: Pointer,
      yImage: number,
      yRow: number,
      yPixel: number,
      scratch: Pointer,
      bias: Pointer,
    ]
  ): void;
  /** dx = dy ∗ W turned; `scratch` holds kernelHeight·kernelWidth·outputs·(⌈channels/4⌉·4 + 1) + 96 floats. */
  conv2d_input_gradient(
    batch: number,
    height: number,
    width: number,
    channels: number,
    top: number,
    left: number,
    kernelHeight: number,
    kernelWidth: number,
    stride: number,
    outputs: number,
    dy: Pointer,
    dyImage: number,
    dyRow: number,
    dyPixel: number,
    w: Pointer,
    ldw: number,
    dx: Pointer,
    dxImage: number,
    dxRow: number,
    dxPixel: number,
    scratch: Pointer,
  ): void;
  /** dW = Σ xᵀ·dy; `scratch` holds kernelHeight·kernelWidth·channels·(⌈outputs/4⌉·4 + 1) + 2·height·width floats. */
  conv2d_weight_gradient(
    ...all: [
      ...ConvolutionArguments,
      dy: Pointer,
      dyImage: number,
      dyRow: number,
      dyPixel: number,
      dw: Pointer,
      lddw: number,
      scratch: Pointer,
    ]
  ): void;
  /** target ← source. */
  copy_grid(...all: [...GridArguments, target: Pointer, image: number, row: number, pixel: number]): void;
  /** target ← target + source. */
  add_grid(...all: [...GridArguments, target: Pointer, image: number, row: number, pixel: number]): void;
  /** x ← 0. */
  zero_grid(...all: GridArguments): void;
  /** out[c] = Σ x over all pixels, in f64; `out` holds ⌈channels/4⌉·4 floats, `scratch` twice as many. */
  channel_sums(...all: [...GridArguments, out: Pointer, scratch: Pointer]): void;
  /** y = mean of every window. */
  average_pool(...all: [...PoolArguments, y: Pointer, yImage: number, yRow: number, yPixel: number]): void;
  /** dx ← every window's dy (standing where x does), shared out evenly. */
  average_pool_backward(
    ...all: [
      ...PoolArguments,
      inputHeight: number,
      inputWidth: number,
      dx: Pointer,
      dxImage: number,
      dxRow: number,
      dxPixel: number,
    ]
  ): void;
  /** y = largest of every window. */
  max_pool(...all: [...PoolArguments, y: Pointer, yImage: number, yRow: number, yPixel: number]): void;
  /** dx ← every window's dy, at the place of its first maximum. */
  max_pool_backward(
    ...all: [
      ...PoolArguments,
      dy: Pointer,
      dyImage: number,
      dyRow: number,
      dyPixel: number,
      inputHeight: number,
      inputWidth: number,
      dx: Pointer,
      dxImage: number,
      dxRow: number,
      dxPixel: number,
    ]
  ): void;
  /** Means and variances of the channels; `statistics` holds 2·⌈channels/4⌉·4 f64. */
  batch_norm_statistics(...all: [...GridArguments, statistics: Pointer]): void;
  /** y = gamma·(x − mean)/√(variance + epsilon) + beta; `scratch` holds 8·⌈channels/4⌉·4 floats. */
  batch_norm(
    ...all: [
      ...GridArguments,
      y: Pointer,
      yImage: number,
      yRow: number,
      yPixel: number,
      statistics: Pointer,
      epsilon: number,
      gamma: Pointer,
      beta: Pointer,
      scratch: Pointer,
    ]
  ): void;
  /** dy ← dx; dgamma and dbeta hold ⌈channels/4⌉·4 floats, `scratch` 8·⌈channels/4⌉·4. */
  batch_norm_backward(
    ...all: [
      ...GridArguments,
      dy: Pointer,
      dyImage: number,
      dyRow: number,
      dyPixel: number,
      statistics: Pointer,
      epsilon: number,
      gamma: Pointer,
      dgamma: Pointer,
      dbeta: Pointer,
      scratch: Pointer,
    ]
  ): void;
}
