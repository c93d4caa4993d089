/**
 * Convolutional nets drawn by the kernels and passed forward in f32 against the recursion, pixel by pixel, over initializers and
 * paddings. Tolerances are standard errors of the sample: second moments of convolutions have no formula, and nets this shallow
 * (relative standard errors below 5 %, asked below) have no tail that a sample misses.
 */
import {
  allocateImages,
  allocateMatrix,
  allocateScratch,
  type Convolution,
  conv2dForward,
  convolutionGeometry,
  convolutionScratchFloats,
  createEngine,
  deriveKey,
  keyPurpose,
  type Padding,
  readImages,
  rootKey,
  writeImages,
} from '@kindling/core';
import { predictConvolutionLengths } from '@kindling/diagnostics';
import { drawLayer, findInitializer, type LayerwiseInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const size = { height: 9, width: 8, channels: 3 };
const channels = [6, 8, 6];
const trials = 1500;
const values = Float32Array.from({ length: 9 * 8 * 3 }, (_, i) => (i % 7 === 0 ? 2 : 0.1 * ((i % 11) - 5)));

/** Mean square of the channels at every pixel. */
function energies(pixels: ArrayLike<number>, depth: number): number[] {
  return Array.from({ length: pixels.length / depth }, (_, p) => {
    let sum = 0;
    for (let c = 0; c < depth; c++) sum += (pixels[p * depth + c] ?? 0) ** 2;
    return sum / depth;
  });
}

/** Energy maps of random nets, [layer][trial][pixel]. */
function measure(initializer: LayerwiseInitializer, padding: Padding, stride: number): number[][][] {
  const engine = createEngine();
  const convolution: Convolution = { kernelHeight: 3, kernelWidth: 3, stride, padding };
  let shape = { batch: 1, ...size };
  const layers = channels.map((outputs) => {
    const { border, height, width } = convolutionGeometry(convolution, shape.height, shape.width);
    const input = allocateImages(engine, shape, { border });
    const scratch = allocateScratch(engine, convolutionScratchFloats(convolution, shape, outputs));
    const layer = {
      input,
      weights: allocateMatrix(engine, 9 * shape.channels, outputs),
      biases: allocateMatrix(engine, 1, outputs),
      scratch,
      shape: { fanIn: 9 * shape.channels, fanOut: 9 * outputs, kernel: [3, 3] as const },
    };
    shape = { batch: 1, height, width, channels: outputs };
    return layer;
  });
  const last = allocateImages(engine, shape);
  const [first] = layers;
  if (first !== undefined) writeImages(engine, first.input, values);
  const maps: number[][][] = layers.map(() => []);
  for (let trial = 0; trial < trials; trial++) {
    const key = deriveKey(rootKey(31), keyPurpose.trial, trial);
    layers.forEach(({ input, weights, biases, scratch, shape: fans }, index) => {
      drawLayer(engine, initializer, fans, key, index + 1, weights, biases);
      const output = layers[index + 1]?.input ?? last;
      conv2dForward(engine, convolution, { input, weights, biases, relu: true, output, scratch });
      maps[index]?.push(energies(readImages(engine, output), output.channels));
    });
  }
  return maps;
}

function average(numbers: readonly number[]): { readonly mean: number; readonly standardError: number } {
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (numbers.length - 1);
  return { mean, standardError: Math.sqrt(variance / numbers.length) };
}

const meanOf = (map: readonly number[]) => map.reduce((a, b) => a + b, 0) / map.length;

describe.each([
  'he-normal',
  'he-truncated-normal-uncorrected',
  'glorot-uniform',
  'orthogonal',
  'pytorch:linear',
])('%s', (name) => {
  const { initializer } = findInitializer(name);
  if (initializer.kind !== 'layerwise') throw new Error(`${name} is ${initializer.kind}; expected layerwise`);

  it.each([
    ['zero', 1],
    ['circular', 1],
    ['valid', 1],
    ['zero', 2],
  ] as const)('%s padding, stride %d', (padding, stride) => {
    const maps = measure(initializer, padding, stride);
    const options = {
      input: size,
      layers: channels.map((outputs) => ({ channels: outputs, kernel: 3, stride, padding })),
      initializer,
      inputEnergy: energies(values, 3),
      keepMaps: true,
    };
    predictConvolutionLengths(options).forEach((layer, index) => {
      const found = maps[index] ?? [];
      const mean = layer.mean ?? Number.NaN;
      const whole = average(found.map(meanOf));
      expect(whole.standardError).toBeLessThan(0.05 * whole.mean);
      expect(Math.abs(whole.mean - mean)).toBeLessThan(4 * whole.standardError);
      // Negative control: a variance a fourth larger.
      expect(Math.abs(whole.mean - 1.25 ** (index + 1) * mean)).toBeGreaterThan(4 * whole.standardError);
      layer.map?.forEach((expected, p) => {
        const pixel = average(found.map((map) => map[p] ?? 0));
        // 2,700 pixels are compared in this file: 5.5 standard errors, a false alarm in 10⁻⁴ of such files.
        expect(Math.abs(pixel.mean - expected)).toBeLessThan(5.5 * pixel.standardError);
      });
    });
  });

  it('zero padding is told from circular padding', () => {
    const [zero, circular] = (['zero', 'circular'] as const).map((padding) =>
      predictConvolutionLengths({
        input: size,
        layers: channels.map((outputs) => ({ channels: outputs, kernel: 3, padding })),
        initializer,
        inputEnergy: energies(values, 3),
      }).at(-1),
    );
    const { mean, standardError } = average((measure(initializer, 'zero', 1).at(-1) ?? []).map(meanOf));
    expect(Math.abs(mean - (circular?.mean ?? Number.NaN))).toBeGreaterThan(4 * standardError);
    expect(Math.abs(mean - (zero?.mean ?? Number.NaN))).toBeLessThan(4 * standardError);
  });
});
