/** The study of nets drawn from laws: its spec and grid, pure trials on real images, ratios that are known. */
import { InvalidArgumentError } from '@kindling/core';
import {
  canonicalJson,
  datasetIdentity,
  findStudy,
  hashSpec,
  type JsonObject,
  lawInit,
  lawInitSpec,
  parseLawInitSpec,
} from '@kindling/studies';
import { firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import type { AnyStudy } from '../src/catalog/catalog.js';
import { initSteps } from '../src/catalog/law-init/trial.js';
import { openLawCache } from '../src/weight-laws/law-cache.js';
import { inventRecords, runInThread } from './run-in-thread.js';
import { checkDrawings } from './study-drawings.js';

const { dataset } = await loadDataset('embedded');
const few = firstImages(dataset, { train: 96, test: 40 });
const data = datasetIdentity(few);
const sources = [data];

describe('its spec', () => {
  it('takes what a person says, and survives JSON', () => {
    const spec = lawInitSpec({ data, sources, depths: [3, 12], runs: 3, seed: 9, lawNets: 4 });
    expect(spec).toMatchObject({ depths: { dense: [3, 12], conv: [3] }, runs: 3, seed: 9, lawNets: 4 });
    const again = parseLawInitSpec(JSON.parse(JSON.stringify(spec)));
    expect(hashSpec(again)).toBe(hashSpec(spec));
    expect(findStudy('law-init').parseSpec(again)).toEqual(spec);
  });

  it('has He once and every draw from every law; filters only where there are some', () => {
    const cells = lawInit.cells(lawInitSpec({ data, sources, quick: true })).map(({ id }) => id);
    expect(cells.filter((id) => id.endsWith('he-normal'))).toHaveLength(2);
    // One depth of 2 × 4 draws, one of 2 × 6.
    expect(cells).toHaveLength(2 + 8 + 12);
    expect(cells).toContain('conv/depth=2/law=embedded-synthetic/filter-covariance-rescaled');
    expect(cells.filter((id) => id.startsWith('dense') && id.includes('filter'))).toEqual([]);
  });

  it.each([
    [{ seed: -1 }, 'seed'],
    [{ families: ['recurrent'] }, 'families.0'],
    [{ depths: { dense: [1], conv: [2] } }, 'depths.dense.0'],
    [{ initializations: ['copy'] }, 'initializations.0'],
    [{ shrinkage: 0 }, 'shrinkage'],
    [{ lawNets: 0 }, 'lawNets'],
    [{ lawNets: 1 }, 'lawNets'],
    [{ runs: 0 }, 'runs'],
    [{ startAccuracy: 0 }, 'startAccuracy'],
    [{ data: { ...data, features: 783 } }, 'data.features'],
    [{ workers: 3 }, 'the spec'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseLawInitSpec({ ...lawInitSpec({ data, sources }), ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`law-init: ${field}: `);
  });
});

describe('its trials', () => {
  const spec = {
    ...lawInitSpec({ data, sources, quick: true, families: ['conv'], depths: [2], runs: 1, maxEpochs: 1 }),
    lawEpochs: 1,
  };

  it('are pure: what a thread keeps of the first phase changes nothing', async () => {
    const planned = await runInThread(lawInit, spec, 'planned', few);
    // Another object is another spec to the cache: all laws are made again, in another order.
    const reversed = await runInThread(lawInit, structuredClone(spec), 'reversed', few);
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
    const results = planned.map((record) => record.result);
    expect(results[0]).toMatchObject({ lawNets: 0, lawAccuracy: null });
    expect(results[1]).toMatchObject({ lawNets: 2 });
    for (const { testAccuracy } of results) expect(testAccuracy).toHaveLength(initSteps(spec).length);
    expect(lawInit.summarize(spec, planned)).toEqual(lawInit.summarize(spec, reversed));
  });

  it('are refused without data', async () => {
    await expect(runInThread(lawInit, spec)).rejects.toThrow(/trainings need data/);
  });
});

describe('what a thread keeps', () => {
  it('is made once a spec and name, and again after it failed', async () => {
    const cache = openLawCache<number>();
    let made = 0;
    const make = async () => ++made;
    const [one, other] = [{}, {}];
    expect(await cache.get(one, 'a', make)).toBe(1);
    expect(await cache.get(one, 'a', make)).toBe(1);
    expect(await cache.get(one, 'b', make)).toBe(2);
    expect(await cache.get(other, 'a', make)).toBe(3);
    await expect(cache.get(one, 'c', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get(one, 'c', make)).toBe(4);
  });
});

const spec = lawInitSpec({ data, sources, quick: true, runs: 3, maxEpochs: 10 });
const steps = initSteps(spec);
/** Nets reach both accuracies at a step of their way of drawing: He at 16, rescaled laws at 4, others never. */
const result = (cell: string, trial: number): JsonObject => {
  const at = cell.endsWith('he-normal') ? 16 : cell.endsWith('-rescaled') ? 4 : Number.POSITIVE_INFINITY;
  const broken = cell.endsWith('/marginal') && trial === 0;
  const testAccuracy = steps.map((step) => (step >= at ? 0.8 : 0.1));
  return {
    testAccuracy: broken ? testAccuracy.slice(0, 3) : testAccuracy,
    lawNets: cell.endsWith('he-normal') ? 0 : 2,
    lawAccuracy: cell.endsWith('he-normal') ? null : 0.75,
  };
};

describe('its summary', () => {
  const summary = lawInit.summarize(spec, inventRecords(lawInit, spec, result));

  it('takes nine tenths of He’s best for the goal, and ratios of steps over the depths', () => {
    for (const goal of summary.goals) expect(goal).toBeCloseTo(0.9 * 0.8, 12);
    expect(summary.goals).toHaveLength(2);
    const ratios = summary.comparisons.map(({ initialization, start, goal }) => [
      initialization,
      start.value,
      goal.value,
    ]);
    for (const [name, start, goal] of ratios) {
      // What never comes there counts with the last step, 30.
      const expected = String(name).endsWith('-rescaled') ? 4 / 16 : 30 / 16;
      expect(start).toBeCloseTo(expected, 10);
      expect(goal).toBeCloseTo(expected, 10);
    }
    // Runs that are all alike have no scatter.
    expect(summary.comparisons[0]?.goal).toMatchObject({ low: summary.comparisons[0]?.goal.value });
  });

  it('counts what diverged, and what never came there', () => {
    const marginal = summary.points.find(({ initialization }) => initialization === 'marginal');
    expect(marginal).toMatchObject({ diverged: 1, goal: { steps: [null, null, null], median: null } });
    expect(lawInit.findings(summary).join('\n')).toMatch(/diverged, and \d+ did not come to the goal/);
  });

  it('takes the very first look for a start, too', () => {
    const early = (cell: string, trial: number): JsonObject => ({
      ...result(cell, trial),
      testAccuracy: steps.map(() => 0.8),
    });
    const found = lawInit.summarize(spec, inventRecords(lawInit, spec, early));
    expect(found.points[0]?.start.median).toBe(0);
    expect(found.comparisons.every(({ start }) => start.value === 1)).toBe(true);
  });

  it('refuses missing records', () => {
    const records = inventRecords(lawInit, spec, result).slice(1);
    expect(() => lawInit.summarize(spec, records)).toThrow(/has 2 records; expected 3/);
  });
});

describe('its drawings', () => {
  checkDrawings({
    study: lawInit as unknown as AnyStudy,
    spec,
    result,
    names: [
      'law-init-speed',
      'law-init-dense-start',
      'law-init-dense-goal',
      'law-init-conv-start',
      'law-init-conv-goal',
    ],
  });
});
