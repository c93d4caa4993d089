/** Networks born dead: listed bounds, their places around simulation, widths that suffice. */
import {
  predictAliveBounds,
  predictBornDead,
  predictSurvivingShare,
  widthForBornDead,
} from '@kindling/diagnostics';
import { describe, expect, it } from 'vitest';
import { dot, normals, sampleMean, shareStandardError } from './theory-simulation.js';

const layers = (count: number, width: number) => new Array<number>(count).fill(width);
/** N and L affine maps, so L − 1 hidden layers, one input, zero biases. */
const bounds = (width: number, maps: number) =>
  predictBornDead({ inputDimension: 1, hidden: layers(maps - 1, width), zeroBiases: true });

const published = [
  // N, L, lower, simulated, upper
  [2, 10, 0.87026, 0.8809, 0.92492],
  [3, 10, 0.51339, 0.5816, 0.69934],
  [4, 20, 0.51985, 0.6271, 0.7066],
  [10, 10, 0.00008, 0.0013, 0.00875],
] as const;

/** Whether a net of one input and zero biases is constant: no layer lets anything of 1 or of −1 pass. */
function simulateBornDead(hidden: readonly number[], trials: number, seed: number): number {
  const normal = normals(seed);
  let dead = 0;
  for (let trial = 0; trial < trials; trial++) {
    let sides: number[][] = [[1], [-1]];
    for (const width of hidden) {
      const fanIn = sides[0]?.length ?? 0;
      const rows = Array.from({ length: width }, () => Array.from({ length: fanIn }, normal));
      sides = sides.map((side) =>
        rows.map((row) =>
          Math.max(
            0,
            row.reduce((sum, w, i) => sum + w * (side[i] ?? 0), 0),
          ),
        ),
      );
      if (sides.every((side) => side.every((x) => x === 0))) {
        dead += 1;
        break;
      }
    }
  }
  return dead / trials;
}

/**
 * P(constant) of one input and zero biases without waiting for rare deaths: of what 1 and −1 have become, at an angle θ,
 * a layer of N neurons kills both with ((π − θ)/2π)^N and either with 2^−N, and one that is alone with 2^−N a layer. Nets are
 * drawn on condition that both live, and the probabilities of all deaths are added up on the way.
 */
function bornDeadByAngles(depth: number, width: number, trials: number) {
  const normal = normals(depth * 100 + width);
  const either = 2 ** -width;
  return sampleMean(
    Array.from({ length: trials }, () => {
      let sides: readonly number[][] = [[1], [-1]];
      let alive = 1;
      let dead = 0;
      for (let layer = 1; layer <= depth; layer++) {
        const [a = [], b = []] = sides;
        const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
        const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
        const both = ((Math.PI - angle) / (2 * Math.PI)) ** width;
        const one = 2 * (either - both);
        dead += alive * (both + one * (1 - (1 - either) ** (depth - layer)));
        alive *= 1 - both - one;
        do {
          const rows = Array.from({ length: width }, () => a.map(normal));
          sides = [a, b].map((side) => rows.map((row) => Math.max(0, dot(row, side))));
        } while (sides.some((side) => side.every((x) => x === 0)));
      }
      return dead;
    }),
  );
}

describe('predictBornDead', () => {
  it.each(published)('N = %d, L = %d: lower %d, upper %4$d', (width, maps, lower, _, upper) => {
    const found = bounds(width, maps);
    expect(Math.abs((found.lower ?? Number.NaN) - lower)).toBeLessThan(0.6e-5);
    expect(Math.abs(found.upper - upper)).toBeLessThan(0.6e-5);
  });

  it.each([
    [2, 10, 0.8809, 20_000],
    [3, 10, 0.5816, 10_000],
    [4, 20, 0.6271, 4000],
  ])('N = %d, L = %d: simulation finds %d, between the bounds', (width, maps, value, trials) => {
    const found = simulateBornDead(layers(maps - 1, width), trials, width);
    const standardError = shareStandardError(value, trials);
    expect(Math.abs(found - value)).toBeLessThan(4 * standardError);
    const { lower = 0, upper } = bounds(width, maps);
    expect(found).toBeGreaterThan(lower - 4 * standardError);
    expect(found).toBeLessThan(upper + 4 * standardError);
    // Negative control: the bounds of a net one layer deeper or shallower by a third do not hold it.
    expect(found).toBeLessThan(bounds(width, Math.round(maps * 2)).lower ?? 0);
    expect(found).toBeGreaterThan(bounds(width, Math.round(maps / 2)).upper);
  });

  it('N = 10, L = 10: 0.0013, far from either bound', () => {
    const { mean, standardError } = bornDeadByAngles(9, 10, 2000);
    expect(standardError).toBeLessThan(3e-5);
    // As published, to two digits.
    expect(Math.abs(mean - 0.0013)).toBeLessThan(0.5e-4 + 4 * standardError);
    expect(mean).toBeGreaterThan((bounds(10, 10).lower ?? 1) + 4 * standardError);
    expect(mean).toBeLessThan(bounds(10, 10).upper - 4 * standardError);
    // Negative controls: other depths.
    for (const depth of [5, 15]) {
      const other = bornDeadByAngles(depth, 10, 400);
      expect(Math.abs(other.mean - 0.0013)).toBeGreaterThan(0.5e-4 + 4 * other.standardError);
    }
  });

  it('the sum over angles is the share that simulation counts', () => {
    const { mean, standardError } = bornDeadByAngles(9, 3, 2000);
    expect(Math.abs(mean - 0.5816)).toBeLessThan(4 * (standardError + shareStandardError(0.5816, 10_000)));
  });

  it('has no lower bound beyond one input, zero biases and one width', () => {
    const hidden = layers(4, 3);
    expect(predictBornDead({ inputDimension: 2, hidden, zeroBiases: true })).not.toHaveProperty('lower');
    expect(predictBornDead({ inputDimension: 1, hidden, zeroBiases: false })).not.toHaveProperty('lower');
    expect(predictBornDead({ inputDimension: 1, hidden: [3, 4], zeroBiases: true })).not.toHaveProperty(
      'lower',
    );
    expect(predictBornDead({ inputDimension: 9, hidden: [1, 2], zeroBiases: true }).upper).toBe(1 - 3 / 8);
  });

  it('keeps tiny probabilities, and the bounds in order', () => {
    expect(bounds(100, 51).upper / (50 * 2 ** -100)).toBeCloseTo(1, 12);
    for (const width of [1, 2, 5, 20, 60, 300, 2000]) {
      for (const maps of [2, 3, 10, 1000]) {
        const { lower = Number.NaN, upper } = bounds(width, maps);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeGreaterThanOrEqual(lower);
        expect(upper).toBeLessThanOrEqual(1);
      }
    }
  });

  it('refuses what cannot be, naming it', () => {
    const make = (inputDimension: number, hidden: readonly number[]) => () =>
      predictBornDead({ inputDimension, hidden, zeroBiases: true });
    expect(make(0, [1])).toThrow(/predictBornDead: inputDimension is 0/);
    expect(make(1, [])).toThrow(/predictBornDead: hidden is empty/);
    expect(make(1, [2, 0])).toThrow(/predictBornDead: hidden\[1\] is 0/);
    expect(make(1, [Number.NaN])).toThrow(/hidden\[0\] is NaN/);
  });
});

