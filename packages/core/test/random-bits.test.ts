/**
 * Streams and samplers against their twins: words, uniforms and permutations exactly, normals by bits of the f32 twin and
 * within a few roundings of f64; and how fills of different lengths hang together.
 */
import { describe, expect, it } from 'vitest';
import { createEngine, deriveKey, openStream, type RandomKey, rootKey, type Stream } from '../src/index.js';
import {
  drawWords,
  laplace,
  laplaceF32,
  normal,
  normalF32,
  permutation,
  type ReferenceStream,
  rademacher,
  seedStream,
  studentT,
  truncatedNormal,
  truncatedNormalF32,
  uniform,
  uniformF32,
} from '../src/reference/index.js';
import { firstDifference, firstOutside } from './floats.js';
import { borrowing, guardedBlock } from './guarded.js';

const engine = createEngine();
const { kernels } = engine;
const keys: readonly RandomKey[] = [
  [0, 0, 0, 0],
  [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
  ...Array.from({ length: 40 }, (_, i) => deriveKey(rootKey(i), 3, i)),
];

/** A sampler of n floats, as a kernel and as its two twins. */
interface Sampler {
  /** Floats drawn at a time; a fill that ends inside throws the rest away. */
  readonly unit: number;
  fill(state: Stream, n: number, out: number): void;
  f32(stream: ReferenceStream, n: number): Float32Array;
  f64(stream: ReferenceStream, n: number): Float64Array;
  /** Allowed distance from f64. */
  tolerance(value: number): number;
}

const ulp = 2 ** -23;
const samplers: Readonly<Record<string, Sampler>> = {
  fill_uniform: {
    unit: 4,
    fill: (state, n, out) => kernels.fill_uniform(state, n, out, -0.3, 0.7),
    f32: (stream, n) => uniformF32(stream, { n, low: Math.fround(-0.3), high: Math.fround(0.7) }),
    f64: (stream, n) => uniform(stream, { n, low: Math.fround(-0.3), high: Math.fround(0.7) }),
    // Difference, product and sum are rounded, none of them larger than 1.
    tolerance: () => (3 * ulp) / 2,
  },
  fill_normal: {
    unit: 8,
    fill: (state, n, out) => kernels.fill_normal(state, n, out, 1),
    f32: (stream, n) => normalF32(stream, n, 1),
    f64: (stream, n) => normal(stream, n, 1),
    // Logarithm (3 ulp where its two parts cancel, halved by the root), root, angle, series and product.
    tolerance: (z) => 6 * ulp * Math.abs(z),
  },
  fill_truncated_normal: {
    unit: 4,
    fill: (state, n, out) => kernels.fill_truncated_normal(state, n, out, 1),
    f32: (stream, n) => truncatedNormalF32(stream, n, 1),
    f64: (stream, n) => truncatedNormal(stream, n, 1),
    // Giles gives 4 ulp for the polynomial; near the cut an ulp of x moves z by φ(0)/φ(2) = 7.4 times as much.
    tolerance: (z) => (4 + 3 * Math.exp((z * z) / 2)) * ulp * Math.abs(z),
  },
  fill_laplace: {
    unit: 4,
    fill: (state, n, out) => kernels.fill_laplace(state, n, out, 1),
    f32: (stream, n) => laplaceF32(stream, n, 1),
    f64: (stream, n) => laplace(stream, n, 1),
    // Logarithm (3 ulp where its two parts cancel), √½ and two products, half an ulp each.
    tolerance: (z) => 5 * ulp * Math.abs(z),
  },
  fill_rademacher: {
    unit: 4,
    fill: (state, n, out) => kernels.fill_rademacher(state, n, out, 1),
    f32: (stream, n) => Float32Array.from(rademacher(stream, n, 1)),
    f64: (stream, n) => rademacher(stream, n, 1),
    tolerance: () => 0,
  },
  fill_student_t: studentSampler(5),
};

/**
 * The kernel computes in f64 and rounds once; the twin, rounded, is another f32 only where the two f64 lie on different sides
 * of a tie, once in some 2^27 draws.
 */
function studentSampler(degreesOfFreedom: number): Sampler {
  return {
    unit: 4,
    fill: (state, n, out) => kernels.fill_student_t(state, n, out, 1, degreesOfFreedom),
    f32: (stream, n) => Float32Array.from(studentT(stream, { n, deviation: 1, degreesOfFreedom })),
    f64: (stream, n) => studentT(stream, { n, deviation: 1, degreesOfFreedom }),
    tolerance: (z) => ulp * Math.abs(z),
  };
}

/** n floats of a fresh stream. Fails if a float past them was written. */
function draw(sampler: Sampler, key: RandomKey, n: number): Float32Array {
  return borrowing(engine, () => {
    const state = openStream(engine, key);
    const out = guardedBlock(engine, n);
    sampler.fill(state, n, out.pointer);
    expect(out.brokenGuard()).toBeNull();
    return engine.arena.floats(out.pointer, n).slice();
  });
}

describe('fill_words', () => {
  it('gives the words of four scalar generators, for many keys and split anyhow', () => {
    for (const key of keys) {
      borrowing(engine, () => {
        const state = openStream(engine, key);
        const out = engine.arena.allocate(16 * 100);
        kernels.fill_words(state, 37, out);
        kernels.fill_words(state, 0, out);
        kernels.fill_words(state, 63, out + 16 * 37);
        expect([...engine.arena.words(out, 400)]).toEqual([...drawWords(seedStream(key), 100)]);
      });
    }
  });

  it('gives streams of different keys nothing in common', () => {
    const words = new Set<number>();
    for (const key of keys) for (const word of drawWords(seedStream(key), 4)) words.add(word);
    // 672 words; the chance of any pair to meet is 672² / 2^33 = 5·10^−5.
    expect(words.size).toBe(16 * keys.length);
  });
});

describe.each(Object.entries(samplers))('%s', (_, sampler) => {
  it('has the bits of its f32 twin, for many keys', () => {
    for (const key of keys) {
      expect(firstDifference(draw(sampler, key, 1003), sampler.f32(seedStream(key), 1003))).toBeNull();
    }
  });

  it('is within rounding of f64 over a million draws', () => {
    const key = deriveKey(rootKey(5), 3);
    const want = sampler.f64(seedStream(key), 1_000_000);
    const got = draw(sampler, key, 1_000_000);
    expect(firstOutside(got, want, (i) => sampler.tolerance(Number(want[i])))).toBeNull();
    // The control: numbers half a per mil larger are refused.
    const larger = got.map((x) => x * 1.0005);
    expect(firstOutside(larger, want, (i) => sampler.tolerance(Number(want[i])))).not.toBeNull();
  });

  it('fills any length with a prefix of any longer fill', () => {
    const key = deriveKey(rootKey(6), 3);
    const all = draw(sampler, key, 1100);
    for (const n of [
      ...Array.from({ length: 40 }, (_unused, i) => i),
      250,
      255,
      256,
      257,
      263,
      264,
      265,
      511,
      512,
      513,
    ]) {
      expect(firstDifference(draw(sampler, key, n), all.slice(0, n)), `n=${n}`).toBeNull();
    }
  });

  it('goes on where a fill of whole units ended, and behind the unit a fill broke off', () => {
    const key = deriveKey(rootKey(7), 3);
    const all = draw(sampler, key, 1100);
    const { unit } = sampler;
    for (const first of [0, unit, 3 * unit, 256, 3, unit + 1, 257, 259]) {
      const used = Math.ceil(first / unit) * unit;
      const rest = borrowing(engine, () => {
        const state = openStream(engine, key);
        const out = engine.arena.allocateFloats(600);
        sampler.fill(state, first, out);
        sampler.fill(state, 300, out);
        return engine.arena.floats(out, 300).slice();
      });
      expect(firstDifference(rest, all.slice(used, used + 300)), `${first} first`).toBeNull();
    }
  });
});

describe('the scale of the samplers', () => {
  const key = deriveKey(rootKey(8), 3);
  const count = 4099;

  const scaled = ['fill_normal', 'fill_truncated_normal', 'fill_laplace', 'fill_rademacher'] as const;

  function drawScaled(kernel: (typeof scaled)[number], deviation: number): Float32Array {
    return draw(
      { ...samplers['fill_normal'], fill: (s, n, out) => kernels[kernel](s, n, out, deviation) } as Sampler,
      key,
      count,
    );
  }

  it('multiplies by the deviation: exactly for powers of two, 0 gives zeros', () => {
    for (const kernel of scaled) {
      const plain = drawScaled(kernel, 1);
      expect(
        firstDifference(
          drawScaled(kernel, 0.25),
          plain.map((x) => x / 4),
        ),
      ).toBeNull();
      expect(drawScaled(kernel, 0).every((x) => x === 0)).toBe(true);
    }
    const odd = 0.0371;
    expect(
      firstDifference(drawScaled('fill_normal', odd), normalF32(seedStream(key), count, odd)),
    ).toBeNull();
    const cut = truncatedNormalF32(seedStream(key), count, odd);
    expect(firstDifference(drawScaled('fill_truncated_normal', odd), cut)).toBeNull();
    expect(
      firstDifference(drawScaled('fill_laplace', odd), laplaceF32(seedStream(key), count, odd)),
    ).toBeNull();
    const signs = Float32Array.from(rademacher(seedStream(key), count, Math.fround(odd)));
    expect(firstDifference(drawScaled('fill_rademacher', odd), signs)).toBeNull();
  });

  it.each([2.001, 2.5, 3, 30, 1e9])('holds for Student’s law of %s degrees of freedom', (degrees) => {
    for (const deviation of [0.25, 0.0371]) {
      const sampler: Sampler = {
        ...studentSampler(degrees),
        fill: (s, n, out) => kernels.fill_student_t(s, n, out, deviation, degrees),
      };
      const want = studentT(seedStream(key), {
        n: count,
        deviation: Math.fround(deviation),
        degreesOfFreedom: degrees,
      });
      const got = draw(sampler, key, count);
      expect(firstOutside(got, want, (i) => ulp * Math.abs(Number(want[i])))).toBeNull();
    }
  });

  it('gives zeros, never NaN, for a deviation of 0', () => {
    const sampler = {
      ...studentSampler(3),
      fill: (s: Stream, n: number, out: number) => kernels.fill_student_t(s, n, out, 0, 3),
    };
    expect(draw(sampler, key, count).every((x) => x === 0)).toBe(true);
  });
});

describe('ranges', () => {
  const key = deriveKey(rootKey(9), 3);
  const count = 1_000_000;

  it('uniforms on (0, 1) and on ±a never touch an end', () => {
    for (const [low, high] of [
      [0, 1],
      [-1, 1],
      [-0.05, 0.05],
      [-0.6123724579811096, 0.6123724579811096],
    ] as const) {
      const sampler = {
        ...samplers['fill_uniform'],
        fill: (s: Stream, n: number, out: number) => kernels.fill_uniform(s, n, out, low, high),
      };
      const values = draw(sampler as Sampler, key, count);
      expect(values.every((x) => x > Math.fround(low) && x < Math.fround(high))).toBe(true);
    }
  });

  it('truncated normals stay within ±2 and reach near it, normals go beyond', () => {
    const largest = (name: string) =>
      draw(samplers[name] as Sampler, key, count).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    expect(largest('fill_truncated_normal')).toBeLessThanOrEqual(2);
    expect(largest('fill_truncated_normal')).toBeGreaterThan(1.9999);
    // √(−2 log 2^−32) is the largest a 31-bit radius gives.
    expect(largest('fill_normal')).toBeGreaterThan(4.2);
    expect(largest('fill_normal')).toBeLessThan(6.67);
  });
});

describe('fill_permutation', () => {
  it('is its twin, and a permutation, at every size', () => {
    for (const n of [0, 1, 2, 3, 4, 5, 10, 255, 256, 1000, 60_000]) {
      for (const key of keys.slice(0, n > 1000 ? 1 : 8)) {
        borrowing(engine, () => {
          const state = openStream(engine, key);
          const out = guardedBlock(engine, n);
          kernels.fill_permutation(state, n, out.pointer);
          expect(out.brokenGuard()).toBeNull();
          const order = engine.arena.words(out.pointer, n).slice();
          expect([...order]).toEqual([...permutation(seedStream(key), n)]);
          expect([...order.sort()]).toEqual(Array.from({ length: n }, (_, i) => i));
        });
      }
    }
  });
});
