import { InvalidArgumentError } from '@kindling/core';
import {
  type DatasetIdentity,
  figure1,
  figure1Defaults,
  figure1Spec,
  hashSpec,
  parseFigure1Spec,
  plan,
} from '@kindling/studies';
import { embeddedDigest } from '@kindling/trainer';
import { describe, expect, it } from 'vitest';

const data: DatasetIdentity = {
  name: 'mnist',
  digest: 'ab'.repeat(32),
  trainCount: 60_000,
  testCount: 10_000,
  features: 784,
  classes: 10,
};

describe('figure1Spec', () => {
  it('has the settings of the paper by default: eight curves, 1,000 nets, 5 runs, SGD 0.01, batch 1024, 100 epochs', () => {
    expect(figure1Spec({ data })).toMatchObject({
      seed: 1,
      initializers: { length: 8 },
      lengths: { trials: 1000 },
      training: { runs: 5, learningRate: 0.01, batchSize: 1024, maxEpochs: 100, targetAccuracy: 0.2, data },
    });
  });

  it('takes what a person says over its defaults, quick or not', () => {
    const spec = figure1Spec({ data, quick: true, depths: [7], trials: 3, maxEpochs: 4, seed: 9 });
    expect(spec).toMatchObject({
      seed: 9,
      lengths: { depths: [7], trials: 3 },
      training: { depths: [7], maxEpochs: 4 },
    });
    expect(spec.training?.runs).toBe(figure1Defaults.quick.runs);
  });

  it('uses small batches on the embedded subset', () => {
    expect(figure1Spec({ data: { ...data, digest: embeddedDigest } }).training?.batchSize).toBe(32);
    expect(figure1Spec({ data: { ...data, name: 'embedded' } }).training?.batchSize).toBe(1024);
  });

  it('leaves a part out at 0', () => {
    expect(figure1Spec({ data: null, runs: 0 }).training).toBeNull();
    expect(figure1Spec({ data, trials: 0 }).lengths).toBeNull();
    expect(() => figure1Spec({ data, trials: 0, runs: 0 })).toThrow(/both parts/);
    expect(() => figure1Spec({ data: null })).toThrow(/data/);
  });

  it.each([
    [{ depths: [] }, 'depths'],
    [{ depths: [5, 5] }, 'depths'],
    [{ depths: [0] }, 'depths'],
    [{ depths: [1001] }, 'depths'],
    [{ depths: [2.5] }, 'depths'],
    [{ depths: [Number.NaN] }, 'depths'],
    [{ trials: 1e9 }, 'trials'],
    [{ trials: -1 }, 'trials'],
    [{ runs: 1e9 }, 'runs'],
    [{ maxEpochs: 0 }, 'maxEpochs'],
    [{ seed: -1 }, 'seed'],
    [{ seed: 2 ** 53 }, 'seed'],
    [{ initializers: [] }, 'initializers'],
  ])('refuses %j and names the field', (options, field) => {
    expect(() => figure1Spec({ data, ...options })).toThrow(InvalidArgumentError);
    expect(() => figure1Spec({ data, ...options })).toThrow(field);
  });
});

describe('parseFigure1Spec', () => {
  it('reads back what JSON keeps of a spec, with the same hash', () => {
    const spec = figure1Spec({ data, quick: true });
    const read = parseFigure1Spec(JSON.parse(JSON.stringify(spec)));
    expect(read).toEqual(spec);
    expect(hashSpec(read)).toBe(hashSpec(spec));
  });

  it.each([
    [null, 'spec'],
    [{}, 'study'],
    [{ ...figure1Spec({ data }), version: 2 }, 'version'],
    [{ ...figure1Spec({ data }), surprise: 1 }, 'surprise'],
    [{ ...figure1Spec({ data }), initializers: ['he-nromal'] }, 'initializers.0'],
  ])('refuses %j', (value, field) => {
    expect(() => parseFigure1Spec(value)).toThrow(field);
  });
});

it('plans every initializer, depth and trial once', () => {
  const spec = figure1Spec({ data, depths: [2, 3], trials: 4, runs: 2 });
  expect(plan(figure1, spec)).toHaveLength(8 * 2 * (4 + 2));
  expect(new Set(figure1.cells(spec).map((cell) => cell.id)).size).toBe(32);
});

it('hashes every choice: no two of these specs share a hash', () => {
  const specs = [
    figure1Spec({ data }),
    figure1Spec({ data, seed: 2 }),
    figure1Spec({ data, quick: true }),
    figure1Spec({ data, trials: 999 }),
    figure1Spec({ data: { ...data, digest: 'cd'.repeat(32) } }),
    figure1Spec({ data, initializers: ['he-normal', 'he-uniform'] }),
    figure1Spec({ data, initializers: ['he-uniform', 'he-normal'] }),
  ];
  expect(new Set(specs.map(hashSpec)).size).toBe(specs.length);
});
