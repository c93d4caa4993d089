import {
  allocateDenseNetwork,
  allocateForward,
  allocateMatrix,
  createEngine,
  deriveKey,
  forward,
  InvalidArgumentError,
  keyPurpose,
  mean,
  rootKey,
  sumSquares,
  writeMatrix,
} from '@kindling/core';
import {
  empiricalLengthVariance,
  measureLengths,
  predictLengths,
  predictLengthVariance,
  predictLengthVarianceStandardError,
} from '@kindling/diagnostics';
import {
  findInitializer,
  type Initializer,
  initializeNetwork,
  initializerNames,
  needsBlocks,
} from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const nets = 4000;

function measureMany(widths: readonly number[], initializer: Initializer, seed: number, count = nets) {
  const root = rootKey(seed);
  return Array.from({ length: count }, (_, trial) =>
    measureLengths(engine, { widths, initializer, key: deriveKey(root, keyPurpose.trial, trial) }),
  );
}

/** How many predicted standard errors the mean of the last lengths lies from the prediction for `theory`. */
function deviation(lengths: readonly number[], widths: readonly number[], theory: Initializer): number {
  const predicted = predictLengths({ widths, initializer: theory }).at(-1);
  if (predicted?.mean == null || predicted.secondMoment === null) throw new Error('a law with both moments');
  const standardError = Math.sqrt((predicted.secondMoment - predicted.mean ** 2) / lengths.length);
  return (mean(lengths) - predicted.mean) / standardError;
}

// S = Σ 1/n = 0.3: the mean of 4,000 nets is close to normal there.
const widths = [20, 30, 20, 20, 25, 20, 20];

const he = findInitializer('he-normal').initializer;
const scaled = (scale: number): Initializer => ({
  kind: 'layerwise',
  weights: { kind: 'variance-scaling', distribution: 'normal', scale, mode: 'fan-in' },
  biases: { kind: 'zeros' },
});
const withBiases = ['he-normal:bias-variance=0.3', 'pytorch:linear', 'brainjs'];

// The laws of figure 1, other shapes, and biases.
describe.each([...initializerNames.slice(0, 9), 'he-laplace', 'orthogonal', ...withBiases])('%s', (name) => {
  const { initializer } = findInitializer(name);
  const measured = measureMany(widths, initializer, 5);

  it('has the predicted mean length in every layer, within 4 predicted standard errors', () => {
    for (let layer = 1; layer < widths.length; layer++) {
      const lengths = measured.map((net) => net.lengths[layer - 1] ?? Number.NaN);
      expect(Math.abs(deviation(lengths, widths.slice(0, layer + 1), initializer))).toBeLessThan(4);
    }
  });

  it('has the predicted second moment in the first layer, within 4 sample standard errors', () => {
    const squares = measured.map((net) => (net.lengths[0] ?? Number.NaN) ** 2);
    const predicted = predictLengths({ widths, initializer })[0]?.secondMoment ?? Number.NaN;
    const spread = Math.sqrt(squares.reduce((sum, x) => sum + (x - mean(squares)) ** 2, 0) / nets / nets);
    expect(Math.abs(mean(squares) - predicted) / spread).toBeLessThan(4);
  });
});

it('negative control: truncated He is many standard errors from the theory of He', () => {
  const lengths = measureMany(widths, findInitializer('he-truncated-normal-uncorrected').initializer, 5).map(
    (net) => net.lengths.at(-1) ?? Number.NaN,
  );
  expect(deviation(lengths, widths, he)).toBeLessThan(-20);
});

// Five layers of width 40: at ten of width 20 (1.41566) the mean of 4,000 nets has a standard error of 0.57 and tells nothing.
it('has E[V] = 0.135220 for five layers of width 40, within 4 predicted standard errors', () => {
  const widths = new Array<number>(6).fill(40);
  const found = mean(measureMany(widths, he, 9).map((net) => empiricalLengthVariance(net.lengths)));
  // The sample's own is too small where tails are heavy.
  const spread = predictLengthVarianceStandardError({ widths, initializer: he, trials: nets }) ?? Number.NaN;
  expect(Math.abs(found - 0.13522) / spread).toBeLessThan(4);
  // Negative control: four layers have another variance.
  const shorter = predictLengthVariance({ widths: widths.slice(1), initializer: he }) ?? Number.NaN;
  expect(Math.abs(found - shorter) / spread).toBeGreaterThan(4);
});

it('counts dead nets as length 0: P = 1 − Π (1 − 2^−n), within 4 binomial standard errors', () => {
  const narrow = [3, 3, 2, 4, 3];
  const measured = measureMany(narrow, he, 2);
  const dead = measured.filter((net) => net.lengths.at(-1) === 0);
  const probability = 1 - narrow.slice(1).reduce((alive, n) => alive * (1 - 2 ** -n), 1);
  const standardError = Math.sqrt((probability * (1 - probability)) / nets);
  expect(Math.abs(dead.length / nets - probability) / standardError).toBeLessThan(4);
  for (const net of dead) expect(net.logLengths.at(-1)).toBe(Number.NEGATIVE_INFINITY);
});

