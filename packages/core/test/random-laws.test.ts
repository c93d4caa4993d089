/**
 * The samplers' distributions: Kolmogorov–Smirnov, moments, correlations and χ², each at a false alarm of 10^−6 (or five
 * standard errors), each with a wrong sampler that must be caught.
 */
import { describe, expect, it } from 'vitest';
import { createEngine, deriveKey, openStream, type Pointer, rootKey, type Stream } from '../src/index.js';
import { drawWords, seedStream } from '../src/reference/index.js';
import { borrowing } from './guarded.js';
import {
  chiSquare,
  chiSquareThreshold,
  kolmogorov,
  kolmogorovThreshold,
  manyErrors,
  meanOf,
  normalCdf,
  scaledCorrelation,
  truncatedNormalCdf,
} from './laws.js';

const engine = createEngine();
const { kernels } = engine;
/** Enough to see a deviation that is 1 % off by Kolmogorov's test. */
const count = 4_000_000;

function draw(seed: number, fill: (state: Stream, out: Pointer) => void): Float32Array {
  return borrowing(engine, () => {
    const state = openStream(engine, deriveKey(rootKey(seed), 3));
    const out = engine.arena.allocateFloats(count);
    fill(state, out);
    return engine.arena.floats(out, count).slice();
  });
}

const uniforms = draw(101, (state, out) => kernels.fill_uniform(state, count, out, 0, 1));
const normals = draw(102, (state, out) => kernels.fill_normal(state, count, out, 1));
const truncated = draw(103, (state, out) => kernels.fill_truncated_normal(state, count, out, 1));
/** What moments and correlations need: a million. */
const some = {
  uniforms: firstMillion(uniforms),
  normals: firstMillion(normals),
  truncated: firstMillion(truncated),
};
function firstMillion(values: Float32Array): Float32Array {
  return values.subarray(0, 1_000_000);
}

/** Variance and fourth moment of a standard normal cut at ±2: m₂ = 1 − 4φ(2)/P, m₄ = 3m₂ − 16φ(2)/P. */
const edge = Math.exp(-2) / Math.sqrt(2 * Math.PI) / (normalCdf(2) - normalCdf(-2));
const cutVariance = 1 - 4 * edge;
const cutFourth = 3 * cutVariance - 16 * edge;

describe('Kolmogorov–Smirnov', () => {
  const identity = (x: number) => x;

  it('accepts uniforms, and refuses them bent by a little', () => {
    expect(kolmogorov(uniforms, identity, [0, 1])).toBeLessThan(kolmogorovThreshold);
    const bent = uniforms.map((u) => u + 0.01 * u * (1 - u));
    expect(kolmogorov(bent, identity, [0, 1])).toBeGreaterThan(kolmogorovThreshold);
  });

  it('accepts normals, and refuses them 1 % too wide', () => {
    expect(kolmogorov(normals, normalCdf, [-5, 5])).toBeLessThan(kolmogorovThreshold);
    const wider = normals.map((z) => 1.01 * z);
    expect(kolmogorov(wider, normalCdf, [-5, 5])).toBeGreaterThan(kolmogorovThreshold);
  });

  it('accepts truncated normals, and refuses the untruncated and the variance-restored law for them', () => {
    expect(kolmogorov(truncated, truncatedNormalCdf, [-2, 2])).toBeLessThan(kolmogorovThreshold);
    const restored = (x: number) => truncatedNormalCdf(x * Math.sqrt(cutVariance));
    expect(kolmogorov(truncated, restored, [-3, 3])).toBeGreaterThan(10);
    expect(kolmogorov(truncated, normalCdf, [-5, 5])).toBeGreaterThan(10);
    const wider = truncated.map((z) => 1.01 * z);
    expect(kolmogorov(wider, truncatedNormalCdf, [-2, 2])).toBeGreaterThan(kolmogorovThreshold);
  });

  it('accepts the rarest thousandth of the normals too', () => {
    // Counts beyond ±c are binomial; Kolmogorov's test hardly looks there.
    for (const cut of [3, 3.5, 4, 4.5]) {
      const expected = 2 * normalCdf(-cut) * count;
      const beyond = normals.reduce((n, z) => n + (Math.abs(z) > cut ? 1 : 0), 0);
      expect(Math.abs(beyond - expected), `|z| > ${cut}`).toBeLessThan(manyErrors * Math.sqrt(expected));
    }
  });
});

