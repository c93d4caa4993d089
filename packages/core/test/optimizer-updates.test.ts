/** momentum_update, adam_update and their kin: bits against the f32 twins, and within derived roundings of f64. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../src/index.js';
import {
  type AdamStep,
  adagradUpdate,
  adagradUpdateF32,
  adamaxUpdate,
  adamaxUpdateF32,
  adamUpdate,
  adamUpdateF32,
  momentumUpdate,
  momentumUpdateF32,
  rmspropUpdate,
  rmspropUpdateF32,
  roundingBound,
} from '../src/reference/index.js';
import { firstDifference, firstOutside, floatsWithSpecials, randomFloats } from './floats.js';
import { borrowing, guardedVector } from './guarded.js';

const engine = createEngine();
const { kernels } = engine;
const lengths = [...Array.from({ length: 14 }, (_, i) => i), 31, 32, 33, 64, 65, 1023];

/** Runs a kernel that changes the first blocks in place; returns them after it. Fails if it writes past any. */
function changed(blocks: readonly Float32Array[], kernel: (...pointers: number[]) => void): Float32Array[] {
  return borrowing(engine, () => {
    const guarded = blocks.map((block) => guardedVector(engine, block));
    kernel(...guarded.map(({ pointer }) => pointer));
    return guarded.map(({ pointer, brokenGuard }, i) => {
      expect(brokenGuard()).toBeNull();
      return engine.arena.floats(pointer, blocks[i]?.length ?? 0).slice();
    });
  });
}

