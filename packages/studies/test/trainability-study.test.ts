/** The trainability study: its spec, pure trials, and the bound that no training may break. */
import { InvalidArgumentError } from '@kindling/core';
import { predictTrainability } from '@kindling/diagnostics';
import {
  canonicalJson,
  findStudy,
  hashSpec,
  type JsonObject,
  parseTrainabilitySpec,
  plan,
  trainability,
  trainabilitySpec,
} from '@kindling/studies';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainabilitySummary } from '../src/catalog/trainability/summarize.js';
import { readNumber } from '../src/report/read-number.js';
import { inventRecords, runInThread } from './run-in-thread.js';

describe('its spec', () => {
  it('has 1,000 runs a width, from as many neurons as each target needs', () => {
    const spec = trainabilitySpec();
    expect(spec).toMatchObject({ runs: 1000, optimizer: { kind: 'sgd' } });
    expect(spec.targets.map(({ name, widths }) => [name, widths[0], widths.at(-1)])).toEqual([
      ['absolute', 2, 10],
      ['folded', 4, 14],
    ]);
    expect(spec.radius).toBe(Math.sqrt(3));
  });

  it('takes what a person says, and survives JSON', () => {
    const spec = trainabilitySpec({
      quick: true,
      targets: ['folded'],
      widths: [5],
      runs: 3,
      optimizer: 'adam',
      seed: 9,
    });
    expect(spec).toMatchObject({
      seed: 9,
      targets: [{ name: 'folded', widths: [5] }],
      runs: 3,
      optimizer: { kind: 'adam' },
    });
    const again = parseTrainabilitySpec(JSON.parse(JSON.stringify(spec)));
    expect(hashSpec(again)).toBe(hashSpec(spec));
    expect(findStudy('trainability').parseSpec(again)).toEqual(spec);
  });

  it.each([
    [{ seed: -1 }, 'seed'],
    [{ version: 2 }, 'version'],
    [{ runs: 0 }, 'runs'],
    [{ points: 1 }, 'points'],
    [{ radius: 0 }, 'radius'],
    [{ maxSteps: 1.5 }, 'maxSteps'],
    [{ targetLoss: Number.NaN }, 'targetLoss'],
    [{ targets: [] }, 'targets'],
    [{ targets: [{ name: 'absolute', widths: [2, 2] }] }, 'targets.0.widths'],
    [{ targets: [{ name: 'absolute', widths: [0] }] }, 'targets.0.widths.0'],
    [{ targets: [{ name: 'x-sin-5x', widths: [2] }] }, 'targets.0.name'],
    [{ optimizer: { kind: 'sgd', learningRate: -1 } }, 'optimizer.learningRate'],
    [{ optimizer: { kind: 'adagrad', learningRate: 1 } }, 'optimizer.kind'],
    [{ workers: 3 }, 'the spec'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseTrainabilitySpec({ ...trainabilitySpec(), ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`trainability: ${field}: `);
  });
});

describe('its trials', () => {
  const spec = trainabilitySpec({ widths: [2, 5], runs: 4, maxSteps: 300, optimizer: 'momentum' });

  it('are pure: any order gives the same records and summary', async () => {
    const planned = await runInThread(trainability, spec);
    const reversed = await runInThread(trainability, spec, 'reversed');
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
    expect(trainability.summarize(spec, reversed)).toEqual(trainability.summarize(spec, planned));
  });

  it('draw the same net at a point alone, whichever optimizer follows', async () => {
    const alone = trainabilitySpec({ widths: [5], runs: 4, maxSteps: 300, optimizer: 'sgd' });
    const active = (records: Awaited<ReturnType<typeof runInThread>>) =>
      records.filter(({ cell }) => cell.endsWith('width=5')).map(({ result }) => result['active']);
    expect(active(await runInThread(trainability, alone))).toEqual(
      active(await runInThread(trainability, spec)),
    );
  });

  it('are refused when their cell is none of the spec’s', async () => {
    const foreign = trainabilitySpec({ widths: [7], runs: 1 });
    const [key] = plan(trainability, foreign);
    if (key === undefined) throw new Error('no trial');
    await expect(
      runInThread({ ...trainability, cells: () => [{ id: key.cell, trials: 1, cost: 1 }] }, spec),
    ).rejects.toThrow(/no cell is called "trainability\/absolute\/width=7"/);
  });
});

/** Beyond this many standard errors chance does not go: one in 10^6 for a normal law, two-sided. */
const chance = 4.9;

describe('the bound', () => {
  // Momentum gets there soonest; 200 runs keep the test short, and the binomial error near 3 %.
  const spec = trainabilitySpec({
    widths: [2, 4, 6],
    runs: 300,
    maxSteps: 2500,
    optimizer: 'momentum',
    seed: 4,
  });
  let summary: TrainabilitySummary;
  beforeAll(async () => {
    summary = trainability.summarize(spec, await runInThread(trainability, spec));
  });

  it('is not broken: no success rate lies above T(n, m) by more than the binomial error', () => {
    expect(summary.points).toHaveLength(6);
    for (const { successDeviation } of summary.points) expect(readNumber(successDeviation)).toBeLessThan(3);
    expect(trainability.findings(summary)[0]).toMatch(/^No success rate lies above the bound/);
  });

  it('is met by the share of nets with enough active neurons', () => {
    for (const { activeDeviation } of summary.points) {
      expect(Math.abs(readNumber(activeDeviation))).toBeLessThan(chance);
    }
  });

  it('is theory’s: T at p = 1/6', () => {
    const known = [
      ['absolute', 2, 0.6944],
      ['absolute', 4, 0.9838],
      ['folded', 4, 0.4823],
    ] as const;
    for (const [target, width, value] of known) {
      const point = summary.points.find((one) => one.target === target && one.width === width);
      expect(point?.trainability).toBeCloseTo(value, 4);
    }
    for (const curve of summary.curves) expect(curve.deadProbability).toBeCloseTo(1 / 6, 12);
  });

  it('cannot be reached without the neurons: no net with too few succeeds', () => {
    expect(summary.points.reduce((sum, point) => sum + point.successesWithTooFew, 0)).toBe(0);
    // Not for want of such nets, nor of successes.
    expect(summary.points.some(({ active }) => active.count < active.trials / 2 + 50)).toBe(true);
    expect(summary.points.some(({ success }) => success.share > 0.85)).toBe(true);
  });

  it('would be seen to be broken: what is no success counts as one', async () => {
    // A constant has a loss of 0.25 on |x|: with this target every net succeeds, however few neurons it has.
    const loose = { ...trainabilitySpec({ targets: ['absolute'], widths: [2], runs: 100 }), targetLoss: 0.3 };
    const broken = trainability.summarize(loose, await runInThread(trainability, loose));
    expect(readNumber(broken.points[0]?.successDeviation ?? 0)).toBeGreaterThan(chance);
    expect(trainability.findings(broken)[0]).toMatch(/^1 point of 1 lies above the bound/);
  });
});

describe('its summary', () => {
  const spec = trainabilitySpec({ targets: ['absolute'], widths: [2, 4], runs: 4 });
  const result = (cell: string, trial: number): JsonObject => ({
    active: trial === 0 ? 1 : 2,
    outcome: trial === 0 ? 'never-moves' : trial === 1 ? 'censored' : 'reached',
    steps: 100 * (trial + (cell.endsWith('4') ? 1 : 0)),
    loss: trial < 2 ? 0.2 : 0.0009,
  });

  it('counts', () => {
    const { points } = trainability.summarize(spec, inventRecords(trainability, spec, result));
    expect(points).toMatchObject([
      {
        width: 2,
        needed: 2,
        active: { count: 3 },
        success: { count: 2, share: 0.5 },
        censored: 1,
        diverged: 0,
        neverMoves: 1,
        medianSteps: 250,
        trainability: predictTrainability({ inputDimension: 1, radius: Math.sqrt(3), width: 2, needed: 2 })
          .trainability,
      },
      { width: 4, medianSteps: 350 },
    ]);
  });

  it('refuses missing records', () => {
    const records = inventRecords(trainability, spec, result).slice(1);
    expect(() => trainability.summarize(spec, records)).toThrow(/width=2 has 3 records; expected 4/);
  });
});
