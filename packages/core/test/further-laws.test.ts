/**
 * Laplace, Rademacher and Student-t draws: Kolmogorov–Smirnov, moments and χ² at a false alarm of 10^−6 (or five standard
 * errors), each with a wrong sampler that must be caught.
 */
import { describe, expect, it } from 'vitest';
import { createEngine, deriveKey, openStream, type Pointer, rootKey, type Stream } from '../src/index.js';
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
} from './laws.js';

const engine = createEngine();
const { kernels } = engine;
const count = 1_000_000;

function draw(seed: number, fill: (state: Stream, out: Pointer) => void): Float32Array {
  return borrowing(engine, () => {
    const state = openStream(engine, deriveKey(rootKey(seed), 3));
    const out = engine.arena.allocateFloats(count);
    fill(state, out);
    return engine.arena.floats(out, count).slice();
  });
}

const drawStudent = (seed: number, degrees: number) =>
  draw(seed, (state, out) => kernels.fill_student_t(state, count, out, 1, degrees));

const laplaces = draw(201, (state, out) => kernels.fill_laplace(state, count, out, 1));
const signs = draw(202, (state, out) => kernels.fill_rademacher(state, count, out, 1));
const fives = drawStudent(203, 5);

function laplaceCdf(x: number): number {
  const tail = Math.exp(-Math.SQRT2 * Math.abs(x)) / 2;
  return x < 0 ? tail : 1 - tail;
}

/** Student's distribution function of odd degrees of freedom, by its finite sum in θ = arctan(t/√ν). */
function studentCdf(degrees: 3 | 5, t: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const sum = degrees === 3 ? cosine : cosine + (2 / 3) * cosine ** 3;
  return 0.5 + (angle + sine * sum) / Math.PI;
}

/** The same of a t scaled to variance 1. */
const unitStudentCdf = (degrees: 3 | 5) => (x: number) =>
  studentCdf(degrees, x * Math.sqrt(degrees / (degrees - 2)));

/** How far the mean of f is from `want`, in standard errors; `variance` is that of f under the law. */
function errors(values: Float32Array, f: (x: number) => number, want: number, variance: number): number {
  return Math.abs(meanOf(values, f) - want) / Math.sqrt(variance / values.length);
}

describe('fill_laplace', () => {
  it('passes Kolmogorov’s test; 2 % wider does not, nor the normal of the same variance', () => {
    expect(kolmogorov(laplaces, laplaceCdf, [-12, 12])).toBeLessThan(kolmogorovThreshold);
    const wider = laplaces.map((z) => 1.02 * z);
    expect(kolmogorov(wider, laplaceCdf, [-12, 12])).toBeGreaterThan(kolmogorovThreshold);
    expect(kolmogorov(laplaces, normalCdf, [-12, 12])).toBeGreaterThan(kolmogorovThreshold);
  });

  it('has variance 1 and excess kurtosis 3; 1 % wider has not', () => {
    // E z²ᵏ = (2k)!/2ᵏ: 1, 6, 90, 2520.
    expect(errors(laplaces, (z) => z, 0, 1)).toBeLessThan(manyErrors);
    expect(errors(laplaces, (z) => z ** 2, 1, 6 - 1)).toBeLessThan(manyErrors);
    expect(errors(laplaces, (z) => z ** 4, 6, 2520 - 36)).toBeLessThan(manyErrors);
    expect(errors(laplaces, (z) => (1.01 * z) ** 2, 1, 6 - 1)).toBeGreaterThan(manyErrors);
  });

  it('has a sign that does not follow the size', () => {
    const pair = (t: number) => [2 * t, 2 * t + 1] as const;
    const together = new Float32Array(count);
    for (let t = 0; t < count / 2; t++) {
      together[2 * t] = Math.sign(Number(laplaces[t]));
      together[2 * t + 1] = Math.abs(Number(laplaces[t]));
    }
    expect(Math.abs(scaledCorrelation(together, count / 2, pair))).toBeLessThan(manyErrors);
  });
});

