/** The study of pre-training: its spec, its pretext task, trials on real images, and what is read off them. */
import { createEngine, InvalidArgumentError, rootKey } from '@kindling/core';
import {
  canonicalJson,
  datasetIdentity,
  findStudy,
  hashSpec,
  type JsonObject,
  type PretrainingSpec,
  parsePretrainingSpec,
  pretraining,
  pretrainingSpec,
  startNames,
} from '@kindling/studies';
import { firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { trainPretext } from '../src/catalog/pretraining/pretext.js';
import { inventRecords, runInThread } from './run-in-thread.js';
import { checkDrawings } from './study-drawings.js';

const { dataset } = await loadDataset('embedded');
// A quarter of the pixels a side keeps the covariance of the inputs small.
const small = firstImages(dataset, { train: 240, test: 200 });
const few = { ...small, train: quarter(small.train), test: quarter(small.test) };
const data = datasetIdentity(few);
const spec: PretrainingSpec = {
  ...pretrainingSpec({
    data,
    labels: [20, 120],
    hidden: [16, 12],
    runs: 2,
    maxEpochs: 12,
    pretextEpochs: 6,
    quick: true,
  }),
  steps: 80,
  learningRate: 0.003,
};

/** Every fourth pixel of every fourth row. */
function quarter(part: typeof small.train): typeof small.train {
  const [rows, columns] = [part.rows / 4, part.columns / 4];
  const images = new Uint8Array(part.count * rows * columns);
  for (let i = 0; i < images.length; i++) {
    const [image, pixel] = [Math.floor(i / (rows * columns)), i % (rows * columns)];
    const from = 4 * Math.floor(pixel / columns) * part.columns + 4 * (pixel % columns);
    images[i] = part.images[image * part.rows * part.columns + from] ?? 0;
  }
  return { ...part, rows, columns, images };
}

describe('its spec', () => {
  it('takes what a person says, labels as far as there are, and survives JSON', () => {
    expect(pretrainingSpec({ data }).labels).toEqual([10, 30, 100]);
    const said = pretrainingSpec({ data, starts: ['he', 'pretext'], labels: [5, 50], runs: 3, seed: 9 });
    expect(said).toMatchObject({ starts: ['he', 'pretext'], labels: [5, 50], runs: 3, seed: 9 });
    const again = parsePretrainingSpec(JSON.parse(JSON.stringify(said)));
    expect(hashSpec(again)).toBe(hashSpec(said));
    expect(findStudy('pretraining').parseSpec(again)).toEqual(said);
  });

  it.each([
    [{ seed: -1 }, 'seed'],
    [{ starts: ['glorot'] }, 'starts.0'],
    [{ labels: [] }, 'labels'],
    [{ labels: [50, 10] }, 'labels'],
    [{ labels: [241] }, 'labels'],
    [{ hidden: [] }, 'hidden'],
    [{ maskedShare: 1 }, 'maskedShare'],
    [{ shrinkage: 0 }, 'shrinkage'],
    [{ workers: 3 }, 'the spec'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parsePretrainingSpec({ ...spec, ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`pretraining: ${field}: `);
  });
});

describe('the pretext task', () => {
  it('is learned without labels, and gives the arena back', () => {
    const engine = createEngine();
    const before = engine.arena.usedBytes;
    const { lossBefore, lossAfter, tensors } = trainPretext(engine, few, spec, rootKey(1));
    expect(engine.arena.usedBytes).toBe(before);
    expect(lossAfter).toBeLessThan(lossBefore / 2);
    expect(tensors.map(({ rows, columns }) => [rows, columns])).toEqual([
      ...[
        [49, 16],
        [1, 16],
        [16, 12],
        [1, 12],
        [12, 49],
        [1, 49],
      ],
    ]);
    // Labels do not enter.
    const blind = { ...few, train: { ...few.train, labels: new Uint8Array(few.train.count) } };
    expect(trainPretext(engine, blind, spec, rootKey(1))).toEqual({ lossBefore, lossAfter, tensors });
  });
});

describe('its trials', async () => {
  const planned = await runInThread(pretraining, spec, 'planned', few);
  const summary = pretraining.summarize(spec, planned);
  const accuracyOf = (start: string, labels: number) =>
    summary.points.find((point) => point.start === start && point.labels === labels)?.accuracy?.mean ??
    Number.NaN;

  it('are pure: any order gives the same records', async () => {
    const reversed = await runInThread(pretraining, spec, 'reversed', few);
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
  });

  it('learn more from more labels, and most where all labels were known', () => {
    for (const start of startNames) expect(accuracyOf(start, 120)).toBeGreaterThan(0.3);
    expect(accuracyOf('he', 120)).toBeGreaterThan(accuracyOf('he', 20));
    expect(accuracyOf('labels', 20)).toBeGreaterThan(accuracyOf('he', 20));
    expect(summary.donors?.mean).toBeGreaterThan(0.4);
  });

  it('do not depend on what else is compared', async () => {
    const alone: PretrainingSpec = { ...spec, starts: ['pretext-marginal'], labels: [120] };
    const [record] = await runInThread(pretraining, alone, 'planned', few);
    const both = planned[0]?.result['accuracy'] as Record<string, readonly number[]>;
    expect(record?.result['accuracy']).toEqual({ 'pretext-marginal': [both['pretext-marginal']?.[1]] });
  });

  it('are null where a training breaks', async () => {
    const wild: PretrainingSpec = { ...spec, starts: ['he'], labels: [20], runs: 1, learningRate: 1e30 };
    const broken = pretraining.summarize(wild, await runInThread(pretraining, wild, 'planned', few));
    expect(broken.points[0]).toMatchObject({ broken: 1, accuracy: null, gain: null });
    expect(broken.pretext).toBeNull();
    expect(pretraining.figures(broken)).toEqual([]);
  });

  it('are refused without data', async () => {
    await expect(runInThread(pretraining, spec)).rejects.toThrow(/trainings need data/);
  });
});

describe('its drawings', () => {
  const drawn = pretrainingSpec({ data, runs: 3 });
  const result = (_: string, trial: number): JsonObject => ({
    pretextLoss: [0.2, 0.04 + 0.01 * trial],
    donorAccuracy: [0.8, 0.82],
    accuracy: Object.fromEntries(
      startNames.map((name, i) => [name, drawn.labels.map((_, j) => 0.2 * (j + 1) + 0.01 * i * trial)]),
    ),
  });
  checkDrawings({
    study: pretraining,
    spec: drawn,
    result,
    names: ['pretraining-accuracy', 'pretraining-gain'],
  });

  it('pairs differences by seed', () => {
    const summary = pretraining.summarize(drawn, inventRecords(pretraining, drawn, result));
    const point = summary.points.find(({ start, labels }) => start === 'pretext' && labels === 30);
    // 0, 0.01 and 0.02 above fresh weights.
    expect(point?.gain?.mean).toBeCloseTo(0.01, 12);
    expect(point?.gain?.high).toBeCloseTo(0.01 + (4.302653 * 0.01) / Math.sqrt(3), 9);
    expect(summary.points[0]).toMatchObject({ start: 'he', gain: null });
  });
});
