/**
 * Lengths of convolutional nets, pixel by pixel: closed values, and simulation in plain f64 within 4 standard errors of the sample
 * (the second moments of convolutions have no formula here; relative errors of the sample's own are a few percent).
 */
import {
  type ConvolutionLayer,
  convolutionTheory,
  type PredictConvolutionOptions,
  predictConvolutionLengths,
  predictZeroPaddingShare,
} from '@kindling/diagnostics';
import type { Initializer, WeightLaw } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { type Draw, normals, sampleMean, standardDraws } from './theory-simulation.js';

const scaled = (distribution: 'normal' | 'uniform', scale = 2): WeightLaw => ({
  kind: 'variance-scaling',
  distribution,
  scale,
  mode: 'fan-in',
});
const exact = (value: number | null | undefined) => value ?? Number.NaN;

type Picture = number[][][];

/** One random layer: rows of pixels of channels in and out. */
function convolve(
  picture: Picture,
  layer: ConvolutionLayer,
  weight: () => number,
  bias: () => number,
): Picture {
  const { channels, kernel, stride = 1, padding = 'zero' } = layer;
  const [tall, wide] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
  const height = picture.length;
  const width = picture[0]?.length ?? 0;
  const depth = picture[0]?.[0]?.length ?? 0;
  const out = (size: number, taps: number) =>
    padding === 'valid' ? Math.floor((size - taps) / stride) + 1 : Math.ceil(size / stride);
  const before = (size: number, taps: number) =>
    padding === 'valid' ? 0 : Math.floor(Math.max((out(size, taps) - 1) * stride + taps - size, 0) / 2);
  const weights = Array.from({ length: tall * wide * depth * channels }, weight);
  const biases = Array.from({ length: channels }, bias);
  const pixel = (i: number, j: number) =>
    padding === 'circular' ? picture[(i + height) % height]?.[(j + width) % width] : picture[i]?.[j];
  return Array.from({ length: out(height, tall) }, (_, i) =>
    Array.from({ length: out(width, wide) }, (_, j) => {
      const sums = [...biases];
      for (let p = 0; p < tall; p++) {
        for (let q = 0; q < wide; q++) {
          const read = pixel(i * stride + p - before(height, tall), j * stride + q - before(width, wide));
          read?.forEach((value, c) => {
            const first = ((p * wide + q) * depth + c) * channels;
            for (let k = 0; k < channels; k++) sums[k] = (sums[k] ?? 0) + value * (weights[first + k] ?? 0);
          });
        }
      }
      return sums.map((sum) => Math.max(0, sum));
    }),
  );
}

const energies = (picture: Picture) =>
  picture.flatMap((row) => row.map((pixel) => pixel.reduce((sum, x) => sum + x * x, 0) / pixel.length));

interface Case {
  readonly name: string;
  readonly layers: readonly ConvolutionLayer[];
  readonly weights: WeightLaw;
  readonly draw: Draw;
  readonly biasVariance?: number;
}

const layersOf = (layer: Omit<ConvolutionLayer, 'channels'>): ConvolutionLayer[] => [
  { channels: 8, ...layer },
  { channels: 6, ...layer },
  { channels: 8, ...layer },
];

const cases: readonly Case[] = [
  { name: 'zero padding', layers: layersOf({ kernel: 3 }), weights: scaled('normal'), draw: normals(1) },
  {
    name: 'circular padding',
    layers: layersOf({ kernel: 3, padding: 'circular' }),
    weights: scaled('normal'),
    draw: normals(2),
  },
  {
    name: 'valid, uniform weights',
    layers: layersOf({ kernel: [2, 1], padding: 'valid' }),
    weights: scaled('uniform'),
    draw: standardDraws.uniform(3),
  },
  {
    name: 'stride 2, even kernel, then zero padding, with biases',
    layers: [
      { channels: 8, kernel: [4, 3], stride: 2 },
      { channels: 8, kernel: 3 },
    ],
    weights: scaled('normal'),
    draw: normals(4),
    biasVariance: 0.4,
  },
];

