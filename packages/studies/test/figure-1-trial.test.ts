import { createEngine } from '@kindling/core';
import {
  canonicalJson,
  datasetIdentity,
  type Figure1Spec,
  figure1,
  figure1Spec,
  provenanceOf,
  summarizePartial,
  type TrialProgress,
  type TrialRecord,
} from '@kindling/studies';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { shortSpecHash } from '../src/spec/hash-spec.js';

const { dataset } = await loadDataset('embedded');
const data = datasetIdentity(dataset);
const engine = createEngine();

async function runAll(spec: Figure1Spec, order: 'planned' | 'reversed' = 'planned'): Promise<TrialRecord[]> {
  const keys = figure1
    .cells(spec)
    .flatMap((cell) => Array.from({ length: cell.trials }, (_, trial) => ({ cell: cell.id, trial })));
  if (order === 'reversed') keys.reverse();
  const records: TrialRecord[] = [];
  for (const key of keys) {
    const result = await figure1.runTrial({ engine, dataset }, spec, key);
    records.push({ ...key, result, spec: shortSpecHash(spec), ...provenanceOf(engine) });
  }
  return records;
}

const small = figure1Spec({
  data,
  depths: [3, 6],
  trials: 20,
  runs: 2,
  maxEpochs: 2,
  initializers: ['he-normal', 'lecun-uniform'],
});

describe('trials of figure 1', () => {
  it('are pure: any order gives the same records and summary', async () => {
    const planned = await runAll(small);
    const reversed = await runAll(small, 'reversed');
    expect(new Set(reversed.map((record) => canonicalJson({ ...record })))).toEqual(
      new Set(planned.map((record) => canonicalJson({ ...record }))),
    );
    expect(figure1.summarize(small, reversed)).toEqual(figure1.summarize(small, planned));
  });

  it('draw the same net for a point alone as in a larger figure', async () => {
    const alone = figure1Spec({
      data,
      depths: [6],
      trials: 20,
      runs: 2,
      maxEpochs: 2,
      initializers: ['lecun-uniform'],
    });
    const results = (records: readonly TrialRecord[]) =>
      records
        .filter((record) => record.cell.endsWith('lecun-uniform/depth=6'))
        .map((record) => record.result);
    expect(results(await runAll(alone))).toEqual(results(await runAll(small)));
  });

  it('draw other nets for another seed', async () => {
    const other = figure1Spec({
      data,
      depths: [3, 6],
      trials: 20,
      runs: 2,
      maxEpochs: 2,
      initializers: ['he-normal', 'lecun-uniform'],
      seed: 2,
    });
    expect((await runAll(other)).map((record) => record.result)).not.toEqual(
      (await runAll(small)).map((record) => record.result),
    );
  });

  it('tell of every epoch on the way', async () => {
    const heard: TrialProgress[] = [];
    const key = { cell: 'training/he-normal/depth=3', trial: 0 };
    await figure1.runTrial({ engine, dataset, onProgress: (progress) => heard.push(progress) }, small, key);
    expect(heard.map((progress) => progress.fraction)).toEqual([0, 0.5, 1].slice(0, heard.length)); // a cap of 2 is all that is expected;
    expect(heard[0]).toMatchObject({ ...key, values: { epoch: 0 } });
  });

  it('record divergence as a result that JSON can hold', async () => {
    const wild = figure1Spec({
      data,
      depths: [40],
      trials: 1,
      runs: 1,
      maxEpochs: 2,
      initializers: ['he-normal-2x'],
    });
    const records = await runAll(wild);
    const training = records.find((record) => record.cell.startsWith('training/'));
    expect(training?.result).toMatchObject({ outcome: 'diverged' });
    expect(() => canonicalJson({ ...training?.result })).not.toThrow();
    expect(figure1.summarize(wild, records).training[0]).toMatchObject({
      diverged: 1,
      medianEpochs: null,
      outcomes: ['diverged'],
    });
  });

  it('refuse an unknown cell, and training without its data', async () => {
    await expect(
      figure1.runTrial({ engine, dataset }, small, { cell: 'lengths/he-normal/depth=4', trial: 0 }),
    ).rejects.toThrow(/no cell/);
    await expect(
      figure1.runTrial({ engine, dataset: null }, small, { cell: 'training/he-normal/depth=3', trial: 0 }),
    ).rejects.toThrow(/data/);
  });
});

describe('summaries of figure 1', () => {
  it('refuse missing records; partial ones leave out what has none', async () => {
    const records = await runAll(small);
    expect(() => figure1.summarize(small, records.slice(1))).toThrow(/19 records; expected 20/);
    const partial = summarizePartial(small, records.slice(0, 5));
    expect(partial.lengths).toHaveLength(1);
    expect(partial.lengths[0]?.trials).toBe(5);
    expect(partial.training).toHaveLength(0);
  });

  it('count a run that failed as longer than any that did not', async () => {
    const spec = figure1Spec({ data, depths: [3], trials: 0, runs: 3, initializers: ['he-normal'] });
    const record = (trial: number, outcome: string, epochs: number): TrialRecord => ({
      cell: 'training/he-normal/depth=3',
      trial,
      result: { outcome, epochs, testAccuracy: [0.1, 0.3], meanLoss: [2], deadLayer: null },
      spec: shortSpecHash(spec),
      ...provenanceOf(engine),
    });
    const median = (...records: TrialRecord[]) => figure1.summarize(spec, records).training[0]?.medianEpochs;
    expect(median(record(0, 'reached', 4), record(1, 'diverged', 1), record(2, 'reached', 2))).toBe(4);
    expect(
      median(record(0, 'censored', 100), record(1, 'never-moves', 0), record(2, 'reached', 2)),
    ).toBeNull();
  });
});
