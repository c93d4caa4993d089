/** Twin of `channel_sums`, in the kernel's order, in f64. */
import type { GridSize } from './grid.js';

/**
 * Σ over all pixels of x, NHWC without padding, for every channel: each row of pixels from 0 in order, then the rows' sums
 * from 0 in order. Rounded to f32, the kernel's bits.
 */
export function channelSums(size: GridSize, x: ArrayLike<number>): Float64Array<ArrayBuffer> {
  return sumPixels(size, (at) => Number(x[at]));
}

/** Sums of any function of a place in NHWC, in the order of all kernels that sum over pixels in f64. */
export function sumPixels(
  { images, rows, pixels, channels }: GridSize,
  term: (at: number, channel: number) => number,
): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    for (let row = 0; row < images * rows; row++) {
      let sum = 0;
      for (let j = 0; j < pixels; j++) sum += term((row * pixels + j) * channels + c, c);
      sums[c] = Number(sums[c]) + sum;
    }
  }
  return sums;
}
