/** What stands in the border of images before a convolution reads it, and the adjoint of that. */
import type { Engine } from '../engine.js';
import type { Pointer } from '../kernels/kernel-exports.js';
import type { Border, Images } from './images.js';

/** Sets the pixels of `border`, a part of the images' own border, to zero. */
export function zeroBorder(engine: Engine, images: Images, border: Border): void {
  const { batch, height, width, channels } = images;
  const { top, bottom, left, right } = border;
  const zero = (rows: number, pixels: number, row: number, column: number): void => {
    if (rows * pixels > 0) {
      engine.kernels.zero_grid(batch, rows, pixels, channels, ...placeAt(images, row, column));
    }
  };
  zero(top, left + width + right, -top, -left);
  zero(bottom, left + width + right, height, -left);
  zero(height, left, 0, -left);
  zero(height, right, 0, width);
}

/**
 * Continues the images periodically into `border`, a part of their own border: pixel (i, j) becomes pixel (i mod height,
 * j mod width), however wide the border is.
 */
export function wrapBorder(engine: Engine, images: Images, border: Border): void {
  const { batch, height, width, channels } = images;
  const { copy_grid } = engine.kernels;
  const whole = border.left + width + border.right;
  for (const j of outside(border.left, width, border.right)) {
    const source = placeAt(images, 0, wrap(j, width));
    copy_grid(batch, height, 1, channels, ...source, ...placeAt(images, 0, j));
  }
  for (const i of outside(border.top, height, border.bottom)) {
    const source = placeAt(images, wrap(i, height), -border.left);
    copy_grid(batch, 1, whole, channels, ...source, ...placeAt(images, i, -border.left));
  }
}

/**
 * The adjoint of `wrapBorder`: adds every pixel of `border` to the one it was a copy of. Order, one f32 rounding each: the
 * border's rows from the top to the bottom, their corners included, then its columns from the left to the right. What is
 * left in the border means nothing.
 */
export function foldBorder(engine: Engine, images: Images, border: Border): void {
  const { batch, height, width, channels } = images;
  const { add_grid } = engine.kernels;
  const whole = border.left + width + border.right;
  for (const i of outside(border.top, height, border.bottom)) {
    const source = placeAt(images, i, -border.left);
    add_grid(batch, 1, whole, channels, ...source, ...placeAt(images, wrap(i, height), -border.left));
  }
  for (const j of outside(border.left, width, border.right)) {
    const source = placeAt(images, 0, j);
    add_grid(batch, height, 1, channels, ...source, ...placeAt(images, 0, wrap(j, width)));
  }
}

/** −before … −1, then size … size + after − 1. */
function* outside(before: number, size: number, after: number): Generator<number> {
  for (let i = -before; i < 0; i++) yield i;
  for (let i = size; i < size + after; i++) yield i;
}

function wrap(index: number, size: number): number {
  return ((index % size) + size) % size;
}

/** The images as seen from pixel (row, column), which may lie in the border. */
export function placeAt(
  images: Images,
  row: number,
  column: number,
): [pointer: Pointer, image: number, row: number, pixel: number] {
  const { pointer, imageStride, rowStride, pixelStride } = images;
  return [pointer + 4 * (row * rowStride + column * pixelStride), imageStride, rowStride, pixelStride];
}