describe.each(cases.map((entry) => [entry.name, entry] as const))('%s', (_name, entry) => {
  const size = { height: 5, width: 6, channels: 2 };
  const picture: Picture = Array.from({ length: 5 }, (_, i) =>
    Array.from({ length: 6 }, (_, j) => [i === j ? 3 : 0.5, j > 3 ? -1.5 : 0.2 * i]),
  );
  const { biasVariance = 0 } = entry;
  const biases = { kind: 'stated-variance', distribution: 'normal', variance: biasVariance } as const;
  const initializer: Initializer = {
    kind: 'layerwise',
    weights: entry.weights,
    biases: biasVariance > 0 ? biases : { kind: 'zeros' },
  };
  const options = {
    input: size,
    layers: entry.layers,
    initializer,
    inputEnergy: energies(picture),
    keepMaps: true,
  } as const;

  it('has its map of energies, pixel by pixel', () => {
    const bias = normals(9);
    const trials = 1500;
    const maps: number[][][] = entry.layers.map(() => []);
    for (let trial = 0; trial < trials; trial++) {
      let act = picture;
      entry.layers.forEach((layer, index) => {
        const [tall, wide] = typeof layer.kernel === 'number' ? [layer.kernel, layer.kernel] : layer.kernel;
        const deviation = Math.sqrt(2 / (tall * wide * (act[0]?.[0]?.length ?? 0)));
        act = convolve(
          act,
          layer,
          () => deviation * entry.draw(),
          () => Math.sqrt(biasVariance) * bias(),
        );
        maps[index]?.push(energies(act));
      });
    }
    const uniform = predictConvolutionLengths({ ...options, inputEnergy: new Array<number>(30).fill(1) });
    predictConvolutionLengths(options).forEach((layer, index) => {
      const found = maps[index] ?? [];
      expect(found[0]?.length).toBe(layer.height * layer.width);
      const whole = sampleMean(found.map((map) => map.reduce((a, b) => a + b, 0) / map.length));
      expect(Math.abs(whole.mean - exact(layer.mean))).toBeLessThan(4 * whole.standardError);
      expect(whole.standardError).toBeLessThan(0.03 * whole.mean);
      let misfits = 0;
      layer.map?.forEach((expected, p) => {
        const { mean, standardError } = sampleMean(found.map((map) => map[p] ?? 0));
        // 5 standard errors: 84 pixels are compared.
        expect(Math.abs(mean - expected)).toBeLessThan(5 * standardError);
        // Negative control: the map of an input of uniform energy and the same length.
        const other = (uniform[index]?.map?.[p] ?? 0) * (options.inputEnergy.reduce((a, b) => a + b, 0) / 30);
        if (Math.abs(mean - other) > 5 * standardError) misfits += 1;
      });
      // Behind several windows the maps look alike, so this is asked of the first layer.
      if (index === 0) expect(misfits).toBeGreaterThan((layer.map?.length ?? 0) / 4);
      expect(Math.abs(whole.mean - 1.15 * exact(layer.mean))).toBeGreaterThan(4 * whole.standardError);
    });
  });
});

const deep = (
  padding: 'zero' | 'circular',
  depth: number,
  weights: WeightLaw,
): PredictConvolutionOptions => ({
  input: { height: 32, width: 32, channels: 3 },
  layers: new Array<ConvolutionLayer>(depth).fill({ channels: 10, kernel: 3, padding }),
  initializer: weights,
});

it('circular padding keeps the mean exactly; zero padding leaks, at last by the largest eigenvalue', () => {
  const circular = predictConvolutionLengths(deep('circular', 1000, scaled('normal')));
  expect(circular.at(-1)?.mean).toBeCloseTo(1, 10);
  expect(circular[500]?.kept).toBeCloseTo(1, 12);
  const zero = predictConvolutionLengths(deep('zero', 1000, scaled('normal')));
  // (3n − 2)/(3n) in each direction of an input of uniform energy.
  expect(zero[0]?.mean).toBeCloseTo((94 / 96) ** 2, 12);
  expect(zero[0]?.kept).toBeCloseTo((94 / 96) ** 2, 12);
  const share = predictZeroPaddingShare({ height: 32, width: 32, kernel: 3 });
  expect(share).toBeCloseTo(0.99397, 5);
  expect(zero.at(-1)?.kept).toBeCloseTo(share, 5);
  expect(exact(zero[999]?.logMean) - exact(zero[899]?.logMean)).toBeCloseTo(100 * Math.log(share), 3);
  expect(Math.exp(exact(zero.at(-1)?.logMean))).toBeCloseTo(exact(zero.at(-1)?.mean), 12);
});

