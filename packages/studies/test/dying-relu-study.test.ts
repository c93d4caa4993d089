/** The dying-ReLU study: its spec, pure trials, and the collapse of narrow nets under He that RAI mostly avoids. */
import { InvalidArgumentError } from '@kindling/core';
import {
  canonicalJson,
  type DyingReluSpec,
  dyingRelu,
  dyingReluSpec,
  hashSpec,
  type JsonObject,
  parseDyingReluSpec,
} from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { inventRecords, runInThread } from './run-in-thread.js';

describe('its spec', () => {
  it('has 1,000 runs of ten layers of width 2, twenty of width 4 for two inputs, Adam at 0.001', () => {
    expect(dyingReluSpec()).toMatchObject({
      runs: 1000,
      optimizer: { kind: 'adam', learningRate: 0.001 },
      targets: [
        { name: 'absolute', hiddenLayers: 9, width: 2 },
        { name: 'x-sin-5x', hiddenLayers: 9, width: 2 },
        { name: 'step-sine', hiddenLayers: 9, width: 2 },
        { name: 'absolute-pair', hiddenLayers: 19, width: 4 },
      ],
      initializers: ['he-normal', 'he-normal-biases', 'rai', 'data-dependent'],
    });
  });

  it('takes what a person says, and survives JSON', () => {
    const spec = dyingReluSpec({
      quick: true,
      targets: ['step-sine'],
      initializers: ['rai'],
      runs: 3,
      seed: 9,
    });
    expect(spec).toMatchObject({ seed: 9, targets: [{ name: 'step-sine' }], initializers: ['rai'], runs: 3 });
    expect(hashSpec(parseDyingReluSpec(JSON.parse(JSON.stringify(spec))))).toBe(hashSpec(spec));
  });

  it.each([
    [{ version: 0 }, 'version'],
    [{ runs: 1_000_000_000 }, 'runs'],
    [{ batchSize: 0 }, 'batchSize'],
    [{ optimizer: { kind: 'sgd', learningRate: 0.1 } }, 'optimizer.kind'],
    [{ constantShare: 1 }, 'constantShare'],
    [{ initializers: ['rai', 'rai'] }, 'initializers'],
    [{ initializers: ['he'] }, 'initializers.0'],
    [{ targets: [{ name: 'absolute', hiddenLayers: 9, width: Number.NaN }] }, 'targets.0.width'],
    [{ targets: [{ name: 'absolute', hiddenLayers: 0, width: 2 }] }, 'targets.0.hiddenLayers'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseDyingReluSpec({ ...dyingReluSpec(), ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`dying-relu: ${field}: `);
  });
});

describe('its trials', () => {
  it('are pure: any order gives the same records and summary', async () => {
    const spec = dyingReluSpec({ runs: 2, maxSteps: 300 });
    const planned = await runInThread(dyingRelu, spec);
    const reversed = await runInThread(dyingRelu, spec, 'reversed');
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
    expect(dyingRelu.summarize(spec, reversed)).toEqual(dyingRelu.summarize(spec, planned));
  });

  it('end where nothing moves any more, and a longer training changes nothing then', async () => {
    const short = dyingReluSpec({ targets: ['absolute'], initializers: ['rai'], runs: 30, maxSteps: 600 });
    const long: DyingReluSpec = { ...short, maxSteps: 900 };
    const [early, late] = await Promise.all([runInThread(dyingRelu, short), runInThread(dyingRelu, long)]);
    const stopped = early.filter(({ result }) => result['outcome'] === 'never-moves');
    expect(stopped.some(({ result }) => Number(result['steps']) > 0)).toBe(true);
    for (const { trial, result } of stopped) expect(late[trial]?.result).toEqual(result);
    for (const { result } of stopped) expect(result['variation']).toBe(0);
  });
});

describe('ten layers of width 2 on |x|', () => {
  // With fewer steps a net that is only slow still looks constant, which must not count for the claim.
  const base = { targets: ['absolute'], maxSteps: 2500, seed: 2 } as const;

  it('collapse with He in more than 90 % of 1,000 runs, at 95 % confidence', async () => {
    const spec = dyingReluSpec({ ...base, initializers: ['he-normal'], runs: 1000 });
    const summary = dyingRelu.summarize(spec, await runInThread(dyingRelu, spec));
    const [point] = summary.points;
    expect(point?.collapsed.low).toBeGreaterThan(0.9);
    // Born dead within theory's bounds, 4 standard errors to either side; the simulated value of the papers is .8809.
    const error = Math.sqrt((0.8809 * (1 - 0.8809)) / 1000);
    expect(point?.bornDeadLower).toBeCloseTo(0.87026, 5);
    expect(point?.bornDeadUpper).toBeCloseTo(0.92492, 5);
    expect(Math.abs((point?.bornDead.share ?? 0) - 0.8809)).toBeLessThan(4 * error);
    expect(dyingRelu.findings(summary)[0]).toMatch(/^Collapsed to a constant on \|x\|: He[^:]* 9\d/);
    expect(dyingRelu.findings(summary)[0]).toContain('more than 90\u00a0%, at 95\u00a0% confidence');
  });

  it('collapse with RAI in far fewer', async () => {
    const spec = dyingReluSpec({ ...base, initializers: ['rai'], runs: 150, maxSteps: 1200 });
    const summary = dyingRelu.summarize(spec, await runInThread(dyingRelu, spec));
    const [rai] = summary.points;
    // He's rate is .93 ± .008; long runs over many seeds put RAI's at .42, and a net that is slow looks constant for a while.
    expect(rai?.collapsed.high).toBeLessThan(0.65);
    expect(rai?.bornDead.high).toBeLessThan(0.4);
    expect(dyingRelu.findings(summary).join(' ')).not.toContain('more than 90');
  });

  it('are never born dead when the data place the neurons', async () => {
    const spec = dyingReluSpec({
      seed: 2,
      initializers: ['data-dependent', 'data-dependent-uniform'],
      runs: 50,
      maxSteps: 1,
    });
    const { points } = dyingRelu.summarize(spec, await runInThread(dyingRelu, spec));
    expect(points).toHaveLength(8);
    for (const { bornDead, bornDeadUpper } of points) expect([bornDead.count, bornDeadUpper]).toEqual([0, 0]);
  });
});

describe('its summary', () => {
  const spec = dyingReluSpec({ targets: ['absolute-pair'], initializers: ['he-normal', 'rai'], runs: 4 });
  const result = (_: string, trial: number): JsonObject => ({
    bornDeadLayer: trial === 0 ? 3 : null,
    deadLayer: trial < 2 ? 3 : null,
    outcome: trial < 2 ? 'never-moves' : trial === 2 ? 'diverged' : 'reached',
    steps: trial * 500,
    loss: trial === 2 ? 'NaN' : 0.3 / (trial + 1),
    variation: trial === 2 ? 'NaN' : trial < 2 ? 0.01 * trial : 0.9,
  });

  it('counts what was born dead, what died and what lives', () => {
    const { points } = dyingRelu.summarize(spec, inventRecords(dyingRelu, spec, result));
    expect(points).toMatchObject([
      {
        initializer: 'he-normal',
        bornDead: { count: 1, trials: 4 },
        collapsed: { count: 2 },
        diedInTraining: 1,
        medianStepsToDeath: 500,
        learned: 1,
        diverged: 1,
        medianLoss: 0.075,
        // Two inputs: no lower bound is known. 1 − (15/16)^19.
        bornDeadLower: null,
        bornDeadUpper: expect.closeTo(0.7066, 4),
      },
      { initializer: 'rai', bornDeadLower: null, bornDeadUpper: null },
    ]);
  });

  it('refuses missing records', () => {
    const records = inventRecords(dyingRelu, spec, result).slice(1);
    expect(() => dyingRelu.summarize(spec, records)).toThrow(
      /he-normal\/hidden=4\*19 has 3 records; expected 4/,
    );
  });
});