describe('widthForBornDead', () => {
  it('is the first width that keeps the upper bound', () => {
    for (const depth of [1, 9, 50, 1000]) {
      for (const probability of [0.5, 0.01, 1e-6, 1e-12]) {
        const width = widthForBornDead({ depth, probability });
        const upper = (n: number) =>
          predictBornDead({ inputDimension: 2, hidden: layers(depth, n), zeroBiases: true }).upper;
        expect(upper(width)).toBeLessThanOrEqual(probability);
        if (width > 1) expect(upper(width - 1)).toBeGreaterThan(probability);
        expect(Math.abs(width - Math.log2(depth / probability))).toBeLessThan(1.6);
      }
    }
  });

  it('refuses what cannot be, naming it', () => {
    expect(() => widthForBornDead({ depth: 0, probability: 0.1 })).toThrow(/depth is 0/);
    expect(() => widthForBornDead({ depth: 3, probability: 0 })).toThrow(/probability is 0/);
    expect(() => widthForBornDead({ depth: 3, probability: Number.NaN })).toThrow(/probability is NaN/);
    expect(() => widthForBornDead({ depth: 1e9, probability: 5e-324 })).toThrow(/probability is 5e-324/);
  });
});

describe('predictAliveBounds', () => {
  it('multiplies over the layers, biases counting as one more weight', () => {
    expect(predictAliveBounds({ hidden: [2, 3], zeroBiases: true })).toEqual({
      lower: 0.75 * 0.875,
      upper: 1 - 2 ** -6,
    });
    expect(predictAliveBounds({ hidden: [2, 3], zeroBiases: false }).upper).toBe(1 - 2 ** -9);
    expect(() => predictAliveBounds({ hidden: [0], zeroBiases: true })).toThrow(/hidden\[0\] is 0/);
  });

  it('holds simulation, and the bounds of wider nets do not', () => {
    const trials = 20_000;
    const hidden = layers(6, 2);
    const alive = 1 - simulateBornDead(hidden, trials, 77);
    const { lower, upper } = predictAliveBounds({ hidden, zeroBiases: true });
    const tolerance = 4 * shareStandardError(alive, trials);
    expect(alive).toBeGreaterThan(lower - tolerance);
    expect(alive).toBeLessThan(upper + tolerance);
    expect(alive).toBeLessThan(predictAliveBounds({ hidden: layers(6, 4), zeroBiases: true }).lower);
  });
});

it('predictSurvivingShare halves a layer', () => {
  expect([0, 1, 10].map(predictSurvivingShare)).toEqual([1, 0.5, 2 ** -10]);
  expect(() => predictSurvivingShare(-1)).toThrow(/predictSurvivingShare: layers is -1/);
});

/** Rister & Rubin's rule, by the letter: a layer that fewer than half of the living data survive is negated. */
it('predictSurvivingShare is kept by sign flipping, and not without it', () => {
  const points = 16;
  const depth = 4;
  let violations = 0;
  for (let trial = 0; trial < 300; trial++) {
    for (const flips of [true, false]) {
      const normal = normals(1000 + trial);
      let living = Array.from({ length: points }, () => [normal(), normal()]);
      for (let k = 1; k <= depth; k++) {
        const rows = [0, 1].map(() => [normal(), normal(), normal()]);
        const pass = (sign: number) =>
          living
            .map((x) =>
              rows.map(([a = 0, b = 0, c = 0]) =>
                Math.max(0, sign * (a * (x[0] ?? 0) + b * (x[1] ?? 0) + c)),
              ),
            )
            .filter((y) => y.some((value) => value > 0));
        const straight = pass(1);
        living = flips && straight.length < living.length / 2 ? pass(-1) : straight;
        const kept = living.length / points >= predictSurvivingShare(k);
        if (flips) expect(kept).toBe(true);
        else if (!kept) violations += 1;
      }
    }
  }
  expect(violations).toBeGreaterThan(0);
});
