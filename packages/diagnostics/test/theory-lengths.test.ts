/**
 * Mean and second moment of the lengths against simulation, within 4 standard errors. Those of means come from theory;
 * those of second moments from theory where fourth moments are exact, else from the sample, with S below ½.
 */
import {
  lengthTheory,
  predictLengths,
  predictLengthVariance,
  predictLengthVarianceStandardError,
  predictMomentStandardErrors,
} from '@kindling/diagnostics';
import type { BiasLaw, Initializer, WeightLaw } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import {
  type Draw,
  meanSquare,
  normals,
  sampleMean,
  simulateLengths,
  simulateOrthogonalLengths,
  standardDraws,
  uniforms,
} from './theory-simulation.js';

const he = (distribution: 'normal' | 'uniform' | 'rademacher' | 'laplace'): WeightLaw => ({
  kind: 'variance-scaling',
  distribution,
  scale: 2,
  mode: 'fan-in',
});
const stated = (distribution: 'normal' | 'uniform', variance: number): BiasLaw => ({
  kind: 'stated-variance',
  distribution,
  variance,
});

interface Case {
  readonly name: string;
  readonly initializer: Initializer;
  readonly weight: (seed: number) => Draw;
  readonly bias?: (seed: number) => Draw;
  readonly biasDeviation?: (fanIn: number) => number;
  readonly deviation?: (fanIn: number, fanOut: number) => number;
}

const layerwise = (weights: WeightLaw, biases: BiasLaw = { kind: 'zeros' }): Initializer => ({
  kind: 'layerwise',
  weights,
  biases,
});

const cases: readonly Case[] = [
  { name: 'He normal', initializer: layerwise(he('normal')), weight: standardDraws.normal },
  { name: 'He uniform', initializer: layerwise(he('uniform')), weight: standardDraws.uniform },
  { name: 'He Rademacher', initializer: layerwise(he('rademacher')), weight: standardDraws.rademacher },
  { name: 'He Laplace', initializer: layerwise(he('laplace')), weight: standardDraws.laplace },
  {
    name: 'He uniform with uniform biases',
    initializer: layerwise(he('uniform'), stated('uniform', 0.5)),
    weight: standardDraws.uniform,
    bias: standardDraws.uniform,
    biasDeviation: () => Math.sqrt(0.5),
  },
  {
    name: 'He normal with normal biases',
    initializer: layerwise(he('normal'), stated('normal', 0.3)),
    weight: standardDraws.normal,
    bias: standardDraws.normal,
    biasDeviation: () => Math.sqrt(0.3),
  },
  {
    name: 'U(±1/√fan-in) with biases of the same, as PyTorch has them',
    initializer: layerwise(
      { kind: 'variance-scaling', distribution: 'uniform', scale: 1 / 3, mode: 'fan-in' },
      { kind: 'inverse-root-fan-in' },
    ),
    weight: standardDraws.uniform,
    bias: standardDraws.uniform,
    biasDeviation: (fanIn) => Math.sqrt(1 / (3 * fanIn)),
    deviation: (fanIn) => Math.sqrt(1 / (3 * fanIn)),
  },
  {
    name: 'Glorot normal',
    initializer: layerwise({
      kind: 'variance-scaling',
      distribution: 'normal',
      scale: 1,
      mode: 'fan-average',
    }),
    weight: standardDraws.normal,
    deviation: (fanIn, fanOut) => Math.sqrt(2 / (fanIn + fanOut)),
  },
];

const widths = [3, 8, 12, 8];
const input = [1.5, -0.2, 0.4];
const inputLength = meanSquare(input);
const inputFourthMoment = meanSquare(input.map((x) => x * x));
const trials = 40_000;

/** The lengths of many nets, layer by layer. */
function sample(net: () => number[]): number[][] {
  const layers = widths.slice(1).map(() => new Array<number>(trials));
  for (let trial = 0; trial < trials; trial++) {
    net().forEach((length, j) => {
      (layers[j] ?? [])[trial] = length;
    });
  }
  return layers;
}

describe.each(cases.map((entry) => [entry.name, entry] as const))('%s', (_name, entry) => {
  const options = { widths, initializer: entry.initializer, inputLength, inputFourthMoment };
  const weight = entry.weight(11);
  const bias = entry.bias?.(12);
  const lengths = sample(() =>
    simulateLengths({
      widths,
      deviation: entry.deviation ?? ((fanIn) => Math.sqrt(2 / fanIn)),
      weight,
      ...(bias === undefined ? {} : { bias }),
      ...(entry.biasDeviation === undefined ? {} : { biasDeviation: entry.biasDeviation }),
      input,
    }),
  );
  const theory = predictLengths(options);
  const errors = predictMomentStandardErrors({ ...options, trials });

  it.each(theory.map((layer) => [layer.layer, layer] as const))('layer %d has its moments', (j, layer) => {
    const values = lengths[j - 1] ?? [];
    const mean = layer.mean ?? Number.NaN;
    const second = layer.secondMoment ?? Number.NaN;
    const standardError = (errors[j - 1]?.mean ?? Number.NaN) * mean;
    expect(Math.abs(sampleMean(values).mean - mean)).toBeLessThan(4 * standardError);
    const squares = sampleMean(values.map((x) => x * x));
    const exact = errors[j - 1]?.secondMoment ?? null;
    const tolerance = 4 * (exact === null ? squares.standardError : exact * second);
    expect(Math.abs(squares.mean - second)).toBeLessThan(tolerance);
    // Negative controls: a factor 5 % off, and for the second moment 30 %.
    expect(Math.abs(sampleMean(values).mean - 1.05 * mean)).toBeGreaterThan(4 * standardError);
    expect(Math.abs(squares.mean - 1.3 * second)).toBeGreaterThan(tolerance);
  });

  it('has standard errors that match the sample', () => {
    lengths.forEach((values, j) => {
      const found = sampleMean(values).standardError / (theory[j]?.mean ?? 1);
      expect(found / (errors[j]?.mean ?? 0)).toBeGreaterThan(0.9);
      expect(found / (errors[j]?.mean ?? 0)).toBeLessThan(1.1);
    });
  });
});