it('keeps the logarithm where the number leaves the range of f64', () => {
  const large = predictConvolutionLengths(deep('circular', 2000, scaled('uniform', 6))).at(-1);
  expect(large?.mean).toBe(Number.POSITIVE_INFINITY);
  expect(large?.logMean).toBeCloseTo(2000 * Math.log(3), 7);
  const small = predictConvolutionLengths(deep('circular', 2000, scaled('uniform', 1 / 3))).at(-1);
  expect(small?.mean).toBe(0);
  expect(small?.logMean).toBeCloseTo(-2000 * Math.log(6), 7);
  const none = predictConvolutionLengths(deep('zero', 2, { kind: 'constant', value: 0 }));
  expect(none[1]).toMatchObject({ mean: 0, logMean: Number.NEGATIVE_INFINITY });
});

it.each([
  [7, 7, 3],
  [1, 4, 3],
  [9, 5, 5],
  [3, 3, 7],
  [6, 6, 1],
])('%d × %d pixels, kernel %d: the share kept in the long run', (height, width, kernel) => {
  const layers = new Array<ConvolutionLayer>(400).fill({ channels: 4, kernel });
  const initializer = scaled('normal');
  const last = predictConvolutionLengths({ input: { height, width, channels: 4 }, layers, initializer }).at(
    -1,
  );
  const share = predictZeroPaddingShare({ height, width, kernel });
  expect(last?.kept).toBeCloseTo(share, 12);
  const along = (n: number) => (1 + 2 * Math.cos(Math.PI / (n + 1))) / 3;
  if (kernel === 3) expect(share).toBeCloseTo(along(height) * along(width), 12);
  if (kernel === 1) expect(share).toBe(1);
  if (kernel === 7) expect(share).toBeCloseTo(9 / 49, 12);
});

it('a center tap reads its own pixel: delta-orthogonal weights leak nothing', () => {
  const options = {
    input: { height: 4, width: 4, channels: 6 },
    layers: [{ channels: 6, kernel: 3 }],
    inputEnergy: Array.from({ length: 16 }, (_, p) => p),
    initializer: { kind: 'delta-orthogonal', gain: Math.SQRT2 },
    keepMaps: true,
  } as const;
  const [layer] = predictConvolutionLengths(options);
  expect(layer?.kept).toBe(1);
  layer?.map?.forEach((energy, p) => {
    expect(energy).toBeCloseTo(p, 12);
  });
  const [orthogonal] = predictConvolutionLengths({
    ...options,
    initializer: { kind: 'orthogonal', gain: Math.sqrt(18) },
  });
  expect(orthogonal?.kept).toBeLessThan(0.9);
});

it('says what has no formula, and refuses what is no convolution', () => {
  const options = deep('zero', 1, scaled('normal'));
  expect(convolutionTheory(options)).toBe(true);
  const ones = { ...options, initializer: { kind: 'constant', value: 1 } } as const;
  expect(convolutionTheory(ones)).toMatch(/symmetric/);
  expect(predictConvolutionLengths(ones)).toEqual([
    { layer: 1, height: 32, width: 32, channels: 10, mean: null, logMean: null, kept: null },
  ]);
  const one = (layer: Partial<ConvolutionLayer>) => ({
    ...options,
    layers: [{ channels: 1, kernel: 3, ...layer }],
  });
  for (const [wrong, message] of [
    [{ ...options, layers: [] }, /layers is empty/],
    [one({ kernel: 0 }), /layers\[0\]\.kernel is 0/],
    [one({ channels: 1.5 }), /layers\[0\]\.channels is 1\.5/],
    [one({ stride: 0 }), /stride is 0/],
    [one({ kernel: 33, padding: 'valid' }), /expected at most the image's/],
    [{ ...options, input: { height: 0, width: 1, channels: 1 } }, /input\.height is 0/],
    [{ ...options, inputEnergy: [1] }, /inputEnergy has 1 numbers; expected 32 × 32 = 1024/],
    [{ ...options, inputEnergy: new Array<number>(1024).fill(-1) }, /inputEnergy\[0\] is -1/],
  ] as const) {
    expect(() => predictConvolutionLengths(wrong)).toThrow(message);
  }
  expect(() => predictZeroPaddingShare({ height: 3, width: 3, kernel: 2 })).toThrow(
    /kernel is 2; expected an odd/,
  );
});
