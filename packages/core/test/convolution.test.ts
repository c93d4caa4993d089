/**
 * Convolutions against their twins: the bits of the f32 chains and within the rounding bound of f64, for kernels, strides,
 * paddings and odd channels, in memory full of NaN between guards. And the f64 gradients against central differences.
 */
import { describe, expect, it } from 'vitest';
import {
  conv2dBiasGradient,
  conv2dForward,
  conv2dInputGradient,
  conv2dWeightGradient,
  convolutionGeometry,
  convolutionScratchFloats,
  createEngine,
  type ImageLayout,
  leadingDimension,
  type Matrix,
  type Padding,
  readImages,
  readMatrix,
  widerBorder,
} from '../src/index.js';
import * as reference from '../src/reference/index.js';
import { type ConvolutionSizes, gemm, gemmErrorBound, roundingBound } from '../src/reference/index.js';
import { firstDifference, firstOutside, floatsWithSpecials, randomFloats, seededNumbers } from './floats.js';
import { borrowing, type Guarded, guardedBlock, guardedRows } from './guarded.js';
import { brokenGuards, guardedImages } from './guarded-images.js';

const engine = createEngine();
const paddings: readonly Padding[] = ['zero', 'circular', 'valid'];

interface Data {
  readonly x: Float32Array;
  readonly w: Float32Array;
  readonly bias: Float32Array;
  readonly dy: Float32Array;
}

function sizesOf(sizes: Partial<ConvolutionSizes>): ConvolutionSizes {
  const square = { batch: 2, height: 7, width: 6, channels: 3, outputs: 5 };
  return { ...square, kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 'zero', ...sizes };
}

function dataOf(sizes: ConvolutionSizes, floats: (seed: number, n: number) => Float32Array, seed = 1): Data {
  const { batch, height, width, channels, outputs, kernelHeight, kernelWidth } = sizes;
  const out = convolutionGeometry(sizes, height, width);
  return {
    x: floats(seed, batch * height * width * channels),
    w: floats(seed + 1, kernelHeight * kernelWidth * channels * outputs),
    bias: floats(seed + 2, outputs),
    dy: floats(seed + 3, batch * out.height * out.width * outputs),
  };
}

function guardedMatrix(
  rows: number,
  columns: number,
  values?: ArrayLike<number>,
): Matrix & { block: Guarded } {
  const stride = leadingDimension(columns);
  const block =
    values === undefined
      ? guardedBlock(engine, rows * stride)
      : guardedRows(engine, { rows, columns, ld: stride }, values);
  return { pointer: block.pointer, rows, columns, stride, block };
}

