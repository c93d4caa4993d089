/** The study of drawn parameters: its spec, trials on real images, and what is read off them. */
import { InvalidArgumentError } from '@kindling/core';
import {
  canonicalJson,
  datasetIdentity,
  findStudy,
  type GenerateSpec,
  generate,
  generateSpec,
  generatorNames,
  hashSpec,
  type JsonObject,
  parseGenerateSpec,
} from '@kindling/studies';
import { firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { generatorsOf } from '../src/catalog/generate/generators.js';
import type { GenerateResult } from '../src/catalog/generate/trial.js';
import { meanInterval, studentPoint } from '../src/statistics/mean-interval.js';
import { inventRecords, runInThread } from './run-in-thread.js';
import { checkDrawings } from './study-drawings.js';

const { dataset } = await loadDataset('embedded');
const few = firstImages(dataset, { train: 400, test: 200 });
const data = datasetIdentity(few);
const small = generateSpec({ data, hidden: [16], checkpoints: 4, draws: 3, maxEpochs: 4, runs: 2 });

describe('its spec', () => {
  it('takes what a person says, and survives JSON', () => {
    const spec = generateSpec({ data, families: ['seeds'], hidden: [8, 64], checkpoints: 5, seed: 9 });
    expect(spec).toMatchObject({ families: ['seeds'], hidden: [8, 64], checkpoints: 5, seed: 9, draws: 12 });
    const again = parseGenerateSpec(JSON.parse(JSON.stringify(spec)));
    expect(hashSpec(again)).toBe(hashSpec(spec));
    expect(findStudy('generate').parseSpec(again)).toEqual(spec);
  });

  it.each([
    [{ seed: -1 }, 'seed'],
    [{ version: 2 }, 'version'],
    [{ families: ['nets'] }, 'families.0'],
    [{ hidden: [] }, 'hidden'],
    [{ hidden: [8, 8] }, 'hidden'],
    [{ checkpoints: 2 }, 'checkpoints'],
    [{ draws: 0 }, 'draws'],
    [{ learningRate: 0 }, 'learningRate'],
    [{ workers: 3 }, 'the spec'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseGenerateSpec({ ...small, ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`generate: ${field}: `);
  });
});

describe('its trials', async () => {
  const planned = await runInThread(generate, small, 'planned', few);
  const summary = generate.summarize(small, planned);
  const resultOf = (cell: string) => planned.find((record) => record.cell === cell)?.result as GenerateResult;
  const drawnOf = (family: 'run' | 'seeds', generator: string) =>
    summary.points
      .find((point) => point.family === family)
      ?.drawn.find((drawn) => drawn.generator === generator) ?? expect.unreachable();

  it('are pure: any order gives the same records', async () => {
    const reversed = await runInThread(generate, small, 'reversed', few);
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
  });

  it('draw what each generator says, and no more', () => {
    const { drawn } = resultOf('seeds/hidden=16');
    expect(Object.keys(drawn).sort()).toEqual([...generatorNames].sort());
    expect(drawn['average']?.accuracy).toHaveLength(1);
    expect(drawn['span']?.accuracy).toHaveLength(3);
    expect(Object.keys(resultOf('run/hidden=16').drawn)).toHaveLength(generatorsOf('run').length);
  });

  it('know a copy, a midpoint and noise by their distance', () => {
    for (const family of ['run', 'seeds'] as const) {
      // The median distance of single checkpoints, so not exactly a tenth.
      expect(drawnOf(family, 'copy').distance.mean).toBeCloseTo(0.1, 3);
      expect(drawnOf(family, 'noise').distance.mean).toBeCloseTo(drawnOf(family, 'span').distance.mean, 1);
    }
    expect(drawnOf('seeds', 'midpoint').distance.mean).toBeCloseTo(0.5, 1);
    expect(drawnOf('seeds', 'fresh').distance.mean).toBeGreaterThan(0.8);
  });

  it('copies are as good as checkpoints, their shuffled numbers as bad as chance', () => {
    expect(Math.abs(drawnOf('run', 'copy').loss.mean)).toBeLessThan(0.02);
    expect(drawnOf('run', 'span').accuracy.mean).toBeGreaterThan(0.4);
    expect(drawnOf('seeds', 'shuffled').accuracy.mean).toBeLessThan(0.3);
    expect(drawnOf('seeds', 'fresh').accuracy.mean).toBeLessThan(0.3);
  });

  it('matching brings seeds nearer, and what is drawn works better', () => {
    const seeds = summary.points.find(({ family }) => family === 'seeds');
    expect(seeds?.matching?.mean).toBeLessThan(1);
    expect(drawnOf('seeds', 'matched-average').accuracy.mean).toBeGreaterThan(
      drawnOf('seeds', 'average').accuracy.mean,
    );
  });

  it('count sets whose training broke, and draw nothing from them', async () => {
    const spec: GenerateSpec = { ...small, families: ['run'], runs: 1, learningRate: 1e6 };
    const broken = generate.summarize(spec, await runInThread(generate, spec, 'planned', few));
    expect(broken.points[0]).toMatchObject({ sets: 0, broken: 1, trained: null, drawn: [] });
    expect(generate.figures(broken)).toEqual([]);
    expect(generate.findings(broken).join()).toContain('in 1 more a training broke');
  });

  it('are refused without data', async () => {
    await expect(runInThread(generate, small)).rejects.toThrow(/trainings need data/);
  });
});

describe('means over few runs', () => {
  it('have Student’s points, from the table and from the expansion', () => {
    // Abramowitz & Stegun, table 26.10.
    for (const [degrees, point] of [
      [1, 12.706],
      [4, 2.776],
      [10, 2.228],
      [20, 2.086],
      [120, 1.98],
    ] as const) {
      expect(studentPoint(degrees)).toBeCloseTo(point, 3);
    }
  });

  it('have no interval for a single run', () => {
    expect(meanInterval([3])).toEqual({ mean: 3, low: null, high: null, runs: 1 });
    const { mean, low, high } = meanInterval([1, 2, 3]);
    expect([mean, low, high].map((x) => x?.toFixed(3))).toEqual(['2.000', '-0.484', '4.484']);
  });
});

describe('its drawings', () => {
  const spec = generateSpec({ data, hidden: [16, 32], runs: 3, draws: 2, checkpoints: 3 });
  const result = (cell: string, trial: number): JsonObject => {
    const family = cell.startsWith('run') ? 'run' : 'seeds';
    const drawn = Object.fromEntries(
      generatorsOf(family).map((name, i) => [
        name,
        { accuracy: [i / 12, i / 12 + 0.01 * trial], nearest: [0.3 * i + 0.1, 40], differing: [0.1, 0.2] },
      ]),
    );
    const distances = { nearest: 1, pairs: 1.5 };
    const whole = { accuracy: [0.8, 0.82, 0.84], distances, differing: 0.1, drawn };
    return { trained: true, ...whole, matchedDistances: family === 'seeds' ? distances : null };
  };
  checkDrawings({
    study: generate,
    spec,
    result,
    names: ['generate-run-16', 'generate-run-32', 'generate-seeds-16', 'generate-seeds-32'],
  });

  it('refuses missing records', () => {
    const records = inventRecords(generate, spec, result).slice(1);
    expect(() => generate.summarize(spec, records)).toThrow(/run\/hidden=16 has 2 records; expected 3/);
  });
});
