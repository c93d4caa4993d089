// The sweep over pixels that the output of a convolution and its input gradient share. A row of A is the patch of the
// image under the kernel: k floats at offsets that are the same for every pixel. So the image itself is A, read in place,
// its rows overlapping.
import { patch_panels, patch_panels_bias, patch_panels_bias_relu } from './generated/tiles';

/** Pixels whose addresses are looked up at a time, and over which every panel of B passes: 48 rows of the product, whole tiles of every height. */
const PLACES: usize = 48;

/** Bytes of the table of places. */
export const PLACES_BYTES: usize = 8 * PLACES;

export const STORE: i32 = 0;
export const BIAS: i32 = 1;
export const BIAS_RELU: i32 = 2;

/**
 * C(pixel)[n] = patch(pixel)[k] · B[k×n] for batch × height × width pixels. Strides in bytes; `a` is the first pixel's
 * address in A (the offsets count from there), `c` in C. B is packed.
 */
export function patch_products(epilogue: i32, batch: usize, height: usize, width: usize, n: usize, k: i32, a: usize, aImage: usize, aRow: usize, aPixel: usize, offsets: usize, packed: usize, c: usize, cImage: usize, cRow: usize, cPixel: usize, places: usize, bias: usize): void {
  let x: usize = 0;
  let y: usize = 0;
  let left = batch * height * width;
  // From the end of a row to the start of the next, from the end of an image to the next.
  const aNextRow = aRow - width * aPixel;
  const cNextRow = cRow - width * cPixel;
  const aNextImage = aImage - height * aRow;
  const cNextImage = cImage - height * cRow;
  while (left > 0) {
    const count = min(left, PLACES);
    for (let place = places, end = places + 8 * count; place < end; place += 8) {
      store<usize>(place, a);
      store<usize>(place, c, 4);
      a += aPixel;
      c += cPixel;
      if (++x == width) {
        x = 0;
        a += aNextRow;
        c += cNextRow;
        if (++y == height) {
          y = 0;
          a += aNextImage;
          c += cNextImage;
        }
      }
    }
    if (epilogue == STORE) patch_panels(count, n, k, places, offsets, packed);
    else if (epilogue == BIAS) patch_panels_bias(count, n, k, places, offsets, packed, bias);
    else patch_panels_bias_relu(count, n, k, places, offsets, packed, bias);
    left -= count;
  }
}
