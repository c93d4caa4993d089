/**
 * Batches of images in the arena, f32, NHWC: image after image, row after row, pixel after pixel, a pixel's channels side by
 * side, with a border of pixels around every image. Like a `Matrix`, `Images` is a description and owns nothing.
 *
 * The border belongs to the functions that read it: each sets it as it needs it, and what stands there before and after
 * means nothing. So kernels that go over all floats, border and padding included (`relu_backward`, `axpy`, …), may be used on
 * tensors of one layout.
 */
import type { Engine } from '../engine.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { Pointer } from '../kernels/kernel-exports.js';
import { leadingDimension, type Matrix, packedFloats } from './matrix.js';

/** Pixels beyond each side of an image. Integers ≥ 0. */
export interface Border {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Sizes of a batch of images. Plain JSON. */
export interface ImageShape {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface Images extends ImageShape {
  /** The first pixel of the first image; the border lies before it. */
  readonly pointer: Pointer;
  readonly border: Border;
  /** Floats from pixel to pixel: at least `channels`, and a multiple of 4 unless the images are only ever read. */
  readonly pixelStride: number;
  /** Floats from row to row: (left + width + right) · pixelStride. */
  readonly rowStride: number;
  /** Floats from image to image: (top + height + bottom) · rowStride. */
  readonly imageStride: number;
}

/** No border. */
export const noBorder: Border = { top: 0, bottom: 0, left: 0, right: 0 };

/** The least border that has room for both. */
export function widerBorder(a: Border, b: Border): Border {
  return {
    top: Math.max(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
    left: Math.max(a.left, b.left),
    right: Math.max(a.right, b.right),
  };
}

/** How images lie in memory. */
export interface ImageLayout {
  /** Default: none. */
  readonly border?: Border;
  /**
   * Pixels right behind each other, for images that no kernel writes: 1 or 3 channels then take no padding. Default:
   * false, pixels are `leadingDimension(channels)` floats apart.
   */
  readonly dense?: boolean;
}

/**
 * Room for a batch of images. All numbers are 0, border and padding included.
 *
 * @throws InvalidArgumentError unless all sizes are integers: batch and border ≥ 0, the others ≥ 1
 * @throws OutOfMemoryError when there is no room
 */
export function allocateImages(engine: Engine, shape: ImageShape, layout: ImageLayout = {}): Images {
  const { batch, height, width, channels } = shape;
  const { border = noBorder, dense = false } = layout;
  requireInteger('batch', batch, 0);
  requireInteger('height', height, 1);
  requireInteger('width', width, 1);
  requireInteger('channels', channels, 1);
  for (const side of ['top', 'bottom', 'left', 'right'] as const) {
    requireInteger(`border.${side}`, border[side], 0);
  }
  const pixelStride = dense ? channels : leadingDimension(channels);
  const rowStride = (border.left + width + border.right) * pixelStride;
  const imageStride = (border.top + height + border.bottom) * rowStride;
  const start = engine.arena.allocateFloats(batch * imageStride);
  engine.arena.floats(start, batch * imageStride).fill(0);
  const pointer = start + 4 * (border.top * rowStride + border.left * pixelStride);
  return { batch, height, width, channels, pointer, border, pixelStride, rowStride, imageStride };
}

function requireInteger(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new InvalidArgumentError(`allocateImages: ${name} is ${value}; expected an integer ≥ ${least}`);
  }
}

/** The first `batch` images, in place. */
export function firstImages(images: Images, batch: number): Images {
  if (!Number.isInteger(batch) || batch < 0 || batch > images.batch) {
    throw new InvalidArgumentError(
      `firstImages: batch is ${batch}; expected an integer from 0 to ${images.batch}`,
    );
  }
  return { ...images, batch };
}

/** Address and count of all floats, border and padding included, for kernels over vectors. */
export function allFloats(images: Images): { readonly pointer: Pointer; readonly count: number } {
  const { border, rowStride, pixelStride } = images;
  return {
    pointer: images.pointer - 4 * (border.top * rowStride + border.left * pixelStride),
    count: images.batch * images.imageStride,
  };
}

/** Whether two tensors have the same sizes, border and strides, so that `allFloats` of both go together. */
export function sameLayout(a: Images, b: Images): boolean {
  return (
    a.batch === b.batch &&
    a.height === b.height &&
    a.width === b.width &&
    a.channels === b.channels &&
    a.pixelStride === b.pixelStride &&
    a.rowStride === b.rowStride &&
    a.imageStride === b.imageStride &&
    a.border.top === b.border.top &&
    a.border.left === b.border.left
  );
}

/**
 * Copies `values` (batch · height · width · channels numbers, NHWC, no padding) into the images; f64 is rounded to f32.
 *
 * @throws InvalidArgumentError when the count differs
 */
export function writeImages(engine: Engine, images: Images, values: ArrayLike<number>): void {
  const { batch, height, width, channels } = images;
  const count = batch * height * width * channels;
  if (values.length !== count) {
    throw new InvalidArgumentError(
      `writeImages: got ${values.length} values; expected ${batch} × ${height} × ${width} × ${channels} = ${count}`,
    );
  }
  const { pointer, count: floats } = allFloats(images);
  const target = engine.arena.floats(pointer, floats);
  forEachPixel(images, (pixel, at) => {
    for (let c = 0; c < channels; c++) target[at + c] = values[pixel * channels + c] ?? 0;
  });
}

/** A copy of the numbers, NHWC, without border and padding. */
export function readImages(engine: Engine, images: Images): Float32Array<ArrayBuffer> {
  const { batch, height, width, channels } = images;
  const { pointer, count } = allFloats(images);
  const source = engine.arena.floats(pointer, count);
  const values = new Float32Array(batch * height * width * channels);
  forEachPixel(images, (pixel, at) => values.set(source.subarray(at, at + channels), pixel * channels));
  return values;
}

/** Calls `visit` with every pixel's number and its place among `allFloats`. */
function forEachPixel(images: Images, visit: (pixel: number, at: number) => void): void {
  const { batch, height, width, border, imageStride, rowStride, pixelStride } = images;
  let pixel = 0;
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < height; i++) {
      const row = b * imageStride + (border.top + i) * rowStride + border.left * pixelStride;
      for (let j = 0; j < width; j++) visit(pixel++, row + j * pixelStride);
    }
  }
}