describe('fill_rademacher', () => {
  /** How often each pattern of eight signs in a row comes, over all whole units. */
  function patterns(values: ArrayLike<number>): Uint32Array {
    const counts = new Uint32Array(256);
    for (let t = 0; t + 8 <= values.length; t += 8) {
      let pattern = 0;
      for (let i = 0; i < 8; i++) pattern = 2 * pattern + (Number(values[t + i]) > 0 ? 1 : 0);
      counts[pattern] = Number(counts[pattern]) + 1;
    }
    return counts;
  }

  it('gives ±1 and nothing else, all patterns of eight alike; one sign in fifty forced is seen', () => {
    expect(signs.every((z) => Math.abs(z) === 1)).toBe(true);
    expect(chiSquare(patterns(signs))).toBeLessThan(chiSquareThreshold(255));
    const forced = signs.map((z, i) => (i % 50 === 0 ? 1 : z));
    expect(chiSquare(patterns(forced))).toBeGreaterThan(chiSquareThreshold(255));
    const copied = signs.map((z, i) => (i % 50 === 1 ? Number(signs[i - 1]) : z));
    expect(chiSquare(patterns(copied))).toBeGreaterThan(chiSquareThreshold(255));
  });
});

describe('fill_student_t', () => {
  it('passes Kolmogorov’s test at 3 and 5 degrees of freedom; the other law, and the unscaled one, do not', () => {
    const threes = drawStudent(204, 3);
    const range = [-30, 30] as const;
    expect(kolmogorov(threes, unitStudentCdf(3), range)).toBeLessThan(kolmogorovThreshold);
    expect(kolmogorov(fives, unitStudentCdf(5), range)).toBeLessThan(kolmogorovThreshold);
    expect(kolmogorov(fives, unitStudentCdf(3), range)).toBeGreaterThan(kolmogorovThreshold);
    expect(kolmogorov(fives, (x) => studentCdf(5, x), range)).toBeGreaterThan(kolmogorovThreshold);
  });

  it('is the normal law at 10^9 degrees of freedom', () => {
    expect(kolmogorov(drawStudent(205, 1e9), normalCdf, [-5, 5])).toBeLessThan(kolmogorovThreshold);
  });

  it('has variance 1, and excess kurtosis 6/(ν − 4) where it exists; normals have not', () => {
    // E t²ᵏ of variance 1: 3(ν − 2)/(ν − 4) at k = 2; 15(ν − 2)²/((ν − 4)(ν − 6)) and 105(ν − 2)³/((ν − 4)(ν − 6)(ν − 8)) behind it.
    const degrees = 20;
    const [a, b, c] = [degrees - 4, degrees - 6, degrees - 8];
    const fourth = (3 * (degrees - 2)) / a;
    const eighth = (105 * (degrees - 2) ** 3) / (a * b * c);
    const twenties = drawStudent(206, degrees);
    expect(fourth - 3).toBeCloseTo(6 / a, 12);
    expect(errors(twenties, (z) => z, 0, 1)).toBeLessThan(manyErrors);
    expect(errors(twenties, (z) => z ** 2, 1, fourth - 1)).toBeLessThan(manyErrors);
    expect(errors(twenties, (z) => z ** 4, fourth, eighth - fourth ** 2)).toBeLessThan(manyErrors);
    expect(errors(twenties, (z) => z ** 4, 3, eighth - 9)).toBeGreaterThan(manyErrors);
  });

  it('gives draws that do not follow one another, in sign or in size', () => {
    for (const f of [(z: number) => z, Math.abs, Math.sign]) {
      const values = fives.map(f);
      for (const lag of [1, 2, 3, 4, 8]) {
        const r = scaledCorrelation(values, 500_000, (t) => [t, t + lag]);
        expect(Math.abs(r), `lag ${lag}`).toBeLessThan(manyErrors);
      }
    }
  });
});
