import { interpolateExactly } from '@kindling/diagnostics';
import { describe, expect, it } from 'vitest';
import { normals } from './theory-simulation.js';

type Net = ReturnType<typeof interpolateExactly>;

function evaluate(net: Net, x: readonly number[]): number {
  let y = net.outputBias;
  for (let k = 0; k < net.width; k++) {
    let pre = net.biases[k] ?? 0;
    for (let i = 0; i < x.length; i++) pre += (x[i] ?? 0) * (net.weights[i]?.[k] ?? 0);
    y += Math.max(0, pre) * (net.outputWeights[k] ?? 0);
  }
  return y;
}

const worst = (net: Net, inputs: readonly (readonly number[])[], targets: readonly number[]) =>
  Math.max(...inputs.map((x, i) => Math.abs(evaluate(net, x) - (targets[i] ?? 0))));

describe('interpolateExactly', () => {
  it('is |x| + 1 from three points with two neurons', () => {
    const net = interpolateExactly({ inputs: [[1], [-1], [0]], targets: [2, 2, 1] });
    expect(net).toEqual({
      width: 2,
      weights: [[1, 1]],
      biases: [1, -0],
      outputWeights: [-1, 2],
      outputBias: 2,
    });
  });

  it.each([
    [1, 2],
    [1, 40],
    [2, 30],
    [5, 25],
    [3, 1],
  ])(
    'passes through %d-dimensional points, %d of them, with one neuron less than points',
    (dimension, count) => {
      const normal = normals(dimension * 100 + count);
      const inputs = Array.from({ length: count }, () => Array.from({ length: dimension }, normal));
      const targets = inputs.map(() => normal());
      const net = interpolateExactly({ inputs, targets });
      expect(net.width).toBe(count - 1);
      expect(net.weights).toHaveLength(dimension);
      expect(worst(net, inputs, targets)).toBeLessThan(1e-7);
      // Negative control: any neuron taken away is missed.
      if (count > 2) {
        const outputWeights = net.outputWeights.map((a, k) => (k === 0 ? 0 : a));
        expect(worst({ ...net, outputWeights }, inputs, targets)).toBeGreaterThan(1e-3);
      }
    },
  );

  it('tells the points of a grid apart, and takes a direction', () => {
    const inputs = [0, 1, 2, 3].flatMap((x) => [0, 1, 2, 3].map((y) => [x, y]));
    const targets = inputs.map((_, i) => (i % 3) - 1);
    expect(worst(interpolateExactly({ inputs, targets }), inputs, targets)).toBeLessThan(1e-9);
    const net = interpolateExactly({ inputs, targets, direction: [1, 4] });
    expect(worst(net, inputs, targets)).toBeLessThan(1e-12);
    expect(() => interpolateExactly({ inputs, targets, direction: [1, 1] })).toThrow(
      /direction leaves two points with one projection/,
    );
  });

  it('refuses what cannot be, naming it', () => {
    const make = (inputs: number[][], targets: number[], direction?: number[]) => () =>
      interpolateExactly({ inputs, targets, ...(direction === undefined ? {} : { direction }) });
    expect(make([], [])).toThrow(/interpolateExactly: inputs is empty/);
    expect(make([[1], [2]], [1])).toThrow(/targets has 1 numbers; expected one for each of 2 inputs/);
    expect(make([[1], [2, 3]], [1, 2])).toThrow(/inputs\[1\] is \[2, 3\]; expected 1 finite/);
    expect(make([[1], [Number.NaN]], [1, 2])).toThrow(/inputs\[1\]/);
    expect(make([[1], [2]], [1, Number.NaN])).toThrow(/targets\[1\] is NaN/);
    expect(make([[1], [2]], [1, 2], [1, 2])).toThrow(/direction/);
    expect(make([[1], [1]], [1, 2])).toThrow(/inputs leaves two points/);
    // Finite points, a slope that is not.
    expect(make([[-1e308], [1e308]], [1e308, -1e308])).toThrow(/beyond the range of f64/);
    expect(make([[0], [1e-300]], [0, 1e300])).toThrow(/beyond the range of f64/);
    expect(
      make(
        [
          [-1.5e308, -1.5e308],
          [1.5e308, 1.5e308],
        ],
        [1, 2],
        [1, 1],
      ),
    ).toThrow(/beyond the range/);
  });
});
