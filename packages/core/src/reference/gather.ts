/** Twins of `gather_pixels` and `gather_labels`: rows by index. */
import { round32 } from './f32.js';

/**
 * Rows `index` of bytes, divided by 255 in f64.
 *
 * @param width bytes a row of the source
 */
export function gatherPixels(
  index: ArrayLike<number>,
  source: ArrayLike<number>,
  width: number,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(bytesOf(index, source, width), (byte) => byte / 255);
}

/** Rows `index` of bytes, times the f32 next to 1/255, in f32: the kernel's bits. */
export function gatherPixelsF32(
  index: ArrayLike<number>,
  source: ArrayLike<number>,
  width: number,
): Float32Array<ArrayBuffer> {
  const unit = round32(1 / 255);
  return Float32Array.from(bytesOf(index, source, width), (byte) => byte * unit);
}

/** source[index[i]]. */
export function gatherLabels(index: ArrayLike<number>, source: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytesOf(index, source, 1));
}

function bytesOf(index: ArrayLike<number>, source: ArrayLike<number>, width: number): readonly number[] {
  return Array.from(index).flatMap((row) =>
    Array.from({ length: width }, (_, j) => Number(source[row * width + j])),
  );
}