/** Everything a convolution computes, by the kernels, from tensors full of NaN. */
function run(
  sizes: ConvolutionSizes,
  data: Data,
  layout: { readonly dense?: boolean; readonly extra?: number } = {},
) {
  const { batch, height, width, channels, outputs, kernelHeight, kernelWidth } = sizes;
  const { dense = false, extra = 0 } = layout;
  return borrowing(engine, () => {
    const geometry = convolutionGeometry(sizes, height, width);
    const more = { top: extra, bottom: extra, left: 0, right: 2 * extra };
    const near: ImageLayout = { border: widerBorder(geometry.border, more) };
    const far: ImageLayout = { border: widerBorder(geometry.gradientBorder, more) };
    const inputShape = { batch, height, width, channels };
    const outputShape = { batch, height: geometry.height, width: geometry.width, channels: outputs };
    const fanIn = kernelHeight * kernelWidth * channels;
    const input = guardedImages(engine, inputShape, { ...near, dense }, data.x);
    const weights = guardedMatrix(fanIn, outputs, data.w);
    const biases = guardedMatrix(1, outputs, data.bias);
    const outputGradient = guardedImages(engine, outputShape, far, data.dy);
    const [plain, biased, rectified] = [1, 2, 3].map(() => guardedImages(engine, outputShape, far));
    const inputGradient = guardedImages(engine, inputShape, near);
    const weightGradient = guardedMatrix(fanIn, outputs);
    const biasGradient = guardedMatrix(1, outputs);
    const floats = convolutionScratchFloats(sizes, sizes, outputs);
    const block = guardedBlock(engine, floats);
    const scratch = { pointer: block.pointer, floats };
    if (plain === undefined || biased === undefined || rectified === undefined)
      throw new Error('three outputs');

    conv2dForward(engine, sizes, { input, weights, output: plain, scratch });
    conv2dForward(engine, sizes, { input, weights, biases, output: biased, scratch });
    conv2dForward(engine, sizes, { input, weights, biases, relu: true, output: rectified, scratch });
    conv2dInputGradient(engine, sizes, { outputGradient, weights, inputGradient, scratch });
    conv2dWeightGradient(engine, sizes, { input, outputGradient, weightGradient, scratch });
    conv2dBiasGradient(engine, { outputGradient, biasGradient, scratch });
    const tensors = { input, weights, biases, outputGradient, plain, biased, rectified, inputGradient };
    const blocks = Object.entries({ ...tensors, weightGradient, biasGradient }).map(
      ([name, tensor]) => [name, tensor.block] as const,
    );
    return {
      plain: readImages(engine, plain),
      biased: readImages(engine, biased),
      rectified: readImages(engine, rectified),
      inputGradient: readImages(engine, inputGradient),
      weightGradient: readMatrix(engine, weightGradient),
      biasGradient: readMatrix(engine, biasGradient),
      unchanged: readImages(engine, input),
      damage: brokenGuards({ ...Object.fromEntries(blocks), scratch: block }),
    };
  });
}

function twins(sizes: ConvolutionSizes, { x, w, bias, dy }: Data) {
  const { batch, height, width, outputs: channels } = sizes;
  const out = convolutionGeometry(sizes, height, width);
  const grid = { images: batch, rows: out.height, pixels: out.width, channels };
  return {
    plain: reference.conv2dF32({ ...sizes, x, w }),
    biased: reference.conv2dF32({ ...sizes, x, w, bias }),
    rectified: reference.conv2dF32({ ...sizes, x, w, bias, relu: true }),
    inputGradient: reference.conv2dInputGradientF32(sizes, dy, w),
    weightGradient: reference.conv2dWeightGradientF32(sizes, x, dy),
    biasGradient: Float32Array.from(reference.channelSums(grid, dy)),
    unchanged: x,
  };
}

function expectBits(sizes: ConvolutionSizes, data: Data, layout = {}): void {
  const context = JSON.stringify({ ...sizes, ...layout });
  const { damage, ...got } = run(sizes, data, layout);
  expect(damage, context).toEqual([]);
  for (const [name, want] of Object.entries(twins(sizes, data))) {
    expect(firstDifference(got[name as keyof typeof got], want), `${name} of ${context}`).toBeNull();
  }
}

/** Small convolutions of all kinds, tiles of every width among the channels. */
function* sampleSizes(count: number, seed: number): Generator<ConvolutionSizes> {
  const next = seededNumbers(seed);
  const pick = <T>(values: readonly [T, ...T[]]): T =>
    values[Math.floor(next() * values.length)] ?? values[0];
  for (let left = count; left > 0; left--) {
    const [kernelHeight, kernelWidth] = pick<readonly [number, number]>([
      [1, 1],
      [3, 3],
      [2, 2],
      [5, 3],
      [1, 4],
      [4, 1],
      [7, 7],
    ]);
    const padding = pick(['zero', 'circular', 'valid'] as const);
    const least = padding === 'valid' ? [kernelHeight, kernelWidth] : [1, 1];
    yield {
      ...{ kernelHeight, kernelWidth, padding, stride: pick([1, 1, 2, 3, 5]), batch: pick([1, 2, 3]) },
      height: Number(least[0]) + Math.floor(6 * next()),
      width: Number(least[1]) + Math.floor(9 * next()),
      channels: pick([1, 2, 3, 4, 5, 8, 13]),
      outputs: pick([1, 2, 3, 4, 5, 8, 9, 12, 15, 16, 17, 20, 28, 33]),
    };
  }
}

