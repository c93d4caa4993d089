/**
 * The runs test and the spectrum at full size: 2,000 fresh tensors of every continuous initializer, matrices of 1000 × 500, the pixels of
 * real images, and what training leaves of it in a file that others trained.
 */
import {
  allocateMatrix,
  createEngine,
  deriveKey,
  keyPurpose,
  openStream,
  readMatrix,
  rootKey,
} from '@kindling/core';
import {
  type BitGroupName,
  bitGroups,
  marchenkoPasturEdges,
  testBits,
  testRuns,
  topSingularValue,
  weightSpectrum,
} from '@kindling/diagnostics';
import { drawWeights, findInitializer } from '@kindling/initializers';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const tensors = 2000;
const [fanIn, units] = [50, 40];

/** Laws of independent entries with densities. */
const names = [
  ...['he-normal', 'he-uniform', 'he-truncated-normal', 'glorot-normal', 'glorot-uniform', 'lecun-normal'],
  ...['lecun-uniform', 'he-laplace', 'he-student-t', 'normal', 'uniform', 'pytorch:linear'],
];

function draw(name: string, trial: number): Float32Array {
  const { initializer } = findInitializer(name);
  if (!('weights' in initializer)) throw new Error(`${name} has no law of weights`);
  const mark = engine.arena.mark();
  const matrix = allocateMatrix(engine, fanIn, units);
  const key = deriveKey(rootKey(41), keyPurpose.weights, trial);
  drawWeights(engine, initializer.weights, { fanIn, fanOut: units }, key, matrix);
  const values = Float32Array.from(readMatrix(engine, matrix));
  engine.arena.release(mark);
  return values;
}

describe('the runs test of fresh weights', () => {
  it.each(names)('has Z of mean 0 and deviation 1 and uniform p in every part: %s', (name) => {
    const z = new Map<BitGroupName, number[]>();
    const p = new Map<BitGroupName, number[]>();
    for (let trial = 0; trial < tensors; trial++) {
      const test = testBits(engine, draw(name, trial));
      expect(test.refusal).toBeNull();
      for (const { name: group } of bitGroups) {
        const found = test.groups[group];
        // Of a uniform law half may share the largest exponent: then nothing is above the median.
        if (found === null) continue;
        z.set(group, [...(z.get(group) ?? []), found.z]);
        p.set(group, [...(p.get(group) ?? []), found.pValue]);
      }
    }
    for (const { name: group } of bitGroups) {
      const own = z.get(group) ?? [];
      const count = own.length;
      if (group !== 'exponent') expect(count, group).toBe(tensors);
      if (count < 200) continue;
      const mean = own.reduce((sum, value) => sum + value, 0) / count;
      const variance = own.reduce((sum, value) => sum + value * value, 0) / count;
      expect(Math.abs(mean), `${group} mean`).toBeLessThan(4.5 / Math.sqrt(count));
      expect(Math.abs(variance - 1), `${group} variance`).toBeLessThan(4.5 * Math.sqrt(2 / count));
      const sorted = (p.get(group) ?? []).sort((a, b) => a - b);
      const distance = Math.max(
        ...sorted.map((value, i) => Math.max(value - i / count, (i + 1) / count - value)),
      );
      // Kolmogorov's 10⁻⁴ point, and half a step: runs are whole numbers, σ is about √2000/2, and p has a density of 0.8 at most.
      expect(distance, `${group} p`).toBeLessThan(2.23 / Math.sqrt(count) + 0.025);
    }
  });

  it('shows that orthogonal weights are not independent: a column of length 1 with a large number has smaller ones beside it', () => {
    const z = (group: BitGroupName) => {
      const found = Array.from(
        { length: 500 },
        (_, trial) => testBits(engine, draw('orthogonal', trial)).groups[group]?.z ?? 0,
      );
      return found.reduce((sum, value) => sum + value, 0) / found.length;
    };
    expect(z('exponent')).toBeGreaterThan(0.42 - 4.5 / Math.sqrt(500));
    expect(Math.abs(z('sign'))).toBeLessThan(4.5 / Math.sqrt(500));
    expect(Math.abs(z('fraction 0–7'))).toBeLessThan(4.5 / Math.sqrt(500));
  });

  it('catches weights of which neighbors have a correlation of 0.1', () => {
    const caught = Array.from({ length: 50 }, (_, trial) => {
      const mark = engine.arena.mark();
      const out = engine.arena.allocateFloats(20_000);
      engine.kernels.fill_normal(
        openStream(engine, deriveKey(rootKey(42), keyPurpose.weights, trial)),
        20_000,
        out,
        1,
      );
      let last = 0;
      const values = engine.arena.floats(out, 20_000).map((fresh) => {
        last = 0.1 * last + fresh;
        return last;
      });
      engine.arena.release(mark);
      return testBits(engine, values).values?.pValue ?? 1;
    });
    // arccos(0.1)/π = 0.468 instead of ½ is Z = −9 on 20,000 numbers.
    expect(Math.max(...caught)).toBeLessThan(1e-6);
  });
});

describe('pixels', () => {
  it('are far from random order: runs of image bytes, row by row', async () => {
    const { dataset } = await loadDataset('embedded');
    const { images, count } = dataset.train;
    const pixels = images.length / count;
    const z = Array.from({ length: 200 }, (_, i) => {
      const image = images.subarray(i * pixels, (i + 1) * pixels);
      return testRuns(image, { ties: 'below' })?.z ?? 0;
    });
    const mean = z.reduce((sum, value) => sum + value, 0) / z.length;
    // 28 × 28 pixels cannot give more than √784 = 28.
    expect(mean).toBeLessThan(-15);
    expect(mean).toBeGreaterThan(-28);
    const all = testRuns(images, { ties: 'below' })?.z ?? 0;
    expect(all).toBeLessThan(-500);
  });
});

describe('the spectrum of 1000 × 500 normal numbers', () => {
  it('ends at the edge of Marchenko and Pastur, 2.914', () => {
    const edge = marchenkoPasturEdges(2).upper;
    expect(edge).toBeCloseTo(2.914, 3);
    const tops = [1, 2, 3, 4].map((trial) => {
      const mark = engine.arena.mark();
      const out = engine.arena.allocateFloats(500_000);
      engine.kernels.fill_normal(
        openStream(engine, deriveKey(rootKey(43), keyPurpose.weights, trial)),
        500_000,
        out,
        1,
      );
      const values = engine.arena.floats(out, 500_000).slice();
      engine.arena.release(mark);
      return topSingularValue({ rows: 1000, columns: 500, values }) ** 2 / 1000;
    });
    // Tracy and Widom: the scale is 0.0264, the mean 1.21 of it below the center, which is 0.003 below the edge; deviation 1.27.
    for (const top of tops) expect(Math.abs(top - (edge - 0.035))).toBeLessThan(4 * 1.27 * 0.0264);
  });

  it('has its bulk where the law has it, of 600 × 300', () => {
    const mark = engine.arena.mark();
    const out = engine.arena.allocateFloats(180_000);
    engine.kernels.fill_normal(
      openStream(engine, deriveKey(rootKey(44), keyPurpose.weights, 1)),
      180_000,
      out,
      0.1,
    );
    const values = engine.arena.floats(out, 180_000).slice();
    engine.arena.release(mark);
    const { bulk, spikes, stableRank } = weightSpectrum({ rows: 600, columns: 300, values });
    expect(bulk.variance).toBeCloseTo(0.01, 3);
    expect(bulk.distance).toBeLessThan(0.015);
    expect(spikes).toEqual([]);
    expect(stableRank).toBeGreaterThan(300 / 3.1);
  });
});