it('is right far outside the range of f32: scales 2 and ½ of the same draws differ by exactly 4^−depth', () => {
  const deep = new Array<number>(1001).fill(16);
  const key = rootKey(4);
  const large = measureLengths(engine, { widths: deep, initializer: scaled(2), key });
  const small = measureLengths(engine, { widths: deep, initializer: scaled(0.5), key });
  large.logLengths.forEach((value, j) => {
    expect(small.logLengths[j]).toBeCloseTo(value - (j + 1) * Math.log(4), 8);
  });
  expect(large.logLengths.at(-1)).toBeGreaterThan(-1000);
});

describe('rescaling', () => {
  /** The mean squares of a plain pass in f32. */
  function plainSquares(
    widths: readonly number[],
    initializer: Initializer,
    input: readonly number[],
    seed: number,
  ) {
    const mark = engine.arena.mark();
    const network = allocateDenseNetwork(engine, { widths, outputs: 0 });
    initializeNetwork(engine, network, initializer, rootKey(seed));
    const row = allocateMatrix(engine, 1, input.length);
    writeMatrix(engine, row, input);
    const squares: number[] = [];
    forward(engine, network, row, allocateForward(engine, network, 1), (_, act) => {
      squares.push(sumSquares(engine, act) / act.columns);
    });
    engine.arena.release(mark);
    return squares;
  }

  // Variance 2^14 times He's: lengths grow past 2^40, where they are rescaled, and stay in f32.
  it.each([
    ['growing', { kind: 'stated-variance', distribution: 'normal', variance: 3000 }, 1e3],
    ['shrinking', { kind: 'stated-variance', distribution: 'normal', variance: 1e-6 }, 1e-9],
  ] as const)(
    'of a %s net with biases gives the digits of a pass that is not rescaled',
    (_, weights, bias) => {
      const initializer: Initializer = {
        kind: 'layerwise',
        weights,
        biases: { kind: 'stated-variance', distribution: 'normal', variance: bias * bias },
      };
      const widths = [4, 6, 6, 6, 6, 6];
      // A mean square of 4, a power of four: relative lengths are exact quotients.
      const input = [2, -2, 2, -2];
      for (let seed = 0; seed < 20; seed++) {
        const { lengths } = measureLengths(engine, { widths, initializer, input, key: rootKey(seed) });
        expect(lengths.map((length) => 4 * length)).toEqual(plainSquares(widths, initializer, input, seed));
      }
    },
  );

  it('keeps biases beside inputs that f32 cannot hold', () => {
    const initializer = findInitializer('he-normal:bias-variance=1').initializer;
    const options = { widths: [2, 8, 8, 8], initializer, key: rootKey(3) };
    const absolute = (input: readonly [number, number]) => {
      const log = Math.log((input[0] ** 2 + input[1] ** 2) / 2);
      return measureLengths(engine, { ...options, input }).logLengths.map((value) => value + log);
    };
    // Nothing but the biases is left of a tiny input, and nothing of the biases beside a huge one.
    const tiny = absolute([2 ** -400, 2 ** -401]);
    absolute([2 ** -60, 2 ** -61]).forEach((value, j) => {
      expect(value).toBeCloseTo(tiny[j] ?? Number.NaN, 6);
    });
    const huge = measureLengths(engine, { ...options, input: [2 ** 300, 2 ** 299] });
    const alone = measureLengths(engine, { ...options, initializer: he, input: [2, 1] });
    expect(huge.lengths).toEqual(alone.lengths);
  });

  it('goes on behind a dead layer that has biases behind it', () => {
    const initializer: Initializer = {
      kind: 'layerwise',
      weights: { kind: 'constant', value: -(2 ** 30) },
      biases: { kind: 'constant', value: 1 },
    };
    const { lengths } = measureLengths(engine, {
      widths: [2, 2, 2, 2],
      initializer,
      input: [1, 1],
      key: rootKey(1),
    });
    expect(lengths).toEqual([0, 1, 0]);
  });
});

it('reaches depth 1,000 with every initializer of the catalog', () => {
  const deep = new Array<number>(1001).fill(6);
  const mark = engine.arena.mark();
  const inputs = allocateMatrix(engine, 8, 6);
  writeMatrix(
    engine,
    inputs,
    Float64Array.from({ length: 48 }, (_, i) => ((i * 7) % 11) - 5),
  );
  for (const name of initializerNames) {
    const { initializer } = findInitializer(name);
    if (needsBlocks(initializer)) continue;
    const { lengths, logLengths } = measureLengths(engine, {
      widths: deep,
      initializer,
      key: rootKey(2),
      data: { inputs },
    });
    expect(logLengths.some(Number.isNaN), name).toBe(false);
    expect(logLengths.includes(Number.POSITIVE_INFINITY), name).toBe(false);
    expect(lengths, name).toHaveLength(1000);
  }
  engine.arena.release(mark);
});

