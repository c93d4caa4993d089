/** The study of laws of trained weights: its spec, pure trials on real images, what its summary sees and does not see. */
import { createEngine, InvalidArgumentError } from '@kindling/core';
import {
  canonicalJson,
  datasetIdentity,
  findStudy,
  hashSpec,
  type JsonObject,
  parseWeightLawSpec,
  type WeightLawSpec,
  weightLaw,
  weightLawSpec,
} from '@kindling/studies';
import { firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import type { AnyStudy } from '../src/catalog/catalog.js';
import type { WeightLawResult } from '../src/catalog/weight-law/trial.js';
import { inventLaw, seedOf } from './invented-laws.js';
import { inventRecords, runInThread } from './run-in-thread.js';
import { checkDrawings } from './study-drawings.js';

const { dataset } = await loadDataset('embedded');
const few = firstImages(dataset, { train: 96, test: 40 });
const data = datasetIdentity(few);
const sources = [data];
const two = [datasetIdentity(few), { ...data, name: 'mnist' }];
const joined = { ...data, name: 'embedded+mnist', classes: 20, trainCount: 192, testCount: 80 };

describe('its spec', () => {
  it('compares every data set, labels that mean nothing and synthetic images by default', () => {
    const spec = weightLawSpec({ data: joined, sources: two });
    expect(spec.tasks).toEqual([
      { source: 0, data: 'given' },
      { source: 1, data: 'given' },
      { source: 0, data: 'random-labels' },
      { source: 0, data: 'synthetic' },
    ]);
    expect(spec).toMatchObject({ nets: 8, maxEpochs: 20, optimizer: 'adam', permutations: 4999 });
    expect(weightLaw.cells(spec)).toHaveLength(16);
  });

  it('takes what a person says, and survives JSON', () => {
    const spec = weightLawSpec({ data, sources, architectures: ['lenet'], nets: 3, seed: 9, maxEpochs: 2 });
    expect(spec).toMatchObject({ architectures: ['lenet'], nets: 3, seed: 9, maxEpochs: 2 });
    const again = parseWeightLawSpec(JSON.parse(JSON.stringify(spec)));
    expect(hashSpec(again)).toBe(hashSpec(spec));
    expect(findStudy('weight-law').parseSpec(again)).toEqual(spec);
  });

  it.each([
    [{ seed: -1 }, 'seed'],
    [{ architectures: ['alexnet'] }, 'architectures.0'],
    [{ nets: 1 }, 'nets'],
    [{ tasks: [{ source: 0, data: 'given' }] }, 'tasks'],
    [
      {
        tasks: [
          { source: 0, data: 'given' },
          { source: 1, data: 'given' },
        ],
      },
      'tasks',
    ],
    [{ optimizer: 'lion' }, 'optimizer'],
    [{ sources: [] }, 'sources'],
    [{ data: { ...data, features: 783 } }, 'data.features'],
    [{ data: { ...data, classes: 20 } }, 'sources'],
    [{ permutations: 0 }, 'permutations'],
    [{ workers: 3 }, 'the spec'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseWeightLawSpec({ ...weightLawSpec({ data, sources }), ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`weight-law: ${field}: `);
  });
});

describe('its trials', () => {
  const spec: WeightLawSpec = {
    ...weightLawSpec({ data, sources, quick: true, architectures: ['conv-8-16'], nets: 2, maxEpochs: 1 }),
    permutations: 19,
  };

  it('are pure: any order gives the same records and summary', async () => {
    const planned = await runInThread(weightLaw, spec, 'planned', few);
    const reversed = await runInThread(weightLaw, spec, 'reversed', few);
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
    const summary = weightLaw.summarize(spec, reversed);
    expect(summary).toEqual(weightLaw.summarize(spec, planned));
    expect(summary.diverged).toBe(0);
    // Before the first step nets are He's, on whatever data: half a log of 1, and no kurtosis, within five errors of their mean.
    for (const { rows, columns, freshLogScale, freshKurtosis } of summary.architectures[0]?.layers ?? []) {
      expect(Math.abs(freshLogScale)).toBeLessThan(5 / Math.sqrt(2 * rows * columns * planned.length));
      expect(Math.abs(freshKurtosis)).toBeLessThan(5 * Math.sqrt(24 / (rows * columns * planned.length)));
    }
  });

  it('are refused without data', async () => {
    const engine = createEngine();
    await expect(
      weightLaw.runTrial({ engine, dataset: null }, spec, { cell: 'conv-8-16/embedded', trial: 0 }),
    ).rejects.toThrow(/weight-law: trainings need data/);
  });
});

/** Records of nets whose scale after training depends on the data where `told`, and whose tails on the architecture. */
const result =
  (told: boolean) =>
  (cell: string, trial: number): JsonObject => {
    const [architecture = '', task = ''] = cell.split('/');
    const layers = architecture === 'dense-64' ? 2 : 3;
    const seed = seedOf(`${cell}#${trial}`);
    const scale = told ? 0.2 * (seedOf(task) % 7) : 0;
    const tail = architecture === 'dense-64' ? 0.1 : 0;
    return {
      fresh: inventLaw({ layers, seed }),
      trained: inventLaw({ layers, seed: seed + 1, scale, tail }),
      update: inventLaw({ layers, seed: seed + 2, scale, tail }),
      testAccuracy: 0.8,
      meanLoss: 0.5,
    } satisfies WeightLawResult;
  };

describe('its summary', () => {
  const spec = weightLawSpec({ data, sources, quick: true });
  const summarize = (told: boolean) =>
    weightLaw.summarize(spec, inventRecords(weightLaw, spec, result(told)));

  it('sees scales that depend on the data, and nothing where nothing does', () => {
    const [one] = summarize(true).architectures;
    const scale = one?.tests?.find(({ aspect }) => aspect === 'scale');
    expect(scale?.trained.p).toBeLessThan(0.01);
    expect(scale?.trained.ratio).toBeGreaterThan(5);
    expect(scale?.trained.nearest.share).toBe(1);
    expect(scale?.fresh.p).toBeGreaterThan(0.01);
    const [other] = summarize(false).architectures;
    for (const { trained, fresh } of other?.tests ?? []) {
      expect(trained.p).toBeGreaterThan(0.005);
      expect(fresh.ratio).toBeCloseTo(1, 0);
    }
  });

  it('sees architectures apart from the data', () => {
    const { between } = summarize(true);
    expect(between?.trained.p).toBeLessThan(0.01);
    expect(between?.fresh.p).toBeGreaterThan(0.01);
    expect(weightLaw.findings(summarize(true)).join('\n')).toContain(
      'Architectures have marginals of their own',
    );
  });

  it('leaves out nets that diverged, and tests nothing where too few are left', () => {
    const lost = (cell: string, trial: number): JsonObject =>
      cell === 'dense-64/embedded' && trial > 0
        ? { ...result(true)(cell, trial), trained: null, update: null }
        : result(true)(cell, trial);
    const summary = weightLaw.summarize(spec, inventRecords(weightLaw, spec, lost));
    expect(summary.diverged).toBe(3);
    expect(summary.architectures[0]?.tests).toBeNull();
    expect(summary.architectures[1]?.tests).not.toBeNull();
    expect(weightLaw.findings(summary).join('\n')).toContain('3 trainings diverged and are left out');
    expect(weightLaw.tables(summary).length).toBeGreaterThan(2);
  });

  it('refuses missing records', () => {
    const records = inventRecords(weightLaw, spec, result(true)).slice(1);
    expect(() => weightLaw.summarize(spec, records)).toThrow(/has 3 records; expected 4/);
  });
});

describe('its drawings', () => {
  checkDrawings({
    study: weightLaw as unknown as AnyStudy,
    spec: weightLawSpec({ data: joined, sources: two, quick: true }),
    result: result(true),
    names: ['weight-law-distances', 'weight-law-architectures', 'weight-law-data'],
  });
});
