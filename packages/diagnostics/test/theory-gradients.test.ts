/** Gradients by hand-written backpropagation in f64, against the products of `predictGradientNorms` and their spread. */
import { predictGradientNorms, predictGradientSpread } from '@kindling/diagnostics';
import type { Initializer, WeightLaw } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { type Draw, dot, normals, orthogonalRows, sampleMean, standardDraws } from './theory-simulation.js';

const scaling = (
  distribution: 'normal' | 'uniform',
  scale: number,
  mode: 'fan-in' | 'fan-out',
): WeightLaw => ({
  kind: 'variance-scaling',
  distribution,
  scale,
  mode,
});

interface GradientNet {
  readonly widths: readonly number[];
  readonly variance: (fanIn: number, fanOut: number) => number;
  readonly weight: Draw;
  /** A layer's weights, a neuron a row. Default: independent. */
  readonly rows?: (fanIn: number, width: number) => number[][];
  readonly bias: Draw;
  /** Linear outputs, of which the first is differentiated; none: the first activation of the last layer. */
  readonly outputs?: number;
}

/** ∂y/∂act_j for j = 0 … d of one random net at the input (1, −1, 1, …). */
function simulateGradients({ widths, variance, weight, rows: draw, bias, outputs }: GradientNet): number[][] {
  let act: number[] = Array.from({ length: widths[0] ?? 0 }, (_, i) => (i % 2 === 0 ? 1 : -1));
  const layers = widths.slice(1).map((width, index) => {
    const deviation = Math.sqrt(variance(widths[index] ?? 0, width));
    const rows =
      draw?.(act.length, width) ?? Array.from({ length: width }, () => act.map(() => deviation * weight()));
    const pre = rows.map((row) => dot(row, act) + bias());
    act = pre.map((x) => Math.max(0, x));
    return { rows, alive: pre.map((x) => x > 0) };
  });
  const last = act.length;
  let gradient: number[] =
    outputs === undefined
      ? act.map((_, k) => (k === 0 ? 1 : 0))
      : act.map(() => Math.sqrt(variance(last, outputs)) * weight());
  const gradients = [gradient];
  for (const { rows, alive } of layers.reverse()) {
    const above = gradient;
    gradient = (rows[0] ?? []).map((_, i) =>
      rows.reduce((sum, row, k) => sum + (alive[k] ? (row[i] ?? 0) * (above[k] ?? 0) : 0), 0),
    );
    gradients.push(gradient);
  }
  return gradients.reverse();
}

const square = (vector: readonly number[]) => dot(vector, vector);
const widths = [3, 7, 4, 8];
const trials = 20_000;

