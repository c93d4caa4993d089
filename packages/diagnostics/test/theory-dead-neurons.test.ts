/** Dead neurons of the first and second layer, and trainability: listed values, quadrature and simulation. */
import {
  predictDeadProbability,
  predictSecondLayerDeadProbability,
  predictTrainability,
} from '@kindling/diagnostics';
import { describe, expect, it } from 'vitest';
import { type Draw, normals, shareStandardError } from './theory-simulation.js';

const p = (inputDimension: number, radius: number) => predictDeadProbability({ inputDimension, radius });

describe('predictDeadProbability', () => {
  it.each([
    [1, 1, 0.25],
    [1, Math.sqrt(3), 1 / 6],
    [2, 1, 0.146447],
    [2, Math.sqrt(3), 0.066987],
    [3, 1, 0.090845],
    [5, 1, 0.037793],
    [10, 1, 0.00506],
  ])('p_%d(%d) = %d', (dimension, radius, value) => {
    expect(Math.abs(p(dimension, radius) - value)).toBeLessThan(0.6e-6);
  });

  it('has the closed forms of one and two dimensions', () => {
    for (const radius of [1e-6, 1e-3, 0.1, 0.5, 1, 1.7, 3, 10, 1e3, 1e6]) {
      expect(p(1, radius) / (Math.atan(1 / radius) / Math.PI)).toBeCloseTo(1, 12);
      // (1 − r/√(1 + r²))/2 without its cancellation.
      const root = Math.sqrt(1 + radius * radius);
      expect(p(2, radius) / (0.5 / (root * (root + radius)))).toBeCloseTo(1, 12);
    }
  });

  it('agrees with quadrature from d = 1 to 1000 and r from 1e-6 to 1e6', () => {
    let compared = 0;
    for (const dimension of [1, 2, 3, 4, 5, 7, 10, 31, 100, 333, 1000]) {
      for (const radius of [1e-6, 1e-4, 0.01, 0.05, 0.1, 0.3, 0.7, 1, 1.5, 3, 10, 100, 1e4, 1e6]) {
        const wanted = quadrature(dimension, radius);
        if (wanted < 1e-290) continue;
        compared += 1;
        expect(p(dimension, radius) / wanted, `d = ${dimension}, r = ${radius}`).toBeCloseTo(1, 11);
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  it('has its limits', () => {
    expect(p(7, 0)).toBe(0.5);
    expect(p(1000, 1e6)).toBe(0);
    expect(p(3, 1e200)).toBe(0);
    expect([p(1, Number.POSITIVE_INFINITY), p(9, Number.POSITIVE_INFINITY)]).toEqual([0, 0]);
    // 1/(πr), 1/(4r²) and, of three dimensions, 2/(3π r³): squares of r leave the range of f64 long before.
    for (const radius of [1e100, 1e154, 1e160, 1e200, 1e300]) {
      expect(p(1, radius) * Math.PI * radius).toBeCloseTo(1, 12);
      if (radius < 1e153) expect(p(2, radius) * 4 * radius * radius).toBeCloseTo(1, 12);
    }
    expect(p(3, 1e90) * 1.5 * Math.PI * 1e90 * 1e90 * 1e90).toBeCloseTo(1, 11);
    expect(p(1_000_000, 0.001)).toBeGreaterThan(0);
  });

  it.each([1, 2, 5])('is what simulation finds in %d dimensions, and the gauge of r matters', (dimension) => {
    const trials = 200_000;
    const radius = 0.8;
    const normal = normals(100 + dimension);
    let dead = 0;
    for (let trial = 0; trial < trials; trial++) {
      let square = 0;
      for (let i = 0; i < dimension; i++) square += normal() ** 2;
      // The largest pre-activation on the ball is r‖w‖ + b.
      if (radius * Math.sqrt(square) + normal() <= 0) dead += 1;
    }
    const expected = p(dimension, radius);
    const standardError = shareStandardError(expected, trials);
    expect(Math.abs(dead / trials - expected)).toBeLessThan(4 * standardError);
    // Negative control: a radius 5 % larger is told apart.
    expect(Math.abs(dead / trials - p(dimension, radius * 1.05))).toBeGreaterThan(4 * standardError);
  });

  it('refuses what cannot be, naming it', () => {
    expect(() => p(0, 1)).toThrow(/predictDeadProbability: inputDimension is 0; expected an integer/);
    expect(() => p(1.5, 1)).toThrow(/inputDimension is 1.5/);
    expect(() => p(Number.NaN, 1)).toThrow(/inputDimension is NaN/);
    expect(() => p(1, -1)).toThrow(/radius is -1/);
    expect(() => p(1, Number.NaN)).toThrow(/radius is NaN/);
  });
});

/** p_d(r) as the quotient of two integrals by quadrature: the part up to arctan(1/r) and the whole quarter turn. */
function quadrature(dimension: number, radius: number): number {
  return (
    sinePowerIntegral(dimension - 1, Math.atan(1 / radius)) /
    sinePowerIntegral(dimension - 1, Math.PI / 2) /
    2
  );
}

/** Nodes and weights of Gauss & Legendre's rule of eight points on (−1, 1), the positive half. */
const gaussLegendre = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const;

/** ∫₀^end sin^power, on panels over each of which the integrand changes by less than e². */
function sinePowerIntegral(power: number, end: number): number {
  let sum = 0;
  let right = end;
  while (right > end * 1e-14) {
    const left = right * (1 - 2 / (power + 9));
    const center = (left + right) / 2;
    const half = (right - left) / 2;
    let panel = 0;
    for (const [node, weight] of gaussLegendre) {
      panel += weight * (Math.sin(center - half * node) ** power + Math.sin(center + half * node) ** power);
    }
    sum += panel * half;
    if (panel * half < sum * 1e-18) break;
    right = left;
  }
  return sum;
}

describe('predictTrainability', () => {
  const trainability = (width: number, needed: number) =>
    predictTrainability({ inputDimension: 1, radius: Math.sqrt(3), width, needed }).trainability;

  it.each([
    [2, 2, 0.6944],
    [4, 2, 0.9838],
    [4, 4, 0.4823],
    [8, 4, 0.9954],
  ])('T(%d, %d) = %d at p = 1/6', (width, needed, value) => {
    expect(Math.abs(trainability(width, needed) - value)).toBeLessThan(0.6e-4);
  });

  it('has the closed form: (5/6)⁴, and 1 − (1/6)⁴ − 4 (5/6) (1/6)³', () => {
    expect(trainability(4, 4)).toBeCloseTo((5 / 6) ** 4, 12);
    expect(trainability(4, 2)).toBeCloseTo(1 - 1 / 1296 - 20 / 1296, 12);
  });

  it('gives the whole distribution of active neurons, which simulation finds', () => {
    const { activeDistribution, deadProbability } = predictTrainability({
      inputDimension: 2,
      radius: 1,
      width: 6,
      needed: 0,
    });
    expect(activeDistribution).toHaveLength(7);
    expect(activeDistribution.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
    const trials = 40_000;
    const counts = new Array<number>(7).fill(0);
    const normal = normals(5);
    for (let trial = 0; trial < trials; trial++) {
      let active = 0;
      for (let k = 0; k < 6; k++) if (Math.hypot(normal(), normal()) + normal() > 0) active += 1;
      counts[active] = (counts[active] ?? 0) + 1;
    }
    // 0 and 1 active neurons are one cell, so that every cell expects five or more.
    const cells = (values: readonly number[]) => [(values[0] ?? 0) + (values[1] ?? 0), ...values.slice(2)];
    const found = cells(counts);
    const squares = (expected: readonly number[]) =>
      cells(expected).reduce(
        (sum, share, cell) => sum + ((found[cell] ?? 0) - share * trials) ** 2 / (share * trials),
        0,
      );
    // χ² with 5 degrees of freedom exceeds 35.9 once in a million.
    expect(squares(activeDistribution)).toBeLessThan(35.9);
    const wrong = deadProbability * 1.1;
    const shifted = activeDistribution.map((_, k) => choose(6, k) * (1 - wrong) ** k * wrong ** (6 - k));
    expect(squares(shifted)).toBeGreaterThan(35.9);
  });

  it('holds for wide layers and at the ends', () => {
    expect(trainability(3, 0)).toBe(1);
    expect(trainability(3, 4)).toBe(0);
    const wide = predictTrainability({
      inputDimension: 1,
      radius: Math.sqrt(3),
      width: 100_000,
      needed: 83_333,
    });
    expect(wide.trainability).toBeGreaterThan(0.49);
    expect(wide.trainability).toBeLessThan(0.51);
    const sure = predictTrainability({ inputDimension: 1000, radius: 1e6, width: 3, needed: 3 });
    expect(sure.activeDistribution).toEqual([0, 0, 0, 1]);
  });

  it('refuses what cannot be, naming it', () => {
    expect(() => trainability(0, 1)).toThrow(/predictTrainability: width is 0/);
    expect(() => trainability(1e9, 1)).toThrow(/predictTrainability: width is 1000000000/);
    expect(() => trainability(3, -1)).toThrow(/predictTrainability: needed is -1/);
    expect(() => trainability(3, 0.5)).toThrow(/needed is 0.5/);
    expect(() => predictTrainability({ inputDimension: 0, radius: 1, width: 1, needed: 1 })).toThrow(
      /predictTrainability: inputDimension is 0/,
    );
  });
});

function choose(n: number, k: number): number {
  return k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k;
}

describe('predictSecondLayerDeadProbability', () => {
  const dead = (inputDimension: number, firstWidth: number) =>
    predictSecondLayerDeadProbability({ inputDimension, firstWidth });

  it('has its two cases and no other', () => {
    expect([dead(1, 1), dead(5, 3), dead(5, 5)]).toEqual([1 / 4, 1 / 16, 1 / 64]);
    expect([dead(1, 2), dead(2, 3), dead(3, 4)]).toEqual([3 / 16, 5 / 64, 9 / 256]);
    expect(dead(1, 3)).toBeNull();
    expect(dead(2000, 2001)).toBe(0);
    expect(() => dead(0, 1)).toThrow(/predictSecondLayerDeadProbability: inputDimension is 0/);
    expect(() => dead(1, 0)).toThrow(/predictSecondLayerDeadProbability: firstWidth is 0/);
  });

  it.each([
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 2],
    [2, 3],
  ])('is what simulation finds for %d inputs and %d neurons', (inputs, neurons) => {
    const trials = 60_000;
    const normal = normals(10 * inputs + neurons);
    let found = 0;
    for (let trial = 0; trial < trials; trial++) {
      if (inputs === 1 ? deadOnLine(neurons, normal) : deadOnPlane(neurons, normal)) found += 1;
    }
    const expected = dead(inputs, neurons) ?? Number.NaN;
    const standardError = shareStandardError(expected, trials);
    expect(Math.abs(found / trials - expected)).toBeLessThan(4 * standardError);
    // Negative control: the orthant alone, where the neurons outnumber the inputs.
    if (neurons > inputs) {
      expect(Math.abs(found / trials - 2 ** -(neurons + 1))).toBeGreaterThan(4 * standardError);
    }
  });
});

interface FirstLayer {
  readonly rows: readonly (readonly number[])[];
  readonly shifts: readonly number[];
  readonly outgoing: readonly number[];
  readonly bias: number;
}

function drawFirstLayer(inputs: number, neurons: number, normal: Draw): FirstLayer {
  return {
    rows: Array.from({ length: neurons }, () => Array.from({ length: inputs }, normal)),
    shifts: Array.from({ length: neurons }, normal),
    outgoing: Array.from({ length: neurons }, normal),
    bias: normal(),
  };
}

/** Whether Σ v_k ReLU(w_k·x + c_k) + b is ≤ 0 at every point and does not grow along any direction. */
function staysBelow(
  { rows, shifts, outgoing, bias }: FirstLayer,
  points: readonly (readonly number[])[],
  directions: readonly (readonly number[])[],
): boolean {
  const value = (x: readonly number[], homogeneous: boolean) =>
    rows.reduce(
      (sum, row, k) => {
        const pre = row.reduce((s, w, i) => s + w * (x[i] ?? 0), homogeneous ? 0 : (shifts[k] ?? 0));
        // At a vertex the neurons it lies on are 0 but for rounding, which ReLU makes harmless.
        return sum + (outgoing[k] ?? 0) * Math.max(0, pre);
      },
      homogeneous ? 0 : bias,
    );
  return points.every((x) => value(x, false) <= 0) && directions.every((x) => value(x, true) <= 1e-12);
}

/** A piecewise linear function of one variable is ≤ 0 when it is at its kinks and falls outward. */
function deadOnLine(neurons: number, normal: Draw): boolean {
  const layer = drawFirstLayer(1, neurons, normal);
  const kinks = layer.rows.map((row, k) => [-(layer.shifts[k] ?? 0) / (row[0] ?? 1)]);
  return staysBelow(layer, kinks, [[1], [-1]]);
}

/**
 * In the plane the cells are cut by lines; for three and more lines in general position every cell is spanned by corners
 * and by directions along lines. One and two lines: the image is an orthant, whose corner and edges decide.
 */
function deadOnPlane(neurons: number, normal: Draw): boolean {
  const layer = drawFirstLayer(2, neurons, normal);
  if (neurons < 2) {
    const [row = []] = layer.rows;
    const square = (row[0] ?? 0) ** 2 + (row[1] ?? 0) ** 2;
    const corner = row.map((w) => (-(layer.shifts[0] ?? 0) * w) / square);
    return staysBelow(layer, [corner], [row, row.map((w) => -w)]);
  }
  const directions = layer.rows.flatMap(([a = 0, b = 0]) => [
    [-b, a],
    [b, -a],
  ]);
  const corners: number[][] = [];
  layer.rows.forEach(([a = 0, b = 0], k) => {
    layer.rows.slice(k + 1).forEach(([c = 0, d = 0], rest) => {
      const determinant = a * d - b * c;
      const first = -(layer.shifts[k] ?? 0);
      const second = -(layer.shifts[k + 1 + rest] ?? 0);
      corners.push([(first * d - b * second) / determinant, (a * second - first * c) / determinant]);
    });
  });
  return staysBelow(layer, corners, directions);
}
