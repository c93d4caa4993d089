/** The runs test of bits: counts against a plain count, calibration on fresh weights, refusals, and what it must catch. */
import { createEngine } from '@kindling/core';
import { describe, expect, it } from 'vitest';
import {
  bitTable,
  largestOfManyPValue,
  openBitCounter,
  refusedBitTest,
  refuseStorage,
  testBits,
  testRuns,
} from '../src/index.js';
import { autoregressive, drawnWeights, normals } from './parameter-draws.js';

const engine = createEngine();

function bitsOf(x: Float32Array): Uint32Array {
  return new Uint32Array(x.buffer, x.byteOffset, x.length);
}

describe('testBits', () => {
  const arrays: readonly (readonly [name: string, values: Float32Array])[] = [
    ['normals', normals(5000, 1)],
    ['an odd number', normals(4999, 2)],
    ['more than a piece', normals(70_001, 3)],
    ['positive numbers', normals(3000, 4).map(Math.abs)],
    ['zeros of both signs', normals(3000, 5).map((x, i) => (i % 3 > 0 ? (i % 2 === 0 ? 0 : -0) : x))],
    ['as many negative numbers as zeros', normals(3000, 6).map((x, i) => (i % 2 === 0 ? 0 : -Math.abs(x)))],
    [
      'both sides of a gap in powers of two',
      normals(3000, 7).map((x, i) => (i % 2 === 0 ? 1 : 1000) + x / 8),
    ],
    ['very small and large numbers', normals(3000, 8).map((x, i) => x * 2 ** (((i * 37) % 240) - 140))],
  ];

  it.each(arrays)('is the plain test of its parts: %s', (_, values) => {
    const test = testBits(engine, values);
    expect(test.refusal).toBeNull();
    expect(test.values).toEqual(testRuns(values.map((x) => x + 0)));
    const bits = bitsOf(values);
    const part = (shift: number, mask: number) => Array.from(bits, (word) => (word >>> shift) & mask);
    expect(test.groups['fraction 0–7']).toEqual(testRuns(part(0, 255)));
    expect(test.groups['fraction 8–15']).toEqual(testRuns(part(8, 255)));
    expect(test.groups['fraction 16–22']).toEqual(testRuns(part(16, 127)));
    expect(test.groups.exponent).toEqual(testRuns(part(23, 255)));
    for (let bit = 0; bit < 32; bit++) {
      const ones = part(bit, 1);
      const above = ones.reduce((sum, one) => sum + one, 0);
      const runs = ones.filter((one, i) => i === 0 || one !== ones[i - 1]).length;
      expect(test.shares[bit]).toBe(above / values.length);
      const found = test.bits[bit];
      if (Math.min(above, values.length - above) < 10) expect(found).toBeNull();
      else expect(found).toMatchObject({ above, below: values.length - above, runs });
    }
    expect(test.groups.sign).toEqual(test.bits[31]);
  });

  it('does not depend on the pieces an array comes in, and gives its memory back', () => {
    const values = normals(150_000, 9);
    const used = engine.arena.usedBytes;
    const want = testBits(engine, values);
    expect(engine.arena.usedBytes).toBe(used);
    const mark = engine.arena.mark();
    const counter = openBitCounter(engine);
    expect(engine.arena.usedBytes - used).toBeLessThan(700_000);
    for (const size of [999, 65_537, 150_000]) {
      for (let from = 0; from < values.length; from += size) counter.add(values.subarray(from, from + size));
      expect(counter.endReading()).toBe(size !== 150_000);
    }
    expect(counter.finish()).toEqual(want);
    engine.arena.release(mark);
  });

  it('says when readings differ, and when they have not ended', () => {
    const mark = engine.arena.mark();
    const counter = openBitCounter(engine);
    counter.add(normals(100, 1));
    expect(() => counter.finish()).toThrow('finish came before the last reading had ended');
    expect(counter.endReading()).toBe(true);
    counter.add(normals(99, 1));
    expect(() => counter.endReading()).toThrow('reading 2 gave 99 numbers; expected 100');
    engine.arena.release(mark);
  });
});

