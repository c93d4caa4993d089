/** Twins of `average_pool`, `average_pool_backward`, `max_pool` and `max_pool_backward`. Arrays are NHWC without padding. */
import { type Pool, pooledSize } from '../convolution/pooling.js';
import { round32 } from './f32.js';

/** Sizes of a pool and its input. */
export interface PoolSizes extends Pool {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The mean of every window, summed in order of rows and columns, in f64. Rounded to f32, the kernel's bits. */
export function averagePool(sizes: PoolSizes, x: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const count = sizes.windowHeight * sizes.windowWidth;
  return Float64Array.from(windowsOf(sizes), (window) => {
    let sum = 0;
    for (const at of window) sum += Number(x[at]);
    return sum / count;
  });
}

/** dx in f64. */
export function averagePoolBackward(sizes: PoolSizes, dy: ArrayLike<number>): Float64Array<ArrayBuffer> {
  return share(sizes, dy, (x) => x);
}

/** dx in f32: dy times the rounded share, rounded, added window by window. The kernel's bits. */
export function averagePoolBackwardF32(sizes: PoolSizes, dy: ArrayLike<number>): Float32Array<ArrayBuffer> {
  return Float32Array.from(share(sizes, dy, round32));
}

/** The largest of every window, the first of equals, the first NaN if there is one. Exact. */
export function maxPool(sizes: PoolSizes, x: ArrayLike<number>): Float64Array<ArrayBuffer> {
  return Float64Array.from(windowsOf(sizes), (window) => Number(x[largest(window, x)]));
}

/** dx in f64: every dy at the place of its window's maximum. */
export function maxPoolBackward(
  sizes: PoolSizes,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  return scatter(sizes, x, dy, (value) => value);
}

/** dx in f32, added window by window: the kernel's bits. */
export function maxPoolBackwardF32(
  sizes: PoolSizes,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(scatter(sizes, x, dy, round32));
}

function share(sizes: PoolSizes, dy: ArrayLike<number>, round: (x: number) => number) {
  const dx = emptyInput(sizes);
  const part = round(1 / (sizes.windowHeight * sizes.windowWidth));
  windowsOf(sizes).forEach((window, out) => {
    const value = round(Number(dy[out]) * part);
    for (const at of window) dx[at] = round(Number(dx[at]) + value);
  });
  return dx;
}

function scatter(
  sizes: PoolSizes,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  round: (x: number) => number,
) {
  const dx = emptyInput(sizes);
  windowsOf(sizes).forEach((window, out) => {
    const at = largest(window, x);
    dx[at] = round(Number(dx[at]) + Number(dy[out]));
  });
  return dx;
}

function emptyInput({ batch, height, width, channels }: PoolSizes): Float64Array<ArrayBuffer> {
  return new Float64Array(batch * height * width * channels);
}

function largest(window: readonly number[], x: ArrayLike<number>): number {
  let best = window[0] ?? 0;
  for (const at of window) {
    const [value, top] = [Number(x[at]), Number(x[best])];
    if (value > top || (Number.isNaN(value) && !Number.isNaN(top))) best = at;
  }
  return best;
}

/** For every number of the output, NHWC, the places of its window in the input, in order of rows and columns. */
function windowsOf(sizes: PoolSizes): readonly number[][] {
  const { batch, height, width, channels, windowHeight, windowWidth, stride } = sizes;
  const { height: rows, width: columns } = pooledSize(sizes, height, width);
  return Array.from({ length: batch * rows * columns * channels }, (_, out) => {
    const c = out % channels;
    const pixel = Math.floor(out / channels);
    const [i, j] = [Math.floor(pixel / columns) % rows, pixel % columns];
    const b = Math.floor(pixel / (rows * columns));
    return Array.from({ length: windowHeight * windowWidth }, (_, tap) => {
      const [p, q] = [Math.floor(tap / windowWidth), tap % windowWidth];
      return ((b * height + i * stride + p) * width + j * stride + q) * channels + c;
    });
  });
}
