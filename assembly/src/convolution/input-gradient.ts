import { pack_columns } from '../gemm/pack';
import { patch_products, runLength, STORE, write_offsets } from './patches';

/**
 * The adjoint of `conv2d` in x: dx(b, i, j)[channels] = Σ dy(b, (i' − p)/stride, (j' − q)/stride) · W(p, q)ᵀ over the taps that
 * divide, with i' = top + i and j' = left + j. Height and width are those of the part of dx that is wanted; top and left
 * say where it lies, counted from the pixel under the first tap at y(0, 0) as `conv2d` has it. So (0, 0) wants the border
 * too, and (border top, border left) the image alone.
 *
 * `dy` is the address of dy(0, 0, 0). It is read at rows from ⌊top/stride⌋ − ⌊(kernelHeight − 1)/stride⌋ to
 * ⌊(top + height − 1)/stride⌋, columns likewise; what lies outside the image must be a border of zeros.
 *
 * dx is overwritten. Its pixels with one remainder of i' and j' by the stride are a convolution by their own part of W,
 * turned by 180°: stride² sweeps, no zeros multiplied.
 *
 * Order: one chain in f32 over dy's rows, columns and outputs, ascending: taps from the last row and column to the first.
 * A pixel under no tap gets +0.
 *
 * Memory: dx overlaps nothing; its pixels are ⌈channels/4⌉·4 floats apart at least, those past `channels` are
 * overwritten. `scratch` holds kernelHeight·kernelWidth·outputs·(⌈channels/4⌉·4 + 1) + 96 floats.
 */
export function conv2d_input_gradient(batch: usize, height: usize, width: usize, channels: usize, top: usize, left: usize, kernelHeight: usize, kernelWidth: usize, stride: usize, outputs: usize, dy: usize, dyImage: usize, dyRow: usize, dyPixel: usize, w: usize, ldw: usize, dx: usize, dxImage: usize, dxRow: usize, dxPixel: usize, scratch: usize): void {
  const padded = (channels + 3) & ~3;
  for (let i: usize = 0; i < min(stride, height); i++) {
    const p = (top + i) % stride;
    const tapRows = taps(kernelHeight, p, stride);
    for (let j: usize = 0; j < min(stride, width); j++) {
      const q = (left + j) % stride;
      const tapColumns = taps(kernelWidth, q, stride);
      const k = tapRows * tapColumns * outputs;
      const offsets = scratch + 4 * k * padded;
      let next = offsets;
      for (let r: usize = 0; r < tapRows; r++) {
        next = write_offsets(next, 4 * r * dyRow, tapColumns, 4 * dyPixel, outputs);
        for (let s: usize = 0; s < tapColumns; s++) {
          const tap = (p + (tapRows - 1 - r) * stride) * kernelWidth + q + (tapColumns - 1 - s) * stride;
          pack_taps(outputs, channels, w + 4 * tap * channels * ldw, ldw, scratch, r * tapColumns + s, k);
        }
      }
      // The first tap's pixel: may lie before dy, in its border; addresses wrap as they should.
      const row = (top + i) / stride - (tapRows - 1);
      const column = (left + j) / stride - (tapColumns - 1);
      patch_products(STORE, batch, (height - i + stride - 1) / stride, (width - j + stride - 1) / stride, channels, <i32>k, dy + 4 * (row * dyRow + column * dyPixel), 4 * dyImage, 4 * dyRow, 4 * dyPixel, offsets, runLength(outputs), scratch, dx + 4 * (i * dxRow + j * dxPixel), 4 * dxImage, 4 * stride * dxRow, 4 * stride * dxPixel, next, 0);
    }
  }
}

/** How many of `size` taps have this remainder by the stride. */
@inline
function taps(size: usize, remainder: usize, stride: usize): usize {
  return remainder < size ? (size - 1 - remainder) / stride + 1 : 0;
}

/** One tap's channels × outputs block of W, transposed, as rows tap·outputs and on of panels that are k rows deep. */
@inline
function pack_taps(outputs: usize, channels: usize, block: usize, ldw: usize, packed: usize, tap: usize, k: usize): void {
  // One panel at a time: each has its own width, and with it its own place for the tap.
  const padded: usize = (channels + 3) & ~3;
  for (let j: usize = 0; j < padded; ) {
    const left = padded - j;
    const width: usize = left >= 16 ? 16 : left >= 12 ? 12 : left >= 8 ? 8 : 4;
    pack_columns(outputs, min(width, channels - j), block + 4 * j * ldw, ldw, packed + 4 * (j * k + tap * outputs * width));
    j += width;
  }
}
