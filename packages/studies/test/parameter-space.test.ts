/** Networks as vectors: the assignment of units, the matching of networks, and what is drawn from checkpoints. */
import {
  allocateMatrix,
  allocateNetwork,
  allocateWorkspace,
  createEngine,
  deriveKey,
  forwardNetwork,
  InvalidArgumentError,
  mean,
  readImages,
  rootKey,
  sampleVariance,
  writeMatrix,
} from '@kindling/core';
import { describe, expect, it } from 'vitest';
import { bestAssignment } from '../src/parameter-space/assignment.js';
import {
  averageOf,
  drawAround,
  drawIndependent,
  drawInSpan,
  drawShuffled,
} from '../src/parameter-space/generators.js';
import { matchAll, matchUnits } from '../src/parameter-space/match-units.js';
import {
  distanceBetween,
  layerRanges,
  type ParameterVector,
  vectorOf,
  writeVector,
} from '../src/parameter-space/parameter-vector.js';

const engine = createEngine();
const key = rootKey(5);
const sizes = [24, 8, 5, 3];
const zero: ParameterVector = { sizes, values: new Float32Array(layerRanges(sizes).at(-1)?.end ?? 0) };

/** A network with normal numbers of length about 10. */
const random = (index: number, of = zero): ParameterVector =>
  drawAround(engine, of, { key: deriveKey(key, 77, index), length: 10 });

/** All orders of 0 … n − 1. */
function* permutations(n: number): Generator<number[]> {
  if (n === 0) yield [];
  else
    for (const shorter of permutations(n - 1))
      for (let at = 0; at < n; at++) yield [...shorter.slice(0, at), n - 1, ...shorter.slice(at)];
}

const worth = (gains: ArrayLike<number>, columns: ArrayLike<number>, n: number) =>
  Array.from(columns).reduce((sum, column, row) => sum + (gains[row * n + column] ?? Number.NaN), 0);

/** The same function with the units of every hidden layer in reverse. */
function reversed({ values }: ParameterVector): ParameterVector {
  const result = values.slice();
  const ranges = layerRanges(sizes);
  ranges.forEach(({ fanIn, fanOut, weights, biases }, layer) => {
    const turn = (count: number, hidden: boolean, i: number) => (hidden ? count - 1 - i : i);
    for (let i = 0; i < fanIn; i++)
      for (let j = 0; j < fanOut; j++) {
        const from = turn(fanIn, layer > 0, i) * fanOut + turn(fanOut, layer < ranges.length - 1, j);
        result[weights + i * fanOut + j] = values[weights + from] ?? 0;
      }
    for (let j = 0; j < fanOut; j++)
      result[biases + j] = values[biases + turn(fanOut, layer < ranges.length - 1, j)] ?? 0;
  });
  return { sizes, values: result };
}

function outputsOf(vector: ParameterVector): Float32Array {
  const mark = engine.arena.mark();
  const network = allocateNetwork(engine, {
    input: { width: 24 },
    layers: [
      { kind: 'dense', units: 8, activation: 'relu' },
      { kind: 'dense', units: 5, activation: 'relu' },
      { kind: 'dense', units: 3, activation: 'linear' },
    ],
  });
  writeVector(engine, network, vector);
  const input = allocateMatrix(engine, 4, 24);
  writeMatrix(
    engine,
    input,
    Float32Array.from({ length: 96 }, (_, i) => ((i * 7) % 11) / 5 - 1),
  );
  const outputs = forwardNetwork(engine, network, input, allocateWorkspace(engine, network, 4));
  const values = readImages(engine, outputs);
  engine.arena.release(mark);
  return values;
}