describe('calibration on fresh weights', () => {
  // Continuous laws with independent entries. 500 tensors here; 2,000 of every law in test/theory/parameters.test.ts.
  const names = ['he-normal', 'he-uniform', 'glorot-uniform', 'lecun-normal', 'truncated-normal'];
  const tensors = 100;
  const tests = names.flatMap((name, law) =>
    Array.from({ length: tensors }, (_, i) => testBits(engine, drawnWeights(name, 64, 40, 1000 * law + i))),
  );

  it.each(['fraction 0–7', 'fraction 8–15', 'fraction 16–22', 'exponent', 'sign'] as const)(
    'gives Z of mean 0 and deviation 1 and uniform p: %s',
    (group) => {
      // Of a uniform law half may share the largest exponent: then nothing is above the median.
      const found = tests.flatMap(({ groups }) => groups[group] ?? []);
      const count = found.length;
      expect(count).toBeGreaterThanOrEqual(group === 'exponent' ? 0.6 * tests.length : tests.length);
      const z = found.map((test) => test.z);
      const mean = z.reduce((sum, value) => sum + value, 0) / count;
      const variance = z.reduce((sum, value) => sum + value * value, 0) / count;
      expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(count));
      expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
      const p = found.map((test) => test.pValue).sort((a, b) => a - b);
      const distance = Math.max(...p.map((value, i) => Math.max(value - i / count, (i + 1) / count - value)));
      // Kolmogorov: beyond 1.95/√n once in a thousand; runs are whole numbers, so p comes in steps of 0.02.
      expect(distance).toBeLessThan(1.95 / Math.sqrt(count) + 0.02);
    },
  );

  it('finds the top fraction bit in 41.5 % of normal weights, and half in bits below', () => {
    const { shares } = testBits(engine, normals(400_000, 12));
    const error = 0.5 / Math.sqrt(400_000);
    // For a law of any smooth density on a logarithmic scale 1 − log₂ 1.5; the normal law's is within 0.003 of that.
    expect(Math.abs((shares[22] ?? 0) - (1 - Math.log2(1.5)))).toBeLessThan(0.003 + 4 * error);
    for (let bit = 0; bit < 16; bit++) expect(Math.abs((shares[bit] ?? 0) - 0.5)).toBeLessThan(4 * error);
  });

  it('has the largest of 20 |Z| where theory puts it: median 2.119, 95 % 3.016', () => {
    const sets = tests.length / 20;
    const groups = ['fraction 0–7', 'fraction 8–15', 'fraction 16–22', 'sign'] as const;
    // The four groups of a tensor are as good as independent: 100 sets of 20.
    const largest = groups.flatMap((group) =>
      Array.from({ length: sets }, (_, set) =>
        Math.max(...tests.slice(20 * set, 20 * set + 20).map(({ groups: g }) => Math.abs(g[group]?.z ?? 0))),
      ),
    );
    const below = (z: number) => largest.filter((value) => value <= z).length / largest.length;
    const error = (share: number) => 4 * Math.sqrt((share * (1 - share)) / largest.length);
    expect(Math.abs(below(2.119) - 0.5)).toBeLessThan(error(0.5));
    expect(Math.abs(below(3.016) - 0.95)).toBeLessThan(error(0.95));
  });
});

describe('what the test must catch', () => {
  it('finds autoregressive and sorted weights, where the marginal law is the same', () => {
    const plain = testBits(engine, normals(20_000, 20));
    const ordered = testBits(engine, autoregressive(20_000, 0.5, 20));
    const sorted = testBits(engine, normals(20_000, 20).sort());
    for (const part of ['values', 'sign', 'exponent'] as const) {
      const z = (test: typeof plain) => (part === 'values' ? test.values : test.groups[part])?.z ?? 0;
      expect(Math.abs(z(plain)), part).toBeLessThan(4);
      expect(z(ordered), part).toBeLessThan(part === 'exponent' ? -8 : -40);
      expect(z(sorted), part).toBeLessThan(-100);
    }
    // Sorted numbers share their high fraction bits, and the low ones are as random as before.
    expect(sorted.groups['fraction 16–22']?.z).toBeLessThan(-20);
    expect(Math.abs(sorted.groups['fraction 0–7']?.z ?? 99)).toBeLessThan(4);
  });
});