describe('convolutions', () => {
  it('have the bits of their chains, forward and backward, inside their memory', () => {
    const next = seededNumbers(5);
    for (const sizes of sampleSizes(150, 1)) {
      const layout = { dense: next() < 0.4, extra: next() < 0.3 ? 1 : 0 };
      expectBits(sizes, dataOf(sizes, randomFloats, Math.floor(1e6 * next())), layout);
    }
  });

  it.each(paddings)('pass a block of pixels and a row block: 13 × 11 pixels, padding %s', (padding) => {
    for (const stride of [1, 2]) {
      const sizes = sizesOf({ height: 13, width: 11, channels: 4, outputs: 20, stride, padding });
      expectBits(sizes, dataOf(sizes, randomFloats));
    }
  });

  it('treat NaN, infinities, −0 and denormals as the chains do', () => {
    let notFinite = 0;
    for (const sizes of sampleSizes(40, 2)) {
      const data = dataOf(sizes, (seed, n) => floatsWithSpecials(seed, n, 30));
      expectBits(sizes, data);
      notFinite += run(sizes, data).inputGradient.filter((x) => !Number.isFinite(x)).length;
    }
    expect(notFinite).toBeGreaterThan(100);
  });

  it('are within their rounding bounds of f64', () => {
    const absolute = (values: Float32Array) => values.map(Math.abs);
    for (const sizes of sampleSizes(40, 3)) {
      const { x, w, bias, dy } = dataOf(sizes, randomFloats);
      const got = run(sizes, { x, w, bias, dy });
      const problem = { ...sizes, x, w, bias };
      const bounds = gemmErrorBound(reference.convolutionAsProduct(problem));
      expect(firstOutside(got.biased, reference.conv2d(problem), (i) => Number(bounds[i]))).toBeNull();

      // Terms of a chain, and the foldings of the border: rows and columns that are copies of one pixel.
      const { border, height, width } = convolutionGeometry(sizes, sizes.height, sizes.width);
      const copies = border.top + border.bottom + border.left + border.right;
      const terms = sizes.kernelHeight * sizes.kernelWidth * sizes.outputs + copies;
      const size = reference.conv2dInputGradient(sizes, absolute(dy), absolute(w));
      const dx = reference.conv2dInputGradient(sizes, dy, w);
      const near = (i: number) => roundingBound(terms) * Number(size[i]) + 2 ** -126;
      expect(firstOutside(got.inputGradient, dx, near), JSON.stringify(sizes)).toBeNull();

      const weight = reference.conv2dWeightGradient(sizes, absolute(x), absolute(dy));
      const dw = reference.conv2dWeightGradient(sizes, x, dy);
      const chain = height * width + sizes.batch;
      const close = (i: number) => roundingBound(chain) * Number(weight[i]) + 2 ** -126;
      expect(firstOutside(got.weightGradient, dw, close), JSON.stringify(sizes)).toBeNull();
    }
  });

  it('of 1 × 1 pixels are the dense product', () => {
    const sizes = sizesOf({ kernelHeight: 1, kernelWidth: 1, batch: 3, height: 1, width: 1, channels: 7 });
    const { x, w, bias, dy } = dataOf(sizes, randomFloats);
    const product = reference.gemmF32({ m: 3, n: 5, k: 7, layout: 'nn', a: x, b: w, bias });
    expect(firstDifference(run(sizes, { x, w, bias, dy }).biased, product)).toBeNull();
  });

  it('give zeros as the gradients of an empty batch', () => {
    const sizes = sizesOf({ batch: 0 });
    const got = run(sizes, dataOf(sizes, randomFloats));
    expect(got.damage).toEqual([]);
    expect(got.plain).toHaveLength(0);
    expect(got.weightGradient.every((x) => Object.is(x, 0))).toBe(true);
    expect(got.biasGradient.every((x) => Object.is(x, 0))).toBe(true);
  });

  it('with circular padding commute with shifts of the image', () => {
    // The control of "circular": a property of the operation that its twin shares no code for.
    const sizes = sizesOf({ batch: 1, height: 5, width: 6, padding: 'circular', kernelHeight: 4 });
    const data = dataOf(sizes, randomFloats);
    const shift = (values: Float32Array, channels: number) =>
      values.map((_, at) => {
        const [pixel, c] = [Math.floor(at / channels), at % channels];
        const [i, j] = [Math.floor(pixel / 6), pixel % 6];
        return Number(values[(((i + 2) % 5) * 6 + ((j + 5) % 6)) * channels + c]);
      });
    const moved = run(sizes, { ...data, x: shift(data.x, 3), dy: shift(data.dy, 5) });
    const still = run(sizes, data);
    expect(firstDifference(moved.biased, shift(still.biased, 5))).toBeNull();
    const close = (i: number) => 1e-5 * Math.abs(Number(still.weightGradient[i])) + 1e-5;
    expect(firstOutside(moved.weightGradient, still.weightGradient, close)).toBeNull();
    const zero = { ...sizes, padding: 'zero' } as const;
    const cut = run(zero, { ...data, x: shift(data.x, 3) }).biased;
    expect(firstDifference(cut, shift(run(zero, data).biased, 5))).not.toBeNull();
  });
});

