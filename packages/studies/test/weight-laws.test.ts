/** Laws in few numbers: known of the laws that initializers draw, and distances that are what they say. */
import { createEngine, denseArchitecture, listParameters, rootKey } from '@kindling/core';
import { findInitializer } from '@kindling/initializers';
import { datasetIdentity } from '@kindling/studies';
import { firstImages, joinDatasets } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import {
  distanceMatrix,
  layerDistance,
  netDistance,
  pooledDistance,
} from '../src/weight-laws/law-distance.js';
import {
  evenQuantiles,
  isComparable,
  layerLaw,
  netLaw,
  quantileOfSorted,
} from '../src/weight-laws/layer-statistics.js';
import { checkTaskData, taskDataset, taskName, taskTitle } from '../src/weight-laws/tasks.js';
import { type NamedTensor, trainCheckpoints } from '../src/zoo/checkpoints.js';
import { zooOptimizers } from '../src/zoo/optimizers.js';

const engine = createEngine();
const { dataset } = await loadDataset('embedded');
const few = firstImages(dataset, { train: 64, test: 20 });

/** Fresh weights of a net by an initializer. */
async function fresh(initializer: string, seed: number): Promise<readonly NamedTensor[]> {
  for await (const { tensors } of trainCheckpoints(engine, few, {
    architecture: denseArchitecture({ widths: [784, 100, 50], outputs: 10 }),
    initializer: findInitializer(initializer).initializer,
    optimizer: zooOptimizers.adam,
    epochs: [0],
    key: rootKey(seed),
  })) {
    return tensors;
  }
  throw new Error('no checkpoint');
}

const tensor = (values: readonly number[], rows: number, columns: number): NamedTensor => ({
  ...(listParameters(denseArchitecture({ widths: [rows, columns], outputs: 0 }))[0] ?? expect.unreachable()),
  values: Float32Array.from(values),
});

describe('the law of a layer', () => {
  it('is that of the initializer: scale, tails and shape', async () => {
    for (const [name, kurtosis, outermost] of [
      ['he-normal', 0, 2.4176], // Φ⁻¹ of 127/128
      ['he-uniform', -1.2, Math.sqrt(3) * (127 / 128 - 1 / 128)],
    ] as const) {
      const [law] = netLaw(await fresh(name, 1), rootKey(1)).layers;
      if (law === undefined) throw new Error('no layer');
      // 78,400 weights: errors of log σ, kurtosis and the outermost quantile from theory, times five.
      expect(Math.abs(Number(law.logScale))).toBeLessThan(5 / Math.sqrt(2 * 78_400));
      expect(Math.abs(Number(law.excessKurtosis) - kurtosis)).toBeLessThan(5 * Math.sqrt(24 / 78_400));
      expect(Math.abs((law.shape.at(-1) ?? 0) - outermost)).toBeLessThan(0.06);
      expect(law.spectrum).toHaveLength(32);
      // Marchenko and Pastur: the largest singular value is (1 + √(100/784)) of the root mean square's unit.
      expect(law.spectrum[0]).toBeCloseTo(1 + Math.sqrt(100 / 784), 1);
      expect(law.spectrum.at(-1)).toBeCloseTo(1 - Math.sqrt(100 / 784), 1);
    }
  });

  it('does not see units, and its scale does', () => {
    const values = Array.from({ length: 60 }, (_, i) => Math.sqrt(i) - 4);
    const one = layerLaw(tensor(values, 10, 6));
    const other = layerLaw(
      tensor(
        values.map((value) => 2 * value),
        10,
        6,
      ),
    );
    expect(layerDistance('shape', one, other)).toBeLessThan(2e-6);
    expect(layerDistance('spectrum', one, other)).toBeLessThan(2e-6);
    expect(layerDistance('scale', one, other)).toBeCloseTo(Math.log(2), 5);
    const shifted = layerLaw(
      tensor(
        values.map((value) => value + 3),
        10,
        6,
      ),
    );
    expect(layerDistance('shape', one, shifted)).toBeLessThan(2e-6);
    expect(layerDistance('spectrum', one, shifted)).toBeGreaterThan(0.02);
  });

  it('has a flat spectrum where the matrix is orthogonal', () => {
    const identity = Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    expect(layerLaw(tensor(identity, 4, 4)).spectrum).toEqual([1, 1, 1, 1]);
  });

  it('says when there is nothing to compare', () => {
    const broken = layerLaw(tensor([1, Number.NaN, 2, 3], 2, 2));
    expect(broken).toMatchObject({ shape: [], spectrum: [], logScale: 'NaN' });
    const constant = netLaw([tensor([1, 1, 1, 1], 2, 2)], rootKey(1));
    expect(isComparable(constant)).toBe(false);
    expect(() => netDistance('shape', constant, constant)).toThrow(/leave out nets that diverged/);
  });

  it('has quantiles between the order statistics', () => {
    expect(evenQuantiles([1, 2, 3, 4], 4)).toEqual([1, 2, 3, 4]);
    expect(evenQuantiles([1, 2, 3, 4], 2)).toEqual([1.5, 3.5]);
    expect([0, 0.5, 1].map((p) => quantileOfSorted([1, 2, 4], p))).toEqual([1, 2, 4]);
  });
});