describe('moments, in standard errors', () => {
  /** How far the mean of f is from `want`, in standard errors; `variance` is that of f under the law. */
  function errors(values: Float32Array, f: (x: number) => number, want: number, variance: number): number {
    return Math.abs(meanOf(values, f) - want) / Math.sqrt(variance / values.length);
  }

  it('of uniforms', () => {
    expect(errors(some.uniforms, (u) => u - 0.5, 0, 1 / 12)).toBeLessThan(manyErrors);
    expect(errors(some.uniforms, (u) => (u - 0.5) ** 2, 1 / 12, 1 / 80 - 1 / 144)).toBeLessThan(manyErrors);
    expect(errors(some.uniforms, (u) => (u - 0.5) ** 4, 1 / 80, 1 / 2304 - 1 / 6400)).toBeLessThan(
      manyErrors,
    );
  });

  it('of normals to the fourth; 1 % too wide fails', () => {
    expect(errors(some.normals, (z) => z, 0, 1)).toBeLessThan(manyErrors);
    expect(errors(some.normals, (z) => z ** 2, 1, 2)).toBeLessThan(manyErrors);
    expect(errors(some.normals, (z) => z ** 3, 0, 15)).toBeLessThan(manyErrors);
    expect(errors(some.normals, (z) => z ** 4, 3, 96)).toBeLessThan(manyErrors);
    expect(errors(some.normals, (z) => (1.01 * z) ** 2, 1, 2)).toBeGreaterThan(manyErrors);
  });

  it('of truncated normals: variance 0.7737413; the nominal one fails', () => {
    expect(cutVariance).toBeCloseTo(0.7737413, 7);
    expect(Math.sqrt(cutVariance)).toBeCloseTo(0.87962566103423978, 12);
    const spread = cutFourth - cutVariance ** 2;
    expect(errors(some.truncated, (z) => z, 0, cutVariance)).toBeLessThan(manyErrors);
    expect(errors(some.truncated, (z) => z ** 2, cutVariance, spread)).toBeLessThan(manyErrors);
    expect(errors(some.truncated, (z) => z ** 2, 1, spread)).toBeGreaterThan(manyErrors);
  });
});

describe('independence', () => {
  const lags = [1, 2, 3, 4, 5, 7, 8, 12, 16, 64, 256, 1024];
  const steps = 249_998;
  /** Neighbors need no more than these. */
  const neighbors = 500_000;

  it.each([
    ['uniforms', some.uniforms],
    ['normals', some.normals],
    ['truncated normals', some.truncated],
  ] as const)('%s do not follow earlier ones', (_, values) => {
    for (const lag of lags) {
      const r = scaledCorrelation(values, neighbors, (t) => [t, t + lag]);
      expect(Math.abs(r), `lag ${lag}`).toBeLessThan(manyErrors);
    }
    const squares = values.map((x) => x * x);
    for (const lag of [1, 4, 8]) {
      const r = scaledCorrelation(squares, neighbors, (t) => [t, t + lag]);
      expect(Math.abs(r), `squares, lag ${lag}`).toBeLessThan(manyErrors);
    }
  });

  it('the four lanes do not follow one another; a lane that copies another is seen', () => {
    for (let a = 0; a < 4; a++) {
      for (let b = 0; b < 4; b++) {
        for (const later of [0, 1, 2]) {
          if (a === b && later === 0) continue;
          const r = scaledCorrelation(some.uniforms, steps, (t) => [4 * t + a, 4 * (t + later) + b]);
          expect(Math.abs(r), `lanes ${a}, ${b}, ${later} later`).toBeLessThan(manyErrors);
        }
      }
    }
    // One draw in fifty copied from the lane beside it.
    const copied = some.uniforms.map((u, i) => (i % 4 === 1 && i % 200 < 4 ? Number(uniforms[i - 1]) : u));
    expect(scaledCorrelation(copied, steps, (t) => [4 * t, 4 * t + 1])).toBeGreaterThan(manyErrors);
  });

  it('the two normals of a Box–Muller pair are independent, also in size', () => {
    const pairs = count / 2;
    const pair = (t: number) => {
      const first = 8 * Math.floor(t / 4) + (t % 4);
      return [first, first + 4] as const;
    };
    for (const f of [(z: number) => z, (z: number) => z * z, Math.abs, (z: number) => z ** 3]) {
      expect(Math.abs(scaledCorrelation(some.normals.map(f), 500_000, pair))).toBeLessThan(manyErrors);
    }
    // Eight by eight cells of equal probability; 64 − 1 degrees of freedom.
    const cells = (second: (x: number, y: number) => number) => {
      const counts = new Uint32Array(64);
      for (let t = 0; t < pairs; t += 4) {
        const [i, j] = pair(t);
        const [x, y] = [Number(normals[i]), Number(normals[j])];
        const cell = 8 * octile(x) + octile(second(x, y));
        counts[cell] = Number(counts[cell]) + 1;
      }
      return chiSquare(counts);
    };
    expect(cells((_, y) => y)).toBeLessThan(chiSquareThreshold(63));
    // The control: a second normal with 2 % of the first in it.
    expect(cells((x, y) => (y + 0.02 * x) / Math.sqrt(1.0004))).toBeGreaterThan(chiSquareThreshold(63));
  });

  it('the bits of the words are even and unrelated', () => {
    const words = borrowing(engine, () => {
      const state = openStream(engine, deriveKey(rootKey(104), 3));
      const out = engine.arena.allocate(4 * 400_000);
      kernels.fill_words(state, 100_000, out);
      return engine.arena.words(out, 400_000).slice();
    });
    for (let bit = 0; bit < 32; bit++) {
      let ones = 0;
      let same = 0;
      for (let i = 0; i < words.length; i++) {
        ones += (Number(words[i]) >>> bit) & 1;
        same += ((Number(words[i]) >>> bit) ^ (Number(words[i]) >>> ((bit + 1) % 32))) & 1;
      }
      const errorsOf = (n: number) => Math.abs(n - 200_000) / Math.sqrt(100_000);
      expect(errorsOf(ones), `bit ${bit}`).toBeLessThan(manyErrors);
      expect(errorsOf(same), `bits ${bit} and ${bit + 1}`).toBeLessThan(manyErrors);
    }
  });
});

