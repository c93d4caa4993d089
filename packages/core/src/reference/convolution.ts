/**
 * Twins of `conv2d`, `conv2d_bias`, `conv2d_bias_relu`, `conv2d_input_gradient` and `conv2d_weight_gradient`, with the borders that
 * the package's functions set before. Forward and weight gradient are products with the patches copied together, so the
 * twins of `sgemm` serve. Arrays are NHWC without border and padding.
 */
import { type Convolution, convolutionGeometry } from '../convolution/geometry.js';
import { round32 } from './f32.js';
import { type GemmProblem, gemm, gemmF32 } from './gemm.js';

/** Sizes of a convolution: its input's, and the channels of its output. */
export interface ConvolutionSizes extends Convolution {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outputs: number;
}

/** A convolution forward. */
export interface ConvolutionProblem extends ConvolutionSizes {
  readonly x: ArrayLike<number>;
  /** (kernelHeight · kernelWidth · channels) × outputs. */
  readonly w: ArrayLike<number>;
  /** Default: none. */
  readonly bias?: ArrayLike<number>;
  /** Default: false. */
  readonly relu?: boolean;
}

/** The convolution as a matrix product, patches copied together: what `gemmErrorBound` bounds. */
export function convolutionAsProduct(problem: ConvolutionProblem): GemmProblem {
  const { w, bias, relu = false, outputs: n } = problem;
  const { m, k, patches } = patchesOf(problem, problem.x);
  return { m, n, k, layout: 'nn', a: patches, b: w, relu, ...(bias === undefined ? {} : { bias }) };
}

/** y in f64. */
export function conv2d(problem: ConvolutionProblem): Float64Array<ArrayBuffer> {
  return gemm(convolutionAsProduct(problem));
}

/** y in f32, each element one chain over the kernel's rows, columns and channels: the kernels' bits. */
export function conv2dF32(problem: ConvolutionProblem): Float32Array<ArrayBuffer> {
  return gemmF32(convolutionAsProduct(problem));
}

/** dW in f64 from x and dy. */
export function conv2dWeightGradient(
  sizes: ConvolutionSizes,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  const { m: k, k: m, patches } = patchesOf(sizes, x);
  return gemm({ m, n: sizes.outputs, k, layout: 'tn', a: patches, b: dy });
}

/** dW in f32: a chain over the pixels of every image, then the images' sums in order. The kernel's bits. */
export function conv2dWeightGradientF32(
  sizes: ConvolutionSizes,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const { m: rows, k: m, patches } = patchesOf(sizes, x);
  const n = sizes.outputs;
  const k = sizes.batch === 0 ? 0 : rows / sizes.batch;
  const total = new Float32Array(m * n);
  for (let b = 0; b < sizes.batch; b++) {
    const a = patches.subarray(b * k * m, (b + 1) * k * m);
    const image = Array.prototype.slice.call(dy, b * k * n, (b + 1) * k * n) as number[];
    const sum = gemmF32({ m, n, k, layout: 'tn', a, b: image });
    // The first image's sum is taken as it is: 0 + −0 would lose a sign.
    sum.forEach((value, i) => {
      total[i] = b === 0 ? value : Number(total[i]) + value;
    });
  }
  return total;
}

/** dx in f64: every product of dy and W where it came from. */
export function conv2dInputGradient(
  sizes: ConvolutionSizes,
  dy: ArrayLike<number>,
  w: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  const { batch, height, width, channels, outputs } = sizes;
  const { border, height: rows, width: columns } = convolutionGeometry(sizes, height, width);
  const dx = new Float64Array(batch * height * width * channels);
  const { kernelHeight, kernelWidth, stride } = sizes;
  for (let out = 0; out < batch * rows * columns; out++) {
    const [b, i, j] = unravel(out, rows, columns);
    for (let tap = 0; tap < kernelHeight * kernelWidth; tap++) {
      const [, p, q] = unravel(tap, kernelHeight, kernelWidth);
      const pixel = pixelAt(sizes, b, i * stride + p - border.top, j * stride + q - border.left);
      if (pixel < 0) continue;
      for (let c = 0; c < channels; c++) {
        for (let o = 0; o < outputs; o++) {
          const at = pixel * channels + c;
          const term = Number(dy[out * outputs + o]) * Number(w[(tap * channels + c) * outputs + o]);
          dx[at] = Number(dx[at]) + term;
        }
      }
    }
  }
  return dx;
}

/**
 * dx in f32: one chain over dy's rows, columns and channels, ascending, zeros beyond its edges included; where the image
 * continues periodically, over the border too, which is then folded: its rows from the top, then its columns from the
 * left. The kernel's bits.
 */
