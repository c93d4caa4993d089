// The sweep over pixels that the output of a convolution and its input gradient share. A row of A is the patch of the
// image under the kernel: k floats at offsets that are the same for every pixel. So the image itself is A, read in place,
// its rows overlapping.
import { patch_panels_1, patch_panels_2, patch_panels_8 } from './generated/tiles';

/** Pixels whose addresses are looked up at a time and over which every panel of B passes: whole tiles of every height. */
const PLACES: usize = 48;

export const STORE: i32 = 0;
export const BIAS: i32 = 1;
export const BIAS_RELU: i32 = 2;

/**
 * C(pixel)[n] = patch(pixel)[k] · B[k×n] for batch × height × width pixels. Strides in bytes; `a` is the first pixel's
 * address in A (the offsets count from there, one for each `run` floats), `c` in C. B is packed.
 */
export function patch_products(epilogue: i32, batch: usize, height: usize, width: usize, n: usize, k: i32, a: usize, aImage: usize, aRow: usize, aPixel: usize, offsets: usize, run: usize, packed: usize, c: usize, cImage: usize, cRow: usize, cPixel: usize, places: usize, bias: usize): void {
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
    if (run == 8) patch_panels_8(count, n, k, places, offsets, packed);
    else if (run == 2) patch_panels_2(count, n, k, places, offsets, packed);
    else patch_panels_1(count, n, k, places, offsets, packed);
    if (epilogue == BIAS) add_bias(count, n, places, bias);
    else if (epilogue == BIAS_RELU) add_bias_relu(count, n, places, bias);
    left -= count;
  }
}

/** C ← C + bias, n columns, at places that stand behind their rows. */
function add_bias(count: usize, n: usize, places: usize, bias: usize): void {
  const padded: usize = (n + 3) & ~3;
  for (const end = places + 8 * count; places < end; places += 8) {
    const c = load<usize>(places, 4) - 4 * padded;
    for (let j: usize = 0; j < 4 * padded; j += 16) v128.store(c + j, f32x4.add(v128.load(c + j), v128.load(bias + j)));
  }
}

/** C ← max(C + bias, 0), NaN kept. */
function add_bias_relu(count: usize, n: usize, places: usize, bias: usize): void {
  const padded: usize = (n + 3) & ~3;
  const zero = f32x4.splat(0);
  for (const end = places + 8 * count; places < end; places += 8) {
    const c = load<usize>(places, 4) - 4 * padded;
    // pmax(x, 0) keeps NaN in this order.
    for (let j: usize = 0; j < 4 * padded; j += 16) {
      v128.store(c + j, f32x4.pmax(f32x4.add(v128.load(c + j), v128.load(bias + j)), zero));
    }
  }
}

/** How many floats of a patch one offset stands for: the largest of 8, 2 and 1 that divides the channels, which lie side by side. */
@inline
export function runLength(channels: usize): usize {
  return channels & 7 ? (channels & 1 ? 1 : 2) : 8;
}

/**
 * Writes the offsets of `taps` pixels' channels, the next pixel `pixel` bytes on: one for each run of channels. Returns the
 * end of the table.
 */
export function write_offsets(table: usize, first: usize, taps: usize, pixel: usize, channels: usize): usize {
  const run = runLength(channels);
  for (let q: usize = 0; q < taps; q++) {
    for (let c: usize = 0; c < channels; c += run, table += 4) store<usize>(table, first + q * pixel + 4 * c);
  }
  return table;
}