/**
 * Σ x² over the images in f64, border and padding left out: the rows' sums (kernel `sum_squares` over the pixels of a row)
 * added in order. 0 only if all are zero, not finite only if some number is not.
 */
export function sumSquaresOfImages(engine: Engine, images: Images): number {
  let sum = 0;
  for (let b = 0; b < images.batch; b++) {
    for (let i = 0; i < images.height; i++) {
      const row = images.pointer + 4 * (b * images.imageStride + i * images.rowStride);
      sum += engine.kernels.sum_squares(images.width, images.channels, row, images.pixelStride);
    }
  }
  return sum;
}

/** Where the images lie, as kernels take it: first pixel, then the strides from image to image, row to row, pixel to pixel. */
export function placeOf(images: Images): [Pointer, number, number, number] {
  return [images.pointer, images.imageStride, images.rowStride, images.pixelStride];
}

/**
 * rows[b] ← the numbers of image b, in order of rows, pixels and channels: what a dense layer reads.
 *
 * @param rows batch × (height · width · channels), apart from the images
 * @throws InvalidArgumentError when the sizes differ
 */
export function flattenImages(engine: Engine, images: Images, rows: Matrix): void {
  const { batch, height, width, channels } = images;
  const flat = flatPlace('flattenImages', images, rows);
  engine.kernels.copy_grid(batch, height, width, channels, ...placeOf(images), ...flat);
}

/**
 * The reverse of `flattenImages`: the images' numbers from rows of a matrix. Border and padding are left alone.
 *
 * @throws InvalidArgumentError when the sizes differ
 */
export function unflattenImages(engine: Engine, rows: Matrix, images: Images): void {
  const { batch, height, width, channels } = images;
  const flat = flatPlace('unflattenImages', images, rows);
  engine.kernels.copy_grid(batch, height, width, channels, ...flat, ...placeOf(images));
}

/** A matrix of one image a row, as a grid. */
function flatPlace(name: string, images: Images, rows: Matrix): [Pointer, number, number, number] {
  const { batch, height, width, channels } = images;
  const columns = height * width * channels;
  if (rows.rows !== batch || rows.columns !== columns) {
    throw new InvalidArgumentError(
      `${name}: the matrix is ${rows.rows} × ${rows.columns}; expected ${batch} × ${columns}`,
    );
  }
  return [rows.pointer, rows.stride, width * channels, channels];
}

/** @throws InvalidArgumentError, in the name of `caller`, for dense images: kernels write whole vectors of channels */
export function requireWritable(caller: string, name: string, images: Images): void {
  if (images.pixelStride < packedFloats(1, images.channels)) {
    throw new InvalidArgumentError(
      `${caller}: ${name} is dense; expected pixels of whole vectors — allocate it without dense`,
    );
  }
}