describe('momentum_update', () => {
  const run = (w: Float32Array, g: Float32Array, v: Float32Array, rate: number, momentum: number) =>
    changed([w, g, v], (...[wAt = 0, gAt = 0, vAt = 0]) => {
      kernels.momentum_update(w.length, wAt, gAt, vAt, rate, momentum);
    });

  it('is its twin at every length, specials included, and leaves the gradient', () => {
    for (const n of lengths) {
      for (const [rate, momentum] of [
        [0.01, 0.9],
        [1e-40, 0],
        [3, 0.3],
      ] as const) {
        const [w, g, v] = [1, 2, 3].map((seed) => floatsWithSpecials(n + seed, n, 6)) as [
          Float32Array,
          Float32Array,
          Float32Array,
        ];
        const got = run(w, g, v, rate, momentum);
        const want = { w: w.slice(), v: v.slice() };
        momentumUpdateF32(want, g, rate, momentum);
        expect(firstDifference(got[0] as Float32Array, want.w), `w, n=${n}`).toBeNull();
        expect(firstDifference(got[1] as Float32Array, g), `g, n=${n}`).toBeNull();
        expect(firstDifference(got[2] as Float32Array, want.v), `v, n=${n}`).toBeNull();
      }
    }
  });

  it('is within three roundings of f64: momentum, product and sum', () => {
    const [w, g, v] = [1, 2, 3].map((seed) => randomFloats(seed, 999)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const got = run(w, g, v, 0.3, 0.9);
    const want = { w: Float64Array.from(w), v: Float64Array.from(v) };
    momentumUpdate(want, g, 0.3, 0.9);
    const size = (i: number) => 0.9 * Math.abs(v[i] ?? 0) + Math.abs(g[i] ?? 0);
    expect(firstOutside(got[2] ?? [], want.v, (i) => roundingBound(3) * size(i))).toBeNull();
    // Behind them: the rate, its product and the difference.
    const bound = (i: number) => roundingBound(6) * (Math.abs(w[i] ?? 0) + 0.3 * size(i));
    expect(firstOutside(got[0] ?? [], want.w, bound)).toBeNull();
  });

  it('is plain descent without momentum', () => {
    const [w, g] = [randomFloats(1, 99), randomFloats(2, 99)];
    const got = run(w, g, new Float32Array(99), 0.1, 0);
    const [want] = changed([w, g], (...[wAt = 0, gAt = 0]) => kernels.sgd_update(99, wAt, gAt, 0.1));
    expect(firstDifference(got[0] as Float32Array, want as Float32Array)).toBeNull();
  });
});

describe('adam_update', () => {
  const first: AdamStep = {
    rate: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    correction1: 1 / (1 - 0.9),
    correction2: 1 / (1 - 0.999),
    epsilon: 1e-8,
  };
  const run = (w: Float32Array, g: Float32Array, m: Float32Array, v: Float32Array, step: AdamStep) =>
    changed([w, g, m, v], (...[wAt = 0, gAt = 0, mAt = 0, vAt = 0]) => {
      const { rate, beta1, beta2, correction1, correction2, epsilon } = step;
      const { length } = w;
      kernels.adam_update(length, wAt, gAt, mAt, vAt, rate, beta1, beta2, correction1, correction2, epsilon);
    });

  it('is its twin at every length, specials included, and leaves the gradient', () => {
    for (const n of lengths) {
      for (const step of [first, { ...first, beta1: 0.3, beta2: 0, correction1: 1.1, correction2: 1 }]) {
        const [w, g, m] = [1, 2, 3].map((seed) => floatsWithSpecials(n + seed, n, 6)) as [
          Float32Array,
          Float32Array,
          Float32Array,
        ];
        const v = floatsWithSpecials(n + 4, n, 6).map(Math.abs);
        const got = run(w, g, m, v, step);
        const want = { w: w.slice(), m: m.slice(), v: v.slice() };
        adamUpdateF32(want, g, step);
        for (const [i, wanted] of [want.w, g, want.m, want.v].entries()) {
          expect(firstDifference(got[i] as Float32Array, wanted), `block ${i}, n=${n}`).toBeNull();
        }
      }
    }
  });

  it('is within twelve roundings of the step from f64, where the mean does not cancel', () => {
    const [w, g] = [randomFloats(1, 999), randomFloats(2, 999)];
    const m = g.map((value) => 0.3 * value);
    const v = g.map((value) => value * value);
    const step = { ...first, correction1: 1.7, correction2: 3.2 };
    const got = run(w, g, m, v, step);
    // The twin takes the rounded β, as the caller's corrections do: 1 − 0.999 is 1.3e-5 off otherwise.
    const rounded = { ...step, beta1: Math.fround(0.9), beta2: Math.fround(0.999) };
    const want = { w: Float64Array.from(w), m: Float64Array.from(m), v: Float64Array.from(v) };
    adamUpdate(want, g, rounded);
    const moved = (i: number) => Math.abs((want.w[i] ?? 0) - (w[i] ?? 0));
    // m: 3 roundings; v: 4, halved by the root; corrections, products, root, sum, quotient, rate: 9. 14 at most; and one of w.
    const bound = (i: number) => roundingBound(14) * moved(i) + roundingBound(1) * Math.abs(w[i] ?? 0);
    expect(firstOutside(got[0] ?? [], want.w, bound)).toBeNull();
    expect(firstOutside(got[2] ?? [], want.m, (i) => roundingBound(3) * Math.abs(want.m[i] ?? 0))).toBeNull();
    expect(firstOutside(got[3] ?? [], want.v, (i) => roundingBound(4) * (want.v[i] ?? 0))).toBeNull();
  });

  it('moves by the rate at the first step, whatever the size of the gradient; not at all without one', () => {
    const g = Float32Array.of(1e-3, -1e-3, 100, -100, 0);
    const [w] = run(new Float32Array(5), g, new Float32Array(5), new Float32Array(5), first);
    const wanted = [-1e-3, 1e-3, -1e-3, 1e-3, 0];
    expect(firstOutside(w ?? [], wanted, () => 1e-3 * 2e-5)).toBeNull();
  });
});

/** Numbers with specials for parameters and gradient, and what is remembered, none of it negative. */
function threeBlocks(n: number): [Float32Array, Float32Array, Float32Array] {
  const [w, g] = [1, 2].map((seed) => floatsWithSpecials(n + seed, n, 6)) as [Float32Array, Float32Array];
  return [w, g, floatsWithSpecials(n + 4, n, 6).map(Math.abs)];
}

describe('adamax_update', () => {
  const step = { rate: 2e-3, beta1: 0.9, beta2: 0.999, correction1: 10, epsilon: 1e-8 };
  const run = (w: Float32Array, g: Float32Array, m: Float32Array, u: Float32Array) =>
    changed([w, g, m, u], (...[wAt = 0, gAt = 0, mAt = 0, uAt = 0]) => {
      const { rate, beta1, beta2, correction1, epsilon } = step;
      kernels.adamax_update(w.length, wAt, gAt, mAt, uAt, rate, beta1, beta2, correction1, epsilon);
    });

  it('is its twin at every length, specials included, and leaves the gradient', () => {
    for (const n of lengths) {
      const [w, g, u] = threeBlocks(n);
      const m = floatsWithSpecials(n + 3, n, 6);
      const got = run(w, g, m, u);
      const want = { w: w.slice(), m: m.slice(), u: u.slice() };
      adamaxUpdateF32(want, g, step);
      for (const [i, wanted] of [want.w, g, want.m, want.u].entries()) {
        expect(firstDifference(got[i] as Float32Array, wanted), `block ${i}, n=${n}`).toBeNull();
      }
    }
  });

  it('is within ten roundings of the step from f64, where the mean does not cancel', () => {
    const [w, g] = [randomFloats(1, 999), randomFloats(2, 999)];
    const [m, u] = [g.map((value) => 0.3 * value), g.map((value) => Math.abs(value) * 1.01)];
    const got = run(w, g, m, u);
    const want = { w: Float64Array.from(w), m: Float64Array.from(m), u: Float64Array.from(u) };
    adamaxUpdate(want, g, { ...step, beta1: Math.fround(0.9), beta2: Math.fround(0.999) });
    const moved = (i: number) => Math.abs((want.w[i] ?? 0) - (w[i] ?? 0));
    // m: 3 roundings; u: 2; correction and its product, quotient, rate and its product: 5. And one of w.
    const bound = (i: number) => roundingBound(10) * moved(i) + roundingBound(1) * Math.abs(w[i] ?? 0);
    expect(firstOutside(got[0] ?? [], want.w, bound)).toBeNull();
  });

  it('moves by the rate at the first step, whatever the size of the gradient; not at all without one', () => {
    const g = Float32Array.of(1e-3, -1e-3, 100, -100, 0);
    const [w] = run(new Float32Array(5), g, new Float32Array(5), new Float32Array(5));
    expect(firstOutside(w ?? [], [-2e-3, 2e-3, -2e-3, 2e-3, 0], () => 2e-3 * 2e-5)).toBeNull();
  });
});

describe('rmsprop_update and adagrad_update', () => {
  const rate = 0.01;
  const cases = [
    {
      name: 'rmsprop',
      kernel: (n: number, w: number, g: number, v: number) =>
        kernels.rmsprop_update(n, w, g, v, rate, 0.99, 1e-8),
      twin: (state: { w: Float32Array; v: Float32Array }, g: Float32Array) =>
        rmspropUpdateF32(state, g, { rate, decay: 0.99, epsilon: 1e-8 }),
      twin64: (state: { w: Float64Array; v: Float64Array }, g: Float32Array) =>
        rmspropUpdate(state, g, { rate, decay: Math.fround(0.99), epsilon: 1e-8 }),
      first: rate / Math.sqrt(1 - 0.99),
    },
    {
      name: 'adagrad',
      kernel: (n: number, w: number, g: number, v: number) => kernels.adagrad_update(n, w, g, v, rate, 1e-10),
      twin: (state: { w: Float32Array; v: Float32Array }, g: Float32Array) =>
        adagradUpdateF32(state, g, { rate, epsilon: 1e-10 }),
      twin64: (state: { w: Float64Array; v: Float64Array }, g: Float32Array) =>
        adagradUpdate(state, g, { rate, epsilon: 1e-10 }),
      first: rate,
    },
  ];

  describe.each(cases.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
    const run = (w: Float32Array, g: Float32Array, v: Float32Array) =>
      changed([w, g, v], (...[wAt = 0, gAt = 0, vAt = 0]) => entry.kernel(w.length, wAt, gAt, vAt));

    it('is its twin at every length, specials included, and leaves the gradient', () => {
      for (const n of lengths) {
        const [w, g, v] = threeBlocks(n);
        const got = run(w, g, v);
        const want = { w: w.slice(), v: v.slice() };
        entry.twin(want, g);
        for (const [i, wanted] of [want.w, g, want.v].entries()) {
          expect(firstDifference(got[i] as Float32Array, wanted), `block ${i}, n=${n}`).toBeNull();
        }
      }
    });

    it('is within ten roundings of the step from f64', () => {
      const [w, g] = [randomFloats(1, 999), randomFloats(2, 999)];
      const v = g.map((value) => value * value);
      const got = run(w, g, v);
      const want = { w: Float64Array.from(w), v: Float64Array.from(v) };
      entry.twin64(want, g);
      const moved = (i: number) => Math.abs((want.w[i] ?? 0) - (w[i] ?? 0));
      // v: 5 roundings, halved by the root; root, sum, quotient, rate, product, ε: 6; and one of w.
      const bound = (i: number) => roundingBound(10) * moved(i) + roundingBound(1) * Math.abs(w[i] ?? 0);
      expect(firstOutside(got[0] ?? [], want.w, bound)).toBeNull();
    });

    it('takes a first step of one size, whatever that of the gradient; none without one', () => {
      const g = Float32Array.of(1e-2, -1e-2, 100, -100, 0);
      const [w] = run(new Float32Array(5), g, new Float32Array(5));
      const { first } = entry;
      expect(firstOutside(w ?? [], [-first, first, -first, first, 0], () => 1e-4 * first)).toBeNull();
    });
  });
});