it('a law with kurtosis is told apart from the Gaussian one', () => {
  const first = (initializer: WeightLaw) =>
    predictLengths({ widths, initializer, inputLength, inputFourthMoment }).at(-1)?.relativeSecondMoment ?? 0;
  expect(first(he('rademacher'))).toBeLessThan(0.8 * first(he('normal')));
  expect(first(he('laplace'))).toBeGreaterThan(1.1 * first(he('normal')));
});

describe('orthogonal weights of gain √2', () => {
  const chain = [4, 6, 6, 3];
  const initializer: Initializer = layerwise({ kind: 'orthogonal', gain: Math.SQRT2 });
  const start = [1, -1, 0.5, 2];
  const options = { widths: chain, initializer, inputLength: meanSquare(start) };
  const nets = 40_000;

  it('have their moments: E[M′²] / E[M′]² = N (n′ + 5)/(n′ (N + 2)) a layer', () => {
    const normal = normals(31);
    const lengths = Array.from({ length: nets }, () => simulateOrthogonalLengths(chain, normal, start));
    const errors = predictMomentStandardErrors({ ...options, trials: nets });
    const gaussian = predictLengths({ ...options, initializer: he('normal') });
    let product = 1;
    predictLengths(options).forEach((layer, j) => {
      const [n = 0, m = 0] = [chain[j], chain[j + 1]];
      const sphere = Math.max(n, m);
      product *= (sphere * (m + 5)) / (m * (sphere + 2));
      expect(layer.relativeSecondMoment).toBeCloseTo(product, 12);
      const values = lengths.map((net) => net[j] ?? 0);
      const mean = layer.mean ?? 0;
      const second = layer.secondMoment ?? 0;
      const error = errors[j];
      expect(Math.abs(sampleMean(values).mean - mean)).toBeLessThan(4 * mean * (error?.mean ?? 0));
      const found = sampleMean(values.map((x) => x * x)).mean;
      expect(Math.abs(found - second)).toBeLessThan(4 * second * (error?.secondMoment ?? 0));
      // Negative control: the Gaussian spread about the same mean.
      const wrong = (gaussian[j]?.relativeSecondMoment ?? 0) * mean * mean;
      expect(Math.abs(found - wrong)).toBeGreaterThan(4 * second * (error?.secondMoment ?? 0));
    });
  });

  it('have them with biases too', () => {
    const biased: Initializer = layerwise({ kind: 'orthogonal', gain: Math.SQRT2 }, stated('uniform', 0.6));
    const uniform = uniforms(8);
    const normal = normals(9);
    // One layer, simulated by its own law: coordinates of a direction uniform on the sphere, plus a bias.
    const [n, m] = [5, 3];
    const values = Array.from({ length: 60_000 }, () => {
      const direction = Array.from({ length: n }, normal);
      const norm = Math.sqrt(direction.reduce((sum, x) => sum + x * x, 0));
      const act = direction
        .slice(0, m)
        .map((x) => Math.max(0, (Math.sqrt(2 * n) * x) / norm + Math.sqrt(1.8) * (2 * uniform() - 1)));
      return meanSquare(act);
    });
    const [layer] = predictLengths({ widths: [n, m], initializer: biased });
    const squares = sampleMean(values.map((x) => x * x));
    expect(Math.abs(sampleMean(values).mean - (layer?.mean ?? 0))).toBeLessThan(
      4 * sampleMean(values).standardError,
    );
    expect(Math.abs(squares.mean - (layer?.secondMoment ?? 0))).toBeLessThan(4 * squares.standardError);
    expect(squares.standardError * 20).toBeLessThan(squares.mean);
  });
});