it('measures initializers that look at data on their points', () => {
  const mark = engine.arena.mark();
  const inputs = allocateMatrix(engine, 32, 5);
  writeMatrix(
    engine,
    inputs,
    Float64Array.from({ length: 160 }, (_, i) => Math.sin(i + 1)),
  );
  const options = { widths: [5, 20, 20, 20], data: { inputs }, key: rootKey(1) };
  // LSUV: pre-activations of variance 1 over the data, so about half of that, and their mean squared, is left by ReLU.
  const { initializer } = findInitializer('lsuv');
  const nets = Array.from({ length: 200 }, (_, trial) =>
    measureLengths(engine, { ...options, initializer, key: deriveKey(rootKey(1), keyPurpose.trial, trial) }),
  );
  const last = mean(nets.map(({ lengths }) => lengths.at(-1) ?? Number.NaN));
  expect(last).toBeGreaterThan(0.5);
  expect(last).toBeLessThan(4);
  expect(() => measureLengths(engine, { widths: [5, 4], initializer, key: rootKey(1) })).toThrow(
    /lsuv.*data/,
  );
  expect(() => measureLengths(engine, { ...options, widths: [6, 4], initializer })).toThrow(/data.inputs/);
  engine.arena.release(mark);
});

it('gives 0 for a dead net however far its scale has run, and Infinity beyond f64', () => {
  const widths = new Array<number>(121).fill(6);
  const nets = measureMany(widths, scaled(4e4), 1, 50);
  for (const { lengths, logLengths } of nets) {
    expect(lengths.some(Number.isNaN)).toBe(false);
    lengths.forEach((length, j) => {
      expect(length === 0).toBe(logLengths[j] === Number.NEGATIVE_INFINITY);
    });
  }
  expect(nets.some((net) => net.lengths.at(-1) === Number.POSITIVE_INFINITY)).toBe(true);
  expect(nets.some((net) => net.lengths.at(-1) === 0)).toBe(true);
});

it('ends when a layer overflows f32 in one step', () => {
  const { lengths } = measureLengths(engine, {
    widths: [4, 8, 8],
    initializer: scaled(1e76),
    key: rootKey(1),
  });
  expect(lengths.every((length) => length > 1e70 || Number.isNaN(length))).toBe(true);
});

it('takes an input, and measures relative to it', () => {
  const options = { widths: [3, 8, 8], initializer: he, key: rootKey(8) };
  const one = measureLengths(engine, { ...options, input: [1, -2, 0.5] });
  const double = measureLengths(engine, { ...options, input: [2, -4, 1] });
  expect(double.lengths).toEqual(one.lengths);
  // Inputs whose squares, or themselves, f32 cannot hold: a power of two times the same input.
  for (const factor of [2 ** 127, 2 ** -149, 2 ** 400, 2 ** -400]) {
    const far = measureLengths(engine, { ...options, input: [factor, -2 * factor, 0.5 * factor] });
    expect(far.lengths).toEqual(one.lengths);
  }
  // And inputs whose squares f64 cannot hold either, down to the smallest numbers there are.
  for (const factor of [2 ** 1000, 2 ** -1073]) {
    const far = measureLengths(engine, { ...options, input: [factor, -2 * factor, 0.5 * factor] });
    expect(far.lengths).toEqual(one.lengths);
  }
  const used = engine.arena.usedBytes;
  expect(() => measureLengths(engine, { ...options, input: [1, 2] })).toThrow(InvalidArgumentError);
  expect(() => measureLengths(engine, { ...options, input: [0, 0, 0] })).toThrow(/zero/);
  expect(() => measureLengths(engine, { ...options, widths: [3] })).toThrow(/^measureLengths: widths has 1/);
  expect(() => measureLengths(engine, { ...options, widths: [3, 0] })).toThrow(
    /^measureLengths: widths\[1\]/,
  );
  expect(() => measureLengths(engine, { ...options, input: [1, Number.NaN, 0] })).toThrow(/finite/);
  expect(engine.arena.usedBytes).toBe(used);
});

it('passes a random input of the length asked for beside biases', () => {
  const initializer = findInitializer('he-normal:bias-variance=0.5').initializer;
  const nets = 4000;
  for (const inputLength of [1, 0.2]) {
    const lengths = Array.from({ length: nets }, (_, trial) => {
      const key = deriveKey(rootKey(6), keyPurpose.trial, trial);
      const net = measureLengths(engine, { widths: [4, 30, 30], initializer, key, inputLength });
      return inputLength * (net.lengths.at(-1) ?? Number.NaN);
    });
    const theory = predictLengths({ widths: [4, 30, 30], initializer, inputLength }).at(-1);
    const spread = Math.sqrt(((theory?.secondMoment ?? 0) - (theory?.mean ?? 0) ** 2) / nets);
    expect(Math.abs(mean(lengths) - (theory?.mean ?? Number.NaN)) / spread).toBeLessThan(4);
  }
  const options = { widths: [4, 3], initializer, key: rootKey(1) };
  expect(() => measureLengths(engine, { ...options, inputLength: 0 })).toThrow(/inputLength/);
});

it('gives the memory back', () => {
  const before = engine.arena.usedBytes;
  measureLengths(engine, { widths: [50, 60], initializer: he, key: rootKey(1) });
  expect(engine.arena.usedBytes).toBe(before);
});