describe('distances of nets', () => {
  it('are near for one law and far for two, and symmetric', async () => {
    const laws = [await fresh('he-normal', 1), await fresh('he-normal', 2), await fresh('he-uniform', 3)].map(
      (tensors) => netLaw(tensors, rootKey(1)),
    );
    for (const distance of [
      (a: (typeof laws)[0], b: (typeof laws)[0]) => netDistance('shape', a, b),
      pooledDistance,
    ]) {
      const [first, second, third] = distanceMatrix(laws, distance);
      expect(first?.[0]).toBe(0);
      expect(first?.[1]).toBe(second?.[0]);
      expect(third?.[0]).toBeGreaterThan(2 * (second?.[0] ?? 1));
    }
  });

  it('refuse nets of different architectures', async () => {
    const law = netLaw(await fresh('he-normal', 1), rootKey(1));
    const shorter = { ...law, layers: law.layers.slice(1) };
    expect(() => netDistance('scale', law, shorter)).toThrow(/3 and 2 weight matrices/);
  });
});

describe('tasks', () => {
  const other = { ...firstImages(dataset, { train: 50, test: 30 }), name: 'mnist' };
  const joined = joinDatasets([few, other]);
  const spec = { seed: 1, data: datasetIdentity(joined), sources: [few, other].map(datasetIdentity) };

  it('are the data sets that were joined, and what is made of them', () => {
    expect(taskDataset('x', joined, spec, { source: 1, data: 'given' }).digest).toBe(other.digest);
    const random = taskDataset('x', joined, spec, { source: 0, data: 'random-labels' });
    expect(random.train.images).toEqual(few.train.images);
    expect(random.train.labels).not.toEqual(few.train.labels);
    expect(taskDataset('x', joined, spec, { source: 0, data: 'random-labels' })).toBe(random);
    const again = taskDataset('x', joined, { ...spec, seed: 2 }, { source: 0, data: 'random-labels' });
    expect(again.digest).not.toBe(random.digest);
    expect(taskName(spec, { source: 1, data: 'synthetic' })).toBe('mnist-synthetic');
    expect(taskTitle(spec, { source: 0, data: 'random-labels' })).toBe(
      'Fashion-MNIST (embedded), random labels',
    );
  });

  it('are refused where they do not fit the data', () => {
    const refuse = (change: object, words: RegExp) =>
      expect(() => checkTaskData('x', { ...spec, ...change }, [{ source: 0, data: 'given' }])).toThrow(words);
    refuse({ sources: spec.sources.slice(1) }, /x: sources: 10 classes in all; expected data's 20/);
    refuse({ data: { ...spec.data, features: 783 } }, /x: data.features: .* not square/);
    refuse({ sources: spec.sources.map((one) => ({ ...one, name: 'a' })) }, /distinct names/);
    expect(() => checkTaskData('x', spec, [{ source: 2, data: 'given' }])).toThrow(
      /x: tasks: there is no source 2/,
    );
    expect(() => taskDataset('x', null, spec, { source: 0, data: 'given' })).toThrow(
      /x: trainings need data/,
    );
  });
});
