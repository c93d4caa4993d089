/** The data-dependent study: its spec, pure trials, no neuron born dead, and the course of the loss. */
import { InvalidArgumentError } from '@kindling/core';
import {
  canonicalJson,
  dataDependent,
  dataDependentSpec,
  hashSpec,
  type JsonObject,
  parseDataDependentSpec,
} from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { deviationFrom, shareOf } from '../src/statistics/share.js';
import { inventRecords, runInThread } from './run-in-thread.js';

describe('its spec', () => {
  it('has more neurons than points, and He beside both kinds of anchors', () => {
    const spec = dataDependentSpec();
    for (const { points, width } of spec.targets) expect(width).toBeGreaterThanOrEqual(points - 1);
    expect(spec.initializers).toEqual([
      'he-normal',
      'he-normal-biases',
      'data-dependent',
      'data-dependent-uniform',
    ]);
  });

  it('takes what a person says, and survives JSON', () => {
    const spec = dataDependentSpec({
      quick: true,
      targets: ['step-sine'],
      runs: 3,
      epochs: 7,
      optimizer: 'sgd',
    });
    expect(spec).toMatchObject({ runs: 3, epochs: 7, reportEvery: 1, optimizer: { kind: 'sgd' } });
    expect(hashSpec(parseDataDependentSpec(JSON.parse(JSON.stringify(spec))))).toBe(hashSpec(spec));
  });

  it.each([
    [{ study: 'figure-1' }, 'study'],
    [{ epochs: 0 }, 'epochs'],
    [{ reportEvery: 0 }, 'reportEvery'],
    [{ runs: -1 }, 'runs'],
    [{ targets: [{ name: 'x-sin-5x', points: 1, width: 3 }] }, 'targets.0.points'],
    [{ targets: [{ name: 'x-sin-5x', points: 5, width: 0 }] }, 'targets.0.width'],
    [{ initializers: [] }, 'initializers'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseDataDependentSpec({ ...dataDependentSpec(), ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`data-dependent: ${field}: `);
  });
});

describe('its trials', () => {
  it('are pure: any order gives the same records and summary', async () => {
    const spec = dataDependentSpec({ runs: 2, epochs: 20 });
    const planned = await runInThread(dataDependent, spec);
    const reversed = await runInThread(dataDependent, spec, 'reversed');
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
    expect(dataDependent.summarize(spec, reversed)).toEqual(dataDependent.summarize(spec, planned));
  });

  it('record the loss at epoch 0, at every report and at the end', async () => {
    const spec = { ...dataDependentSpec({ runs: 1, epochs: 7, targets: ['x-sin-5x'] }), reportEvery: 3 };
    for (const { result } of await runInThread(dataDependent, spec)) expect(result['losses']).toHaveLength(4);
    const { curves } = dataDependent.summarize(spec, await runInThread(dataDependent, spec));
    for (const { epochs } of curves) expect(epochs).toEqual([0, 3, 6, 7]);
  });
});

describe('neurons at the start', () => {
  it('are never dead on the data with data-dependent initialization, and as often as theory says with He and biases', async () => {
    const spec = dataDependentSpec({ runs: 100, epochs: 1, seed: 3 });
    const summary = dataDependent.summarize(spec, await runInThread(dataDependent, spec));
    const { curves } = summary;
    expect(curves).toHaveLength(12);
    for (const curve of curves) {
      if (curve.initializer.startsWith('data-dependent')) expect(curve.bornDead).toBe(0);
      if (curve.predictedDead === null) continue;
      const deviation = deviationFrom(shareOf(curve.bornDead, curve.neurons), curve.predictedDead);
      expect(Math.abs(deviation), `${curve.target} ${curve.initializer}`).toBeLessThan(4.9);
    }
    // The control: the same counts are not zero where they need not be.
    const biased = curves.filter(({ initializer }) => initializer === 'he-normal-biases');
    for (const { bornDead, neurons } of biased) expect(bornDead / neurons).toBeGreaterThan(0.03);
    expect(dataDependent.findings(summary)[0]).toMatch(
      /^Data-dependent initialization leaves no neuron of 60,000 dead on the data; 0\u00a0% with He normal, zero biases and \d+\.?\d*\u00a0% with/,
    );
  });
});

describe('the course', () => {
  it('falls faster with neurons where the data are, on functions of one input', async () => {
    const spec = dataDependentSpec({
      targets: ['x-sin-5x'],
      initializers: ['he-normal', 'data-dependent'],
      runs: 9,
      epochs: 800,
    });
    const [he, anchored] = dataDependent.summarize(spec, await runInThread(dataDependent, spec)).curves;
    expect(anchored?.upperLoss.at(-1) ?? 1).toBeLessThan(he?.lowerLoss.at(-1) ?? 0);
  });
});

describe('its summary', () => {
  const spec = dataDependentSpec({
    targets: ['absolute-pair'],
    initializers: ['he-normal', 'rai'],
    runs: 3,
    epochs: 2,
  });
  const result = (_: string, trial: number): JsonObject => ({
    bornDead: trial,
    deadAtEnd: 2 * trial,
    outcome: trial === 2 ? 'diverged' : 'censored',
    losses: trial === 2 ? [8, 'Infinity'] : [4 - trial, 2 - trial, 1],
  });

  it('counts a run that has diverged as infinite from there on', () => {
    const { curves } = dataDependent.summarize(spec, inventRecords(dataDependent, spec, result));
    expect(curves[0]).toMatchObject({
      bornDead: 3,
      neurons: 300,
      predictedDead: 0,
      diverged: 1,
      epochs: [0, 1, 2],
      medianLoss: [4, 2, 1],
    });
    expect(curves[0]?.meanDeadAtEnd).toBeCloseTo(0.02, 12);
    expect(curves[0]?.upperLoss.at(-1)).toBe(Number.POSITIVE_INFINITY);
    expect(curves[1]?.predictedDead).toBeNull();
  });

  it('says so', () => {
    const summary = dataDependent.summarize(spec, inventRecords(dataDependent, spec, result));
    expect(dataDependent.findings(summary).at(-1)).toBe(
      '2 trainings diverged; their loss counts as infinite.',
    );
  });

  it('refuses missing records', () => {
    const records = inventRecords(dataDependent, spec, result).slice(1);
    expect(() => dataDependent.summarize(spec, records)).toThrow(/has 2 records; expected 3/);
  });
});