export function conv2dInputGradientF32(
  sizes: ConvolutionSizes,
  dy: ArrayLike<number>,
  w: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const { batch, height, width, channels, padding } = sizes;
  const { border } = convolutionGeometry(sizes, height, width);
  const [tall, wide] = [border.top + height + border.bottom, border.left + width + border.right];
  const padded = new Float32Array(batch * tall * wide * channels);
  for (let at = 0; at < padded.length; at++) {
    const [pixel, c] = [Math.floor(at / channels), at % channels];
    const [b, i, j] = unravel(pixel, tall, wide);
    padded[at] = inputGradientChain(sizes, dy, w, { b, i, j, c });
  }
  const place = (b: number, i: number, j: number, c: number) => ((b * tall + i) * wide + j) * channels + c;
  const add = (to: number, from: number) => {
    padded[to] = Number(padded[to]) + Number(padded[from]);
  };
  const dx = new Float32Array(batch * height * width * channels);
  for (let b = 0; b < batch; b++) {
    for (let c = 0; c < channels && padding === 'circular'; c++) {
      for (const i of outside(border.top, height, tall)) {
        for (let j = 0; j < wide; j++) add(place(b, wrap(i, border.top, height), j, c), place(b, i, j, c));
      }
      for (const j of outside(border.left, width, wide)) {
        for (let i = border.top; i < border.top + height; i++) {
          add(place(b, i, wrap(j, border.left, width), c), place(b, i, j, c));
        }
      }
    }
  }
  dx.forEach((_, at) => {
    const [b, i, j] = unravel(Math.floor(at / channels), height, width);
    dx[at] = padded[place(b, i + border.top, j + border.left, at % channels)] ?? 0;
  });
  return dx;
}

/** One element of the padded input gradient: rows i and columns j count from the border's first. */
function inputGradientChain(
  sizes: ConvolutionSizes,
  dy: ArrayLike<number>,
  w: ArrayLike<number>,
  { b, i, j, c }: { readonly b: number; readonly i: number; readonly j: number; readonly c: number },
): number {
  const { height, width, channels, outputs, kernelHeight, kernelWidth, stride } = sizes;
  const { height: rows, width: columns } = convolutionGeometry(sizes, height, width);
  let sum = 0;
  for (let row = Math.ceil((i - kernelHeight + 1) / stride); row * stride <= i; row++) {
    for (let column = Math.ceil((j - kernelWidth + 1) / stride); column * stride <= j; column++) {
      const within = row >= 0 && row < rows && column >= 0 && column < columns;
      const tap = (i - row * stride) * kernelWidth + (j - column * stride);
      for (let o = 0; o < outputs; o++) {
        const gradient = within ? Number(dy[((b * rows + row) * columns + column) * outputs + o]) : 0;
        sum = round32(sum + round32(gradient * Number(w[(tap * channels + c) * outputs + o])));
      }
    }
  }
  return sum;
}

/** m patches of k numbers: the pixels under the kernel for every pixel of the output. */
function patchesOf(sizes: ConvolutionSizes, x: ArrayLike<number>) {
  const { batch, height, width, channels, kernelHeight, kernelWidth, stride } = sizes;
  const { border, height: rows, width: columns } = convolutionGeometry(sizes, height, width);
  const taps = kernelHeight * kernelWidth;
  const [m, k] = [batch * rows * columns, taps * channels];
  const patches = new Float64Array(m * k);
  for (let out = 0; out < m; out++) {
    const [b, i, j] = unravel(out, rows, columns);
    for (let tap = 0; tap < taps; tap++) {
      const [, p, q] = unravel(tap, kernelHeight, kernelWidth);
      const pixel = pixelAt(sizes, b, i * stride + p - border.top, j * stride + q - border.left);
      for (let c = 0; c < channels && pixel >= 0; c++) {
        patches[out * k + tap * channels + c] = Number(x[pixel * channels + c]);
      }
    }
  }
  return { m, k, patches };
}

/** The pixel's number in the batch, or −1 for a zero beyond the image. */
function pixelAt(sizes: ConvolutionSizes, b: number, i: number, j: number): number {
  const { height, width, padding } = sizes;
  if (padding === 'circular') return (b * height + wrap(i, 0, height)) * width + wrap(j, 0, width);
  return i < 0 || i >= height || j < 0 || j >= width ? -1 : (b * height + i) * width + j;
}

function unravel(index: number, rows: number, columns: number): [number, number, number] {
  const row = Math.floor(index / columns);
  return [Math.floor(row / rows), row % rows, index % columns];
}

/** Indices of a padded direction that are border, ascending. */
function outside(before: number, size: number, padded: number): number[] {
  return Array.from({ length: padded }, (_, i) => i).filter((i) => i < before || i >= before + size);
}

/** `index`, counted from `start`, brought into the image. */
function wrap(index: number, start: number, size: number): number {
  return start + ((((index - start) % size) + size) % size);
}
