/**
 * Pools: each window of windowHeight × windowWidth pixels, `stride` apart, becomes one, channel by channel. Windows lie inside
 * the image, so pixels at the lower and right edge may belong to none.
 */
import type { Engine } from '../engine.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { type Images, placeOf, requireWritable } from '../tensor/images.js';

/** A pool. Plain JSON. Integers ≥ 1. */
export interface Pool {
  readonly windowHeight: number;
  readonly windowWidth: number;
  readonly stride: number;
}

/** The pool that takes in the whole image: with `averagePool`, the global average. */
export function globalPool(images: { readonly height: number; readonly width: number }): Pool {
  return { windowHeight: images.height, windowWidth: images.width, stride: 1 };
}

/**
 * ⌊(size − window)/stride⌋ + 1 in both directions.
 *
 * @throws InvalidArgumentError for sizes that are no integers ≥ 1, or a window larger than the image
 */
export function pooledSize(
  pool: Pool,
  height: number,
  width: number,
): { readonly height: number; readonly width: number } {
  const { windowHeight, windowWidth, stride } = pool;
  for (const [name, value] of Object.entries({ windowHeight, windowWidth, stride, height, width })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InvalidArgumentError(`pooledSize: ${name} is ${value}; expected an integer ≥ 1`);
    }
  }
  if (windowHeight > height || windowWidth > width) {
    throw new InvalidArgumentError(
      `pooledSize: the window is ${windowHeight} × ${windowWidth}; expected at most the image's ${height} × ${width}`,
    );
  }
  return {
    height: Math.floor((height - windowHeight) / stride) + 1,
    width: Math.floor((width - windowWidth) / stride) + 1,
  };
}

/**
 * output ← the mean of every window: summed in f64 in order of rows and columns, divided, rounded once.
 *
 * @throws InvalidArgumentError when sizes do not fit
 */
export function averagePool(engine: Engine, pool: Pool, input: Images, output: Images): void {
  const window = requireFit('averagePool', pool, input, output);
  requireWritable('averagePool', 'output', output);
  engine.kernels.average_pool(...window, ...placeOf(input), ...placeOf(output));
}

/**
 * inputGradient ← outputGradient, shared out evenly over every window; overwritten. Windows that overlap are added in order, in
 * f32.
 *
 * @throws InvalidArgumentError when sizes do not fit
 */
export function averagePoolBackward(
  engine: Engine,
  pool: Pool,
  outputGradient: Images,
  inputGradient: Images,
): void {
  const window = requireFit('averagePoolBackward', pool, inputGradient, outputGradient);
  requireWritable('averagePoolBackward', 'inputGradient', inputGradient);
  const { height, width } = inputGradient;
  const { kernels } = engine;
  kernels.average_pool_backward(
    ...window,
    ...placeOf(outputGradient),
    height,
    width,
    ...placeOf(inputGradient),
  );
}

/**
 * output ← the largest number of every window; NaN if there is one.
 *
 * @throws InvalidArgumentError when sizes do not fit
 */
export function maxPool(engine: Engine, pool: Pool, input: Images, output: Images): void {
  const window = requireFit('maxPool', pool, input, output);
  requireWritable('maxPool', 'output', output);
  engine.kernels.max_pool(...window, ...placeOf(input), ...placeOf(output));
}

/**
 * inputGradient ← outputGradient at the place of every window's maximum (the first of equals, the first NaN), 0 elsewhere;
 * overwritten. Windows that overlap are added in order, in f32.
 *
 * @param tensors.input what `maxPool` was given
 * @throws InvalidArgumentError when sizes do not fit
 */
export function maxPoolBackward(
  engine: Engine,
  pool: Pool,
  tensors: { readonly input: Images; readonly outputGradient: Images; readonly inputGradient: Images },
): void {
  const { input, outputGradient, inputGradient } = tensors;
  const window = requireFit('maxPoolBackward', pool, input, outputGradient);
  requireFit('maxPoolBackward', pool, inputGradient, outputGradient);
  requireWritable('maxPoolBackward', 'inputGradient', inputGradient);
  if (inputGradient.height !== input.height || inputGradient.width !== input.width) {
    throw new InvalidArgumentError(
      `maxPoolBackward: inputGradient is ${inputGradient.height} × ${inputGradient.width}; expected ${input.height} × ${input.width}`,
    );
  }
  const size = [input.height, input.width] as const;
  const { kernels } = engine;
  kernels.max_pool_backward(
    ...window,
    ...placeOf(input),
    ...placeOf(outputGradient),
    ...size,
    ...placeOf(inputGradient),
  );
}

/** What the kernels take first, once the sizes fit. */
function requireFit(caller: string, pool: Pool, x: Images, y: Images) {
  const { height, width } = pooledSize(pool, x.height, x.width);
  if (y.batch !== x.batch || y.height !== height || y.width !== width || y.channels !== x.channels) {
    throw new InvalidArgumentError(
      `${caller}: the pooled side is ${y.batch} × ${y.height} × ${y.width} × ${y.channels}; expected ${x.batch} × ${height} × ${width} × ${x.channels}`,
    );
  }
  const { windowHeight, windowWidth, stride } = pool;
  return [y.batch, height, width, y.channels, windowHeight, windowWidth, stride] as const;
}