/** Which eighth of the standard normal law x falls into. */
const octileEdges = [-1.1503493803760079, -0.6744897501960817, -0.3186393639643751] as const;
function octile(x: number): number {
  const below = octileEdges.reduce((n, edgeOf) => n + (-Math.abs(x) > edgeOf ? 1 : 0), 0);
  return x < 0 ? below : 7 - below;
}

describe('fill_permutation', () => {
  /** Rank of an order of 0 … 4 among all 120. */
  function rankOf(order: ArrayLike<number>): number {
    let rank = 0;
    for (let i = 0; i < 5; i++) {
      let smaller = 0;
      for (let j = i + 1; j < 5; j++) if (Number(order[j]) < Number(order[i])) smaller += 1;
      rank = rank * (5 - i) + smaller;
    }
    return rank;
  }

  it('gives every order of five alike; the shuffle that swaps with any place does not', () => {
    const counts = new Uint32Array(120);
    const biased = new Uint32Array(120);
    borrowing(engine, () => {
      const state = openStream(engine, deriveKey(rootKey(105), 6));
      const out = engine.arena.allocate(20);
      for (let t = 0; t < 120_000; t++) {
        kernels.fill_permutation(state, 5, out);
        const rank = rankOf(engine.arena.words(out, 5));
        counts[rank] = Number(counts[rank]) + 1;
      }
    });
    const words = drawWords(seedStream(rootKey(106)), 150_000);
    for (let t = 0; t < 120_000; t++) {
      const order = [0, 1, 2, 3, 4];
      for (let i = 0; i < 5; i++) {
        const j = Number(words[5 * t + i]) % 5;
        [order[i], order[j]] = [Number(order[j]), Number(order[i])];
      }
      const rank = rankOf(order);
      biased[rank] = Number(biased[rank]) + 1;
    }
    expect(counts.every((n) => n > 0)).toBe(true);
    expect(chiSquare(counts)).toBeLessThan(chiSquareThreshold(119));
    expect(chiSquare(biased)).toBeGreaterThan(chiSquareThreshold(119));
  });

  it('puts every one of 60,000 into any place alike', () => {
    const places = [0, 1, 29_999, 59_998, 59_999];
    const counts = places.map(() => new Uint32Array(20));
    borrowing(engine, () => {
      const state = openStream(engine, deriveKey(rootKey(107), 6));
      const out = engine.arena.allocate(4 * 60_000);
      for (let t = 0; t < 1000; t++) {
        kernels.fill_permutation(state, 60_000, out);
        const order = engine.arena.words(out, 60_000);
        places.forEach((place, p) => {
          const bin = Math.floor(Number(order[place]) / 3000);
          const row = counts[p] as Uint32Array;
          row[bin] = Number(row[bin]) + 1;
        });
      }
    });
    for (const row of counts) expect(chiSquare(row)).toBeLessThan(chiSquareThreshold(19));
    // The control: one order in ten that leaves the first place alone.
    const lazy = (counts[0] as Uint32Array).map((n, bin) => (bin === 0 ? n + 100 : Math.round(0.9 * n)));
    expect(chiSquare(lazy)).toBeGreaterThan(chiSquareThreshold(19));
  });
});