describe('sparse weights, 3 of 8 inputs a neuron', () => {
  it('have their moments, which independent weights of the same variance and kurtosis have not', () => {
    const chain = [8, 8, 8];
    const deviation = Math.sqrt(2 / 3);
    const initializer: Initializer = layerwise({ kind: 'sparse', sparsity: 5 / 8, deviation });
    const normal = normals(61);
    const uniform = uniforms(62);
    const nets = Array.from({ length: 60_000 }, () => {
      let act: number[] = new Array(8).fill(1);
      return chain.slice(1).map((width) => {
        const before = act;
        act = Array.from({ length: width }, () => {
          const places = [0, 1, 2, 3, 4, 5, 6, 7];
          let sum = 0;
          for (let read = 0; read < 3; read++) {
            const [place = 0] = places.splice(Math.floor(uniform() * places.length), 1);
            sum += deviation * normal() * (before[place] ?? 0);
          }
          return Math.max(0, sum);
        });
        return meanSquare(act);
      });
    });
    const theory = predictLengths({ widths: chain, initializer, inputFourthMoment: 1 });
    theory.forEach((layer, j) => {
      const values = nets.map((net) => net[j] ?? 0);
      const standardError = Math.sqrt(((layer.relativeSecondMoment ?? 0) - 1) / nets.length);
      expect(layer.mean).toBeCloseTo(1, 12);
      expect(Math.abs(sampleMean(values).mean - 1)).toBeLessThan(4 * standardError);
      const squares = sampleMean(values.map((x) => x * x));
      expect(Math.abs(squares.mean - (layer.secondMoment ?? 0))).toBeLessThan(4 * squares.standardError);
      // Negative control: kurtosis 3/share − 3 and independent places.
      const wrong = 1 + 5 / 8 + (2 * (8 - 3)) / 64;
      if (j === 0) expect(Math.abs(squares.mean - wrong)).toBeGreaterThan(4 * squares.standardError);
    });
    // All inputs equal: three normal numbers times √(2/3) are as good as eight times ½.
    expect(theory[0]?.secondMoment).toBeCloseTo(1 + 5 / 8, 12);
  });
});

it('predictMomentStandardErrors: refusals and absences', () => {
  const options = { widths: [3, 4], initializer: he('uniform') };
  expect(predictMomentStandardErrors({ ...options, trials: 100 })[0]).toMatchObject({
    secondMoment: null,
    meanLog: null,
  });
  expect(() => predictMomentStandardErrors({ ...options, trials: 0 })).toThrow(
    /predictMomentStandardErrors: trials is 0/,
  );
  expect(() => predictMomentStandardErrors({ ...options, trials: Number.NaN })).toThrow(/trials is NaN/);
});

describe('an input of any length', () => {
  const widths = [3, 8, 12];
  it.each([1e-300, 1e-200, 1e-160, 1e160, 1e200, 1e300])('of %d: what is relative stays', (inputLength) => {
    for (const distribution of ['normal', 'uniform', 'laplace'] as const) {
      const one = predictLengths({ widths, initializer: he(distribution) });
      predictLengths({ widths, initializer: he(distribution), inputLength }).forEach((layer, j) => {
        expect((layer.mean ?? 0) / inputLength).toBeCloseTo(one[j]?.mean ?? 0, 12);
        expect(layer.relativeSecondMoment).toBe(one[j]?.relativeSecondMoment);
        // Out of range, or nearly.
        expect(inputLength < 1 ? (layer.secondMoment ?? 1) < 1e-300 : layer.secondMoment === Infinity).toBe(
          true,
        );
      });
      const variance =
        predictLengthVariance({ widths, initializer: he(distribution), inputLength }) ?? Number.NaN;
      expect(inputLength < 1 ? variance < 1e-300 : variance === Infinity).toBe(true);
    }
  });

  it('has a fourth moment that is compared with the square of its own length', () => {
    const second = (options: { inputLength: number; inputFourthMoment: number }) =>
      predictLengths({ widths, initializer: he('uniform'), ...options })[1]?.relativeSecondMoment;
    expect(second({ inputLength: 1e-100, inputFourthMoment: 2e-200 })).toBeCloseTo(
      second({ inputLength: 1, inputFourthMoment: 2 }) ?? 0,
      12,
    );
    expect(() => second({ inputLength: 1e-100, inputFourthMoment: 0.5e-200 })).toThrow(/inputFourthMoment/);
    expect(() => second({ inputLength: 2, inputFourthMoment: Number.NaN })).toThrow(/inputFourthMoment/);
    // It does not matter to Gaussian weights, however short the input.
    const options = { widths, initializer: he('normal'), trials: 10 };
    const short = { ...options, inputLength: 1e-4, inputFourthMoment: 1e-8 };
    expect(predictLengthVarianceStandardError(short)).toBeCloseTo(
      1e-8 * (predictLengthVarianceStandardError(options) ?? 0),
      20,
    );
  });
});

it('a message names the function that was called, and weights too small for f64 are zeros', () => {
  const wrong: WeightLaw = { kind: 'stated-variance', distribution: 'normal', variance: -1 };
  expect(() => predictLengths({ widths, initializer: wrong })).toThrow(/^predictLengths: variance is -1/);
  const sparse: WeightLaw = { kind: 'sparse', sparsity: 0.5, deviation: 1e-170 };
  expect(lengthTheory(sparse, [8, 8]).secondMoment).toBe(true);
  expect(predictLengths({ widths: [8, 8], initializer: sparse })[0]?.mean).toBe(0);
});