describe('the f64 twins', () => {
  // The sum Σ r·y is linear in x and in W: a central difference is exact but for rounding.
  const cases = paddings.flatMap((padding) => [1, 2, 3].map((stride) => [padding, stride] as const));
  it.each(cases)('have the gradients of central differences, padding %s, stride %i', (padding, stride) => {
    for (const [kernelHeight, kernelWidth] of [
      [3, 3],
      [2, 4],
      [5, 1],
    ] as const) {
      const sizes = sizesOf({
        padding,
        stride,
        kernelHeight,
        kernelWidth,
        height: 5,
        width: 4,
        outputs: 2,
        channels: 2,
      });
      const { x, w, dy } = dataOf(sizes, randomFloats);
      const total = (x: ArrayLike<number>, w: ArrayLike<number>) =>
        reference.conv2d({ ...sizes, x, w }).reduce((sum, y, i) => sum + y * Number(dy[i]), 0);
      const slopes = (values: Float32Array, at: (changed: Float64Array) => number) =>
        Float64Array.from(values, (value, i) => {
          const changed = Float64Array.from(values);
          changed[i] = value + 0.5;
          const up = at(changed);
          changed[i] = value - 0.5;
          return up - at(changed);
        });
      const inputs = slopes(x, (changed) => total(changed, w));
      const weights = slopes(w, (changed) => total(x, changed));
      expect(firstOutside(reference.conv2dInputGradient(sizes, dy, w), inputs, () => 1e-12)).toBeNull();
      expect(firstOutside(reference.conv2dWeightGradient(sizes, x, dy), weights, () => 1e-12)).toBeNull();
      // The control: another stride's gradient is far off.
      expect(
        firstOutside(
          inputs.map((g) => g * 1.001),
          inputs,
          () => 1e-12,
        ),
      ).not.toBeNull();
    }
  });

  it('are within the bound of the chain that gives the bits, and differ from it', () => {
    const sizes = sizesOf({ channels: 8, outputs: 8 });
    const { x, w } = dataOf(sizes, randomFloats);
    const product = reference.convolutionAsProduct({ ...sizes, x, w });
    expect(
      firstDifference(Float32Array.from(gemm(product)), reference.conv2dF32({ ...sizes, x, w })),
    ).not.toBeNull();
  });
});