describe('refusals', () => {
  const code = (values: Float32Array) => testBits(engine, values).refusal?.code ?? null;
  const half = (x: Float32Array, bits: number) => {
    const words = bitsOf(x).map((word) => (word >>> bits) << bits);
    return new Float32Array(words.buffer);
  };

  it('are by the type in the file', () => {
    expect(refuseStorage({ dtype: 'f32', quantized: false })).toBeNull();
    for (const [dtype, quantized, want] of [
      ['f32', true, 'quantized'],
      ['f16', false, 'half-precision'],
      ['bf16', false, 'half-precision'],
      ['f8e4m3', false, 'half-precision'],
      ['f64', false, 'not-float32'],
      ['i8', false, 'not-float32'],
      ['bool', false, 'not-float32'],
    ] as const) {
      expect(refuseStorage({ dtype, quantized })?.code, dtype).toBe(want);
    }
  });

  it('are by the bits where f32 holds what was float16, bfloat16 or TF32', () => {
    expect(code(half(normals(2000, 30), 16))).toBe('patterned-bits');
    expect(code(half(normals(2000, 30), 13))).toBe('patterned-bits');
    expect(testBits(engine, half(normals(2000, 30), 13)).refusal?.reason).toContain(
      'lowest 13 fraction bits',
    );
    // One number with all its bits is enough to be float32.
    const mixed = half(normals(2000, 30), 13);
    mixed[7] = 0.1;
    expect(code(mixed)).toBeNull();
    expect(code(half(normals(2000, 30), 3))).toBeNull();
  });

  it('are by the levels where f32 holds integers times a scale, of 8 or 16 bits, with and without an offset', () => {
    for (const levels of [255, 65_535]) {
      for (const offset of [0, -0.337, 1.1]) {
        const scale = Math.fround(0.91 / levels);
        const values = normals(6000, 31).map((x) => {
          const q = Math.round(Math.min(levels, Math.max(0, (x / 8 + 0.5) * levels)));
          return Math.fround(Math.fround(q * scale) + offset);
        });
        const { refusal } = testBits(engine, values);
        expect(refusal?.code, `${levels} ${offset}`).toBe('patterned-bits');
        expect(refusal?.reason).toContain('evenly spaced levels');
      }
    }
  });

  it('do not hit fresh weights of any size', () => {
    for (const name of ['he-normal', 'he-uniform', 'lecun-normal', 'glorot-uniform']) {
      for (const count of [20, 31, 64, 100, 400, 3000]) {
        for (let i = 0; i < 10; i++) {
          expect(code(drawnWeights(name, count, 1, 50_000 + i)), `${name} ${count}`).toBeNull();
        }
      }
    }
    expect(code(normals(500, 33).map((x) => 1 + x / 1000))).toBeNull();
  });

  it('are for few, equal and non-finite numbers', () => {
    expect(code(new Float32Array(0))).toBe('few-numbers');
    expect(code(normals(19, 1))).toBe('few-numbers');
    expect(code(new Float32Array(100))).toBe('few-values');
    expect(code(normals(500, 1).map(Math.sign))).toBe('few-values');
    expect(code(normals(500, 1).map((x, i) => (i === 400 ? Number.NaN : x)))).toBe('not-finite');
    expect(code(normals(500, 1).map((x, i) => (i === 0 ? Number.POSITIVE_INFINITY : x)))).toBe('not-finite');
  });

  it('leave every part empty', () => {
    const test = testBits(engine, new Float32Array(100));
    expect(test.values).toBeNull();
    expect(test.bits).toEqual(new Array(32).fill(null));
    expect(Object.values(test.groups)).toEqual(new Array(5).fill(null));
    expect(test.shares.every(Number.isNaN)).toBe(true);
    expect(refusedBitTest(100, { code: 'quantized', reason: 'quantized' })).toMatchObject({
      size: 100,
      values: null,
    });
  });
});

describe('bitTable', () => {
  it('takes the largest |Z| of a type, wherever it is, with its p-value over the layers', () => {
    const layers = [
      { type: 'convolution weights', test: testBits(engine, normals(3000, 40)) },
      { type: 'biases', test: testBits(engine, normals(64, 41)) },
      { type: 'convolution weights', test: testBits(engine, autoregressive(3000, 0.6, 42)) },
      { type: 'convolution weights', test: testBits(engine, new Float32Array(50)) },
    ];
    const [convolutions, biases] = bitTable(layers);
    expect(convolutions).toMatchObject({ type: 'convolution weights', layers: 2, refused: 1 });
    expect(biases).toMatchObject({ type: 'biases', layers: 1, refused: 0 });
    const sign = convolutions?.columns.sign;
    const found = layers[2]?.test.groups.sign;
    expect(sign).toEqual({
      z: Math.abs(found?.z ?? 0),
      layers: 2,
      index: 2,
      pValue: largestOfManyPValue(found?.pValue ?? 0, 2),
    });
    expect(biases?.columns.values?.pValue).toBe(layers[1]?.test.values?.pValue);
    expect(bitTable([])).toEqual([]);
  });
});
