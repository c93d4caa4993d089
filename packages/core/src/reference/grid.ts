/** Twins of `copy_grid`, `add_grid` and `zero_grid`: rectangles of pixels in arrays, with strides. */
import { round32 } from './f32.js';

/** How many of everything. */
export interface GridSize {
  readonly images: number;
  readonly rows: number;
  readonly pixels: number;
  readonly channels: number;
}

/** Where a grid lies in an array: its first number, and the strides from image to image, row to row, pixel to pixel. */
export interface GridPlace {
  readonly values: ArrayLike<number>;
  readonly start: number;
  readonly image: number;
  readonly row: number;
  readonly pixel: number;
}

/** The whole of target's array with the source copied in. */
export function copyGrid(size: GridSize, source: GridPlace, target: GridPlace): Float64Array<ArrayBuffer> {
  return replace(size, target, (_, index) => Number(source.values[offset(source, index)]));
}

/** The whole of target's array with the source added, in f64. */
export function addGrid(size: GridSize, source: GridPlace, target: GridPlace): Float64Array<ArrayBuffer> {
  return replace(size, target, (old, index) => old + Number(source.values[offset(source, index)]));
}

/** The same in f32, each sum rounded: the kernel's bits. */
export function addGridF32(size: GridSize, source: GridPlace, target: GridPlace): Float32Array<ArrayBuffer> {
  const sums = replace(size, target, (old, index) =>
    round32(old + Number(source.values[offset(source, index)])),
  );
  return Float32Array.from(sums);
}

/** The whole of target's array with the grid set to +0. */
export function zeroGrid(size: GridSize, target: GridPlace): Float64Array<ArrayBuffer> {
  return replace(size, target, () => 0);
}

type GridIndex = readonly [image: number, row: number, pixel: number, channel: number];

function offset(place: GridPlace, [b, i, j, c]: GridIndex): number {
  return place.start + b * place.image + i * place.row + j * place.pixel + c;
}

function replace(
  size: GridSize,
  target: GridPlace,
  value: (old: number, index: GridIndex) => number,
): Float64Array<ArrayBuffer> {
  const values = Float64Array.from(target.values);
  for (let b = 0; b < size.images; b++) {
    for (let i = 0; i < size.rows; i++) {
      for (let j = 0; j < size.pixels; j++) {
        for (let c = 0; c < size.channels; c++) {
          const at = offset(target, [b, i, j, c]);
          values[at] = value(Number(values[at]), [b, i, j, c]);
        }
      }
    }
  }
  return values;
}
