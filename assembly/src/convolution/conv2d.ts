// y(b, i, j)[outputs] = Σ x(b, i·stride + p, j·stride + q)[channels] · W(p, q) over the kernel's rows p and columns q. W is a
// matrix of kernelHeight·kernelWidth·channels rows, in this order, and `outputs` columns. Height and width are y's.
//
// `x` is the address of the pixel under the kernel's first tap at y(0, 0, 0), which may lie in the border: x is read at
// all (height − 1)·stride + kernelHeight rows, and what stands in the border takes part (0 · ∞ is NaN). Strides are in
// floats: from image to image, row to row, pixel to pixel.
//
// Order: every element is ((0 + x₀·w₀) + x₁·w₁) + … in f32 in order of W's rows, then + bias, then max(·, 0) with NaN kept:
// the bits of `sgemm_nn` on the patches copied together.
//
// Memory: y overlaps nothing; its pixels are ⌈outputs/4⌉·4 floats apart at least, of which those past `outputs` are
// overwritten with values that mean nothing. W and bias may be read up to 3 floats past their last element. `scratch`
// holds kernelHeight·kernelWidth·channels·(⌈outputs/4⌉·4 + 1) + 96 floats.
import { pack_rows } from '../gemm/pack';
import { BIAS, BIAS_RELU, patch_products, runLength, STORE, write_offsets } from './patches';

@inline
function convolve(epilogue: i32, batch: usize, height: usize, width: usize, outputs: usize, kernelHeight: usize, kernelWidth: usize, stride: usize, channels: usize, x: usize, xImage: usize, xRow: usize, xPixel: usize, w: usize, ldw: usize, y: usize, yImage: usize, yRow: usize, yPixel: usize, scratch: usize, bias: usize): void {
  const k = kernelHeight * kernelWidth * channels;
  pack_rows(k, outputs, w, ldw, scratch);
  const offsets = scratch + 4 * k * ((outputs + 3) & ~3);
  let next = offsets;
  for (let p: usize = 0; p < kernelHeight; p++) next = write_offsets(next, 4 * p * xRow, kernelWidth, 4 * xPixel, channels);
  patch_products(epilogue, batch, height, width, outputs, <i32>k, x, 4 * xImage, 4 * stride * xRow, 4 * stride * xPixel, offsets, runLength(channels), scratch, y, 4 * yImage, 4 * yRow, 4 * yPixel, next, bias);
}

/** The sum alone. */
export function conv2d(batch: usize, height: usize, width: usize, outputs: usize, kernelHeight: usize, kernelWidth: usize, stride: usize, channels: usize, x: usize, xImage: usize, xRow: usize, xPixel: usize, w: usize, ldw: usize, y: usize, yImage: usize, yRow: usize, yPixel: usize, scratch: usize): void {
  convolve(STORE, batch, height, width, outputs, kernelHeight, kernelWidth, stride, channels, x, xImage, xRow, xPixel, w, ldw, y, yImage, yRow, yPixel, scratch, 0);
}

/** … + bias[outputs]. */
export function conv2d_bias(batch: usize, height: usize, width: usize, outputs: usize, kernelHeight: usize, kernelWidth: usize, stride: usize, channels: usize, x: usize, xImage: usize, xRow: usize, xPixel: usize, w: usize, ldw: usize, y: usize, yImage: usize, yRow: usize, yPixel: usize, scratch: usize, bias: usize): void {
  convolve(BIAS, batch, height, width, outputs, kernelHeight, kernelWidth, stride, channels, x, xImage, xRow, xPixel, w, ldw, y, yImage, yRow, yPixel, scratch, bias);
}

/** max(… + bias, 0), NaN kept. */
export function conv2d_bias_relu(batch: usize, height: usize, width: usize, outputs: usize, kernelHeight: usize, kernelWidth: usize, stride: usize, channels: usize, x: usize, xImage: usize, xRow: usize, xPixel: usize, w: usize, ldw: usize, y: usize, yImage: usize, yRow: usize, yPixel: usize, scratch: usize, bias: usize): void {
  convolve(BIAS_RELU, batch, height, width, outputs, kernelHeight, kernelWidth, stride, channels, x, xImage, xRow, xPixel, w, ldw, y, yImage, yRow, yPixel, scratch, bias);
}