describe('the assignment', () => {
  it('is the best of all orders, with gains of either sign', () => {
    for (let trial = 0; trial < 60; trial++) {
      const n = 1 + (trial % 6);
      const gains = random(trial).values.slice(0, n * n);
      const best = Math.max(...[...permutations(n)].map((order) => worth(gains, order, n)));
      const found = bestAssignment(gains, n);
      expect([...found].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      expect(worth(gains, found, n)).toBeCloseTo(best, 6);
    }
  });

  it('pairs what is alike among 200, and takes ties', () => {
    const n = 200;
    const order = Uint32Array.from({ length: n }, (_, i) => (i * 77 + 13) % n);
    const gains = new Float64Array(n * n).fill(-3);
    order.forEach((column, row) => {
      gains[row * n + column] = -2;
    });
    expect(bestAssignment(gains, n)).toEqual(order);
    expect(worth(new Float64Array(9), bestAssignment(new Float64Array(9), 3), 3)).toBe(0);
  });

  it.each([
    [[1, 2, 3], 2, '3 numbers; expected 2 × 2'],
    [[], 0, 'n is 0'],
    [[1, 2, Number.NaN, 4], 2, 'row 1 and column 0 is NaN'],
  ])('refuses %j for n = %d', (gains, n, message) => {
    expect(() => bestAssignment(gains, n)).toThrow(InvalidArgumentError);
    expect(() => bestAssignment(gains, n)).toThrow(message);
  });
});

describe('matching', () => {
  it('finds the order back in which the units stood, and keeps the function', () => {
    const net = random(1);
    const shuffled = reversed(net);
    expect(distanceBetween(net, shuffled)).toBeGreaterThan(5);
    expect(outputsOf(shuffled).every((value, i) => Math.abs(value - (outputsOf(net)[i] ?? 0)) < 1e-4)).toBe(
      true,
    );
    expect(matchUnits(net, shuffled).values).toEqual(net.values);
  });

  it('brings strangers nearer, never farther, and changes what no network computes', () => {
    for (let i = 0; i < 10; i++) {
      const [a, b] = [random(2 * i), random(2 * i + 1)];
      const matched = matchUnits(a, b);
      expect(distanceBetween(a, matched)).toBeLessThanOrEqual(distanceBetween(a, b) + 1e-5);
      const [before, after] = [outputsOf(b), outputsOf(matched)];
      after.forEach((value, j) => {
        expect(Math.abs(value - (before[j] ?? 0))).toBeLessThan(1e-4);
      });
    }
  });

  it('gives many a common order', () => {
    const net = random(3);
    const near = (i: number) => drawAround(engine, net, { key: deriveKey(key, 78, i), length: 0.5 });
    const many = [near(0), reversed(near(1)), near(2), reversed(near(3))];
    const matched = matchAll(many);
    const spread = (list: readonly ParameterVector[]) =>
      list.flatMap((a) => list.map((b) => distanceBetween(a, b))).reduce((most, d) => Math.max(most, d), 0);
    expect(spread(many)).toBeGreaterThan(5);
    expect(spread(matched)).toBeLessThan(1);
    expect(matched[0]?.values).toEqual(many[0]?.values);
    expect(matchAll([])).toEqual([]);
  });

  it('refuses two architectures', () => {
    const other = { sizes: [24, 5, 8, 3], values: zero.values };
    expect(() => matchUnits(zero, other)).toThrow(/matchUnits: got networks of 24, 8, 5, 3 and 24, 5, 8, 3/);
    expect(() => distanceBetween(zero, other)).toThrow(InvalidArgumentError);
    expect(() => averageOf([zero, other])).toThrow(InvalidArgumentError);
    expect(() => vectorOf(sizes, [zero])).toThrow(/expected 192, 8, 40, 5, 15, 3/);
  });
});

describe('draws', () => {
  const checkpoints = Array.from({ length: 12 }, (_, i) => random(100 + i));
  const many = (draw: (index: number) => ParameterVector) => Array.from({ length: 400 }, (_, i) => draw(i));
  const own = (index: number) => ({ key: deriveKey(key, 79, index) });

  it('of independent parameters have the checkpoints’ means and deviations', () => {
    const drawn = many((i) => drawIndependent(engine, checkpoints, own(i)));
    for (const place of [0, 30, 100]) {
      const given = checkpoints.map(({ values }) => values[place] ?? 0);
      const found = drawn.map(({ values }) => values[place] ?? 0);
      const deviation = Math.sqrt(sampleVariance(given));
      // 400 draws: 5 standard errors of a mean and of a deviation.
      expect(Math.abs(mean(found) - mean(given))).toBeLessThan((5 * deviation) / 20);
      expect(Math.abs(Math.sqrt(sampleVariance(found)) / deviation - 1)).toBeLessThan(5 / Math.sqrt(800));
    }
  });

  it('in the span have the whole covariance, which independent ones have not', () => {
    const [a, b] = [3, 40];
    const covariance = (list: readonly ParameterVector[]) => {
      const [x, y] = [a, b].map((place) => list.map(({ values }) => values[place] ?? 0));
      const [mx, my] = [mean(x ?? []), mean(y ?? [])];
      return (
        (x ?? []).reduce((sum, value, i) => sum + (value - mx) * ((y?.[i] ?? 0) - my), 0) / (list.length - 1)
      );
    };
    // Make the two places alike, so that there is a covariance to find.
    const tied = checkpoints.map(({ values }) => {
      const copy = values.slice();
      copy[b] = copy[a] ?? 0;
      return { sizes, values: copy };
    });
    const truth = covariance(tied);
    const error = truth * Math.sqrt(2 / 400);
    expect(Math.abs(covariance(many((i) => drawInSpan(engine, tied, own(i)))) - truth)).toBeLessThan(
      5 * error,
    );
    expect(Math.abs(covariance(many((i) => drawIndependent(engine, tied, own(i)))))).toBeLessThan(5 * error);
  });

  it('in the span lie in it: of two checkpoints on their line', () => {
    const [a, b] = checkpoints as [ParameterVector, ParameterVector];
    const drawn = drawInSpan(engine, [a, b], own(0));
    const [ad, db, ab] = [distanceBetween(a, drawn), distanceBetween(drawn, b), distanceBetween(a, b)];
    const longest = Math.max(ad, db, ab);
    expect(2 * longest).toBeCloseTo(ad + db + ab, 3);
    expect(distanceBetween(averageOf([a, b]), a)).toBeCloseTo(ab / 2, 4);
  });

  it('in the span are nearer than checkpoints are to each other, whatever these are; independent ones are not', () => {
    const nearest = (drawn: readonly ParameterVector[]) =>
      mean(drawn.map((one) => Math.min(...checkpoints.map((net) => distanceBetween(one, net)))));
    const pairs = mean(
      checkpoints.flatMap((a, i) => checkpoints.slice(0, i).map((b) => distanceBetween(a, b))),
    );
    // A long simulation of unrelated long vectors gives 0.68 and 0.97, which so few parameters as these fall short of.
    expect(nearest(many((i) => drawInSpan(engine, checkpoints, own(i)))) / pairs).toBeCloseTo(0.68, 1);
    expect(nearest(many((i) => drawIndependent(engine, checkpoints, own(i)))) / pairs).toBeGreaterThan(0.9);
  });

  it('around a checkpoint have the length that was asked for; shuffled ones the numbers they had', () => {
    const [net] = checkpoints as [ParameterVector];
    expect(distanceBetween(net, drawAround(engine, net, { ...own(1), length: 3 }))).toBeCloseTo(3, 4);
    const shuffled = drawShuffled(engine, net, own(2));
    expect(distanceBetween(net, shuffled)).toBeGreaterThan(5);
    for (const { weights, biases, end } of layerRanges(sizes)) {
      for (const [from, to] of [
        [weights, biases],
        [biases, end],
      ] as const) {
        expect(shuffled.values.slice(from, to).sort()).toEqual(net.values.slice(from, to).sort());
      }
    }
  });

  it('need two checkpoints', () => {
    expect(() => drawInSpan(engine, checkpoints.slice(0, 1), own(0))).toThrow(
      /got 1 checkpoints; expected at least 2/,
    );
    expect(() => averageOf([])).toThrow(InvalidArgumentError);
  });
});
