/** momentum_update and adam_update: bits against the f32 twins, and within derived roundings of f64. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../src/index.js';
import {
  type AdamStep,
  adamUpdate,
  adamUpdateF32,
  momentumUpdate,
  momentumUpdateF32,
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