describe('predictGradientNorms', () => {
  it.each([
    ['He normal, one activation', 'normal', 2, 'fan-in', undefined, 0],
    ['He uniform with biases, one activation', 'uniform', 2, 'fan-in', undefined, 0.7],
    ['He normal, one of four outputs', 'normal', 2, 'fan-in', 4, 0],
    ['fan-out uniform with biases, one of four outputs', 'uniform', 2, 'fan-out', 4, 0.5],
  ] as const)('%s', (_name, distribution, scale, mode, outputs, biasDeviation) => {
    const weights = scaling(distribution, scale, mode);
    const biases =
      biasDeviation === 0
        ? ({ kind: 'zeros' } as const)
        : ({ kind: 'stated-variance', distribution: 'normal', variance: biasDeviation ** 2 } as const);
    const initializer: Initializer = { kind: 'layerwise', weights, biases };
    const normal = normals(3);
    const net: GradientNet = {
      widths,
      variance: (fanIn, fanOut) => scale / (mode === 'fan-in' ? fanIn : fanOut),
      weight: standardDraws[distribution](41),
      bias: () => biasDeviation * normal(),
      ...(outputs === undefined ? {} : { outputs }),
    };
    const nets = Array.from({ length: trials }, () => simulateGradients(net).map(square));
    const theory = predictGradientNorms({
      widths,
      initializer,
      ...(outputs === undefined ? {} : { outputs }),
    });
    const spread = predictGradientSpread({ widths, initializer });
    expect(theory).toHaveLength(4);
    theory?.forEach((expected, j) => {
      const found = sampleMean(nets.map((norms) => norms[j] ?? 0));
      const exact =
        spread === null || outputs === undefined
          ? found.standardError
          : expected * Math.sqrt(((spread.norms[j] ?? 0) - 1) / trials);
      expect(Math.abs(found.mean - expected)).toBeLessThan(4 * exact + 1e-12);
      // Negative control: a tenth more a layer.
      if (j < 3) expect(Math.abs(found.mean - expected * 1.1)).toBeGreaterThan(4 * exact);
      // And masks that stay coins behind a dead layer: layer 2 has 4 neurons.
      if (j === 2 && biasDeviation === 0) {
        const coins = expected / ((1 - 2 ** -7) * (1 - 2 ** -4));
        expect(Math.abs(found.mean - coins)).toBeGreaterThan(4 * exact);
      }
    });
  });

  it('holds for orthogonal weights', () => {
    const normal = normals(71);
    const chain = [3, 6, 4, 5];
    const net: GradientNet = {
      widths: chain,
      variance: (fanIn) => 1 / fanIn,
      weight: normal,
      rows: (fanIn, width) => orthogonalRows(fanIn, width, normal),
      bias: () => 0,
    };
    const initializer: WeightLaw = { kind: 'orthogonal', gain: Math.SQRT2 };
    const nets = Array.from({ length: trials }, () => simulateGradients(net).map(square));
    predictGradientNorms({ widths: chain, initializer })?.forEach((expected, j) => {
      const found = sampleMean(nets.map((norms) => norms[j] ?? 0));
      expect(Math.abs(found.mean - expected)).toBeLessThan(4 * found.standardError + 1e-12);
      // Negative control: the He product, fan-in for max(fan-in, fan-out).
      if (j === 0) expect(Math.abs(found.mean - 1)).toBeGreaterThan(4 * found.standardError);
    });
  });

  it('is 1 for He, whatever the shape, save behind dead layers, and the mean length factor backward else', () => {
    const alive = (width: number) => 1 - 2 ** -width;
    const he = {
      kind: 'layerwise',
      weights: scaling('normal', 2, 'fan-in'),
      biases: { kind: 'zeros' },
    } as const;
    expect(predictGradientNorms({ widths: [3, 70, 5, 9], initializer: he })).toEqual([
      1,
      alive(70),
      alive(70) * alive(5),
      1,
    ]);
    expect(predictGradientNorms({ widths: [3, 70, 5, 9], initializer: he, outputs: 10 })).toEqual([
      2,
      2 * alive(70),
      2 * alive(70) * alive(5),
      2,
    ]);
    const lecun = scaling('normal', 1, 'fan-in');
    expect(predictGradientNorms({ widths: [8, 8, 8], initializer: lecun })).toEqual([
      0.25,
      0.5 * alive(8),
      1,
    ]);
    // Fan-out keeps a coordinate's mean square: the squared norm over the width.
    const backward = predictGradientNorms({
      widths: [8, 4, 2],
      initializer: scaling('normal', 2, 'fan-out'),
    });
    expect(backward).toEqual([4, 2 * alive(4), 1]);
    // Biases wake the masks behind a dead layer.
    const biases = { kind: 'stated-variance', distribution: 'normal', variance: 1 } as const;
    expect(predictGradientNorms({ widths: [3, 2, 5, 9], initializer: { ...he, biases } })).toEqual([
      1, 1, 1, 1,
    ]);
  });

  it('says null or refuses where there is no formula', () => {
    expect(predictGradientNorms({ widths, initializer: { kind: 'randomized-asymmetric' } })).toBeNull();
    const rademacher = { ...scaling('normal', 2, 'fan-in'), distribution: 'rademacher' } as const;
    expect(predictGradientNorms({ widths, initializer: rademacher as WeightLaw })).toBeNull();
    const initializer = scaling('normal', 2, 'fan-in');
    expect(() => predictGradientNorms({ widths: [3], initializer })).toThrow(
      /predictGradientNorms: widths has 1/,
    );
    expect(() => predictGradientNorms({ widths, initializer, outputs: -1 })).toThrow(/outputs is -1/);
    expect(() => predictGradientNorms({ widths, initializer, outputs: 1.5 })).toThrow(/outputs is 1.5/);
    // As for `measureGradientNorms`: no output layer.
    const none = predictGradientNorms({ widths, initializer });
    expect(predictGradientNorms({ widths, initializer, outputs: 0 })).toEqual(none);
  });
});

describe('predictGradientSpread', () => {
  it('is (1 + 2/n_j) Π (1 + 5/n_i) for norms and 3 Π (1 + 5/n_i) for entries', () => {
    const biases = { kind: 'stated-variance', distribution: 'normal', variance: 1 } as const;
    const initializer = { kind: 'layerwise', weights: scaling('normal', 7, 'fan-in'), biases } as const;
    const spread = predictGradientSpread({ widths: [4, 5, 10], initializer });
    expect(spread?.norms).toEqual([1.5 * 2 * 1.5, 1.4 * 1.5, 1.2].map((x) => expect.closeTo(x, 12)));
    expect(spread?.entries).toEqual([9, 4.5, 3].map((x) => expect.closeTo(x, 12)));
  });

  it.each([0, 0.8])('is what simulation finds, biases of deviation %d', (biasDeviation) => {
    const wide = [4, 12, 10, 12];
    const normal = normals(8);
    const net: GradientNet = {
      widths: wide,
      variance: (fanIn) => 2 / fanIn,
      weight: normals(9),
      bias: () => biasDeviation * normal(),
      outputs: 1,
    };
    const nets = Array.from({ length: 12_000 }, () => simulateGradients(net));
    const initializer = scaling('normal', 2, 'fan-in');
    const spread = predictGradientSpread({ widths: wide, initializer });
    const norms = predictGradientNorms({ widths: wide, initializer, outputs: 1 });
    wide.forEach((width, j) => {
      const mean = norms?.[j] ?? 0;
      const fourth = sampleMean(nets.map((gradients) => (square(gradients[j] ?? []) / mean) ** 2));
      expect(Math.abs(fourth.mean - (spread?.norms[j] ?? 0))).toBeLessThan(4 * fourth.standardError);
      const entry = sampleMean(
        nets.map((gradients) => ((gradients[j]?.[0] ?? 0) ** 2 / (mean / width)) ** 2),
      );
      expect(Math.abs(entry.mean - (spread?.entries[j] ?? 0))).toBeLessThan(4 * entry.standardError);
      // Negative control: without the layers above.
      if (j === 0) expect(Math.abs(fourth.mean - 1.5)).toBeGreaterThan(4 * fourth.standardError);
    });
  });

  it('is null for weights that are not Gaussian', () => {
    expect(predictGradientSpread({ widths, initializer: scaling('uniform', 2, 'fan-in') })).toBeNull();
  });
});
