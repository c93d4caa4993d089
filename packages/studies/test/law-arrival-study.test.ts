/** The study of the way to the law: its spec, pure trials on real images, steps that are read off ways that are known. */
import { InvalidArgumentError } from '@kindling/core';
import {
  canonicalJson,
  datasetIdentity,
  findStudy,
  hashSpec,
  type JsonObject,
  lawArrival,
  lawArrivalSpec,
  parseLawArrivalSpec,
} from '@kindling/studies';
import { firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import type { AnyStudy } from '../src/catalog/catalog.js';
import { arrivalSteps } from '../src/catalog/law-arrival/spec.js';
import type { LawArrivalResult } from '../src/catalog/law-arrival/trial.js';
import { inventLaw, seedOf } from './invented-laws.js';
import { inventRecords, runInThread } from './run-in-thread.js';
import { checkDrawings } from './study-drawings.js';

const { dataset } = await loadDataset('embedded');
const few = firstImages(dataset, { train: 96, test: 40 });
const data = datasetIdentity(few);

describe('its spec', () => {
  it('takes what a person says, and survives JSON', () => {
    const spec = lawArrivalSpec({
      data,
      architectures: ['lenet'],
      initializers: ['glorot-uniform'],
      nets: 3,
      seed: 9,
    });
    expect(spec).toMatchObject({
      architectures: ['lenet'],
      initializers: ['glorot-uniform'],
      nets: 3,
      seed: 9,
    });
    const again = parseLawArrivalSpec(JSON.parse(JSON.stringify(spec)));
    expect(hashSpec(again)).toBe(hashSpec(spec));
    expect(findStudy('law-arrival').parseSpec(again)).toEqual(spec);
  });

  it('looks at steps of logarithmic distance, the last among them', () => {
    // 96 images in batches of 32: three steps an epoch.
    expect(arrivalSteps(lawArrivalSpec({ data, maxEpochs: 10 }))).toEqual([1, 2, 3, 4, 6, 8, 12, 16, 24, 30]);
    expect(arrivalSteps(lawArrivalSpec({ data, maxEpochs: 1 }))).toEqual([1, 2, 3]);
    expect(arrivalSteps(lawArrivalSpec({ data, maxEpochs: 8 })).slice(-2)).toEqual([16, 24]);
  });

  it.each([
    [{ seed: -1 }, 'seed'],
    [{ architectures: [] }, 'architectures'],
    [{ initializers: ['he-normal', 'he-normal'] }, 'initializers'],
    [{ initializers: ['zeros'] }, 'initializers.0'],
    [{ nets: 1 }, 'nets'],
    [{ data: { ...data, features: 783 } }, 'data.features'],
    [{ workers: 3 }, 'the spec'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseLawArrivalSpec({ ...lawArrivalSpec({ data }), ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`law-arrival: ${field}: `);
  });
});

describe('its trials', () => {
  it('are pure, and a way ends at its own floor', async () => {
    const spec = lawArrivalSpec({ data, architectures: ['conv-8-16'], nets: 2, maxEpochs: 2 });
    const planned = await runInThread(lawArrival, spec, 'planned', few);
    const reversed = await runInThread(lawArrival, spec, 'reversed', few);
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
    const { architectures, steps } = lawArrival.summarize(spec, planned);
    expect(steps).toEqual([0, 1, 2, 3, 4, 6]);
    const law = architectures[0]?.law ?? expect.unreachable();
    for (const { aspect, initializer, distance } of law.paths) {
      expect(distance).toHaveLength(6);
      const floor = law.floors.find((one) => one.aspect === aspect)?.mean;
      if (initializer === 'he-normal') expect(distance.at(-1)).toBe(floor);
    }
  });

  it('are refused without data', async () => {
    await expect(runInThread(lawArrival, lawArrivalSpec({ data }))).rejects.toThrow(/trainings need data/);
  });
});

/** Scales that go from −1 to 0 of He's nets and from −2 to −1 of Glorot's, linearly in the step; nothing else moves. */
const spec = lawArrivalSpec({ data, architectures: ['dense-64'], nets: 4, maxEpochs: 10 });
const result = (cell: string, trial: number): LawArrivalResult & JsonObject => {
  const glorot = cell.endsWith('glorot-normal') ? 1 : 0;
  return {
    points: [0, ...arrivalSteps(spec)].map((step) => ({
      step,
      testAccuracy: step >= 6 ? 0.9 : 0.1,
      law: inventLaw({ layers: 2, seed: seedOf(`${cell}#${trial}`), scale: step / 30 - 1 - glorot }),
    })),
  };
};

describe('its summary', () => {
  const summary = lawArrival.summarize(spec, inventRecords(lawArrival, spec, result));
  const [one] = summary.architectures;
  const pathOf = (aspect: string, initializer: string) =>
    one?.law?.paths.find((path) => path.aspect === aspect && path.initializer === initializer);

  it('tells when half and nine tenths of the way are done', () => {
    // Half way after 15 steps, nine tenths after 27: of the steps looked at, 16 and 30.
    expect(pathOf('scale', 'he-normal')).toMatchObject({ halfStep: 16, nearStep: 30, arrivedStep: 30 });
    expect(pathOf('scale', 'glorot-normal')).toMatchObject({
      halfStep: 30,
      nearStep: null,
      arrivedStep: null,
    });
    expect(one?.accuracies[0]).toMatchObject({ nearStep: 6, nets: 4 });
  });

  it('tells no way where there is none to go', () => {
    expect(pathOf('shape', 'he-normal')).toMatchObject({ halfStep: null, nearStep: null, arrivedStep: null });
  });

  it('sees that training has not forgotten the initializer, where it has not', () => {
    const scale = one?.law?.floors.find(({ aspect }) => aspect === 'scale');
    expect(scale?.trained?.ratio).toBeGreaterThan(10);
    expect(scale?.trained?.p).toBeLessThan(0.1);
    const shape = one?.law?.floors.find(({ aspect }) => aspect === 'shape');
    expect(shape?.trained?.ratio).toBeLessThan(1.3);
  });

  it('leaves out ways that broke off', () => {
    const broken = (cell: string, trial: number): JsonObject => {
      const whole = result(cell, trial);
      return trial === 0 ? { points: whole.points.slice(0, 3) } : whole;
    };
    const found = lawArrival.summarize(spec, inventRecords(lawArrival, spec, broken));
    expect(found.diverged).toBe(2);
    expect(found.architectures[0]?.accuracies[0]?.nets).toBe(3);
    const none = lawArrival.summarize(
      spec,
      inventRecords(lawArrival, spec, () => ({ points: [] })),
    );
    expect(none.architectures[0]?.law).toBeNull();
    expect(lawArrival.findings(none)[0]).toContain('too few nets came to the end');
  });

  it('refuses missing records', () => {
    const records = inventRecords(lawArrival, spec, result).slice(1);
    expect(() => lawArrival.summarize(spec, records)).toThrow(/has 3 records; expected 4/);
  });
});

describe('its drawings', () => {
  checkDrawings({
    study: lawArrival as unknown as AnyStudy,
    spec,
    result,
    names: ['law-arrival-dense-64'],
  });
});
