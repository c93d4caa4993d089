/** The verdict study: its spec, its trials, its counts, and that its figures hold every net. */
import { allocateDenseNetwork, createEngine, InvalidArgumentError, rootKey } from '@kindling/core';
import { diagnose } from '@kindling/diagnostics';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import { loadDatasetIntoMemory, train } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { agreementOf } from '../src/catalog/verdict-agreement/agreement.js';
import { verdictAgreementCells } from '../src/catalog/verdict-agreement/cells.js';
import { datasetIdentity, verdictAgreement, verdictAgreementSpec } from '../src/index.js';
import { plan } from '../src/plan.js';
import { svgText } from '../src/report/svg-text.js';
import type { TrialKey, TrialRecord } from '../src/study.js';
import { emptyDocument, tagCounts } from './figures-document.js';

const { dataset } = await loadDataset('embedded');
const data = datasetIdentity(dataset);
const small = {
  data,
  initializers: ['he-normal', 'pytorch:linear'],
  widths: [3, 10],
  depths: [5, 30],
  runs: 2,
  maxEpochs: 1,
} as const;

describe('the spec', () => {
  it('takes names and expressions, and defaults for the rest', () => {
    const spec = verdictAgreementSpec({ data, initializers: ['he-normal:gain=0.9'], quick: true });
    expect(spec.initializers).toEqual(['he-normal:gain=0.9']);
    // The embedded subset has as many steps an epoch as MNIST in batches of 1,024.
    expect([spec.batchSize, spec.learningRate, spec.targetAccuracy]).toEqual([32, 0.01, 0.2]);
  });

  it.each([
    [{ initializers: ['he-norml'] }, /initializers\.0.*catalog/],
    [{ initializers: ['lsuv'] }, /initializers\.0.*needs no data/],
    [{ initializers: ['he-normal', 'he-normal'] }, /distinct/],
    [{ widths: [0] }, /widths\.0/],
    [{ widths: [Number.NaN] }, /widths\.0/],
    [{ runs: 1e9 }, /runs/],
    [{ depths: [] }, /depths/],
  ] as const)('refuses %j', (options, message) => {
    const act = () => verdictAgreementSpec({ data, ...options });
    expect(act).toThrow(InvalidArgumentError);
    expect(act).toThrow(message);
  });
});

describe('agreement', () => {
  it('counts precision and recall of "will not start"', () => {
    const found = agreementOf([
      { predicted: false, started: false, count: 6 },
      { predicted: false, started: true, count: 2 },
      { predicted: true, started: false, count: 4 },
      { predicted: true, started: true, count: 8 },
    ]);
    expect(found).toMatchObject({ failuresFound: 6, falseAlarms: 2, failuresMissed: 4, startsFound: 8 });
    expect([found.precision, found.recall, found.accuracy]).toEqual([6 / 8, 6 / 10, 14 / 20]);
  });

  it('has no precision where nothing was predicted, no recall where nothing failed', () => {
    const found = agreementOf([{ predicted: true, started: true }]);
    expect([found.precision, found.recall, found.accuracy]).toEqual([null, null, 1]);
  });
});

describe('a small study', () => {
  const spec = verdictAgreementSpec(small);
  const engine = createEngine();
  const run = async (keys: readonly TrialKey[]): Promise<TrialRecord[]> => {
    const records: TrialRecord[] = [];
    for (const key of keys) {
      const result = await verdictAgreement.runTrial({ engine, dataset }, spec, key);
      records.push({ ...key, spec: 's', kernels: 'k', version: 'v', result });
    }
    return records;
  };

  it('diagnoses every net once and trains it several times', () => {
    const cells = verdictAgreementCells(spec);
    expect(cells).toHaveLength(2 * 2 * 2 * 2);
    expect(cells.filter(({ part }) => part === 'verdict').every(({ trials }) => trials === 1)).toBe(true);
    expect(cells.filter(({ part }) => part === 'training').every(({ trials }) => trials === 2)).toBe(true);
    expect(cells.every(({ cost }) => cost > 0 && Number.isFinite(cost))).toBe(true);
  });

  it('finds the same whenever and in whatever order its trials come', async () => {
    const keys = plan(verdictAgreement, spec);
    const records = await run(keys);
    const summary = verdictAgreement.summarize(spec, records);
    expect(verdictAgreement.summarize(spec, [...records].reverse())).toEqual(summary);
    // A verdict and a training once more, the other way round.
    expect(await run([keys.slice(-1), keys.slice(0, 1)].flat())).toEqual([records.at(-1), records[0]]);
    expect(() => verdictAgreement.summarize(spec, records.slice(1))).toThrow(InvalidArgumentError);

    const { points, nets, runs } = summary;
    expect(points).toHaveLength(8);
    // Depth 30: PyTorch's factor is 6⁻³⁰, and a He net of width 3 is mostly born dead.
    for (const point of points.filter(({ depth, width }) => depth === 30 && width === 3)) {
      expect(point.verdict).not.toBe('starts');
      expect(point.reached).toBe(0);
    }
    expect(nets.failuresFound + nets.falseAlarms + nets.failuresMissed + nets.startsFound).toBe(8);
    expect(runs.failuresFound + runs.falseAlarms + runs.failuresMissed + runs.startsFound).toBe(16);

    for (const figure of verdictAgreement.figures(summary)) {
      const markup = svgText(figure, emptyDocument());
      expect(tagCounts(markup).get('svg')).toBe(1);
      expect(markup).not.toMatch(/NaN|Infinity|undefined/);
    }
    const [map] = verdictAgreement.figures(summary).map((figure) => svgText(figure, emptyDocument()));
    // A ground a tile, and seven in the legend: five shares, a cross, a frame.
    expect(map?.match(/class="band"/g)).toHaveLength(8 + 7);
    // One row of panels: no higher than it needs.
    expect(Number(/height="(\d+)"/.exec(map ?? '')?.[1])).toBeLessThan(240);
    expect(verdictAgreement.findings(summary)[0]).toMatch(/The verdict agrees .* of 8 nets/);
    expect(verdictAgreement.tables(summary).at(-1)?.rows).toHaveLength(8);
  });
});

describe('a remedy, applied to a real training', () => {
  const engine = createEngine();
  const widths = [data.features, ...new Array<number>(30).fill(20)];
  const { initializer } = findInitializer('glorot-normal');
  const resident = loadDatasetIntoMemory(engine, dataset);
  const outcome = async (scales: readonly number[]): Promise<string> => {
    const mark = engine.arena.mark();
    const network = allocateDenseNetwork(engine, { widths, outputs: data.classes });
    initializeNetwork(engine, network, initializer, rootKey(5));
    for (const [index, scale] of scales.entries()) {
      const weights = network.layers[index]?.weights;
      if (weights) engine.kernels.scale(weights.rows * weights.stride, weights.pointer, scale);
    }
    const training = train(engine, network, resident, {
      optimizer: { kind: 'sgd', learningRate: 0.01 },
      batchSize: 32,
      maxEpochs: 8,
      targetAccuracy: 0.2,
      key: rootKey(6),
    });
    for (;;) {
      const step = await training.next();
      if (!step.done) continue;
      engine.arena.release(mark);
      return step.value.outcome;
    }
  };

  it('makes a net start that did not', async () => {
    const { verdict, remedy } = diagnose(engine, { widths, outputs: data.classes, initializer });
    const scales = remedy.find(({ change }) => change.weightScales)?.change.weightScales ?? [];
    expect(verdict).toBe('fm1-vanishing');
    expect(scales).toHaveLength(30);
    expect(await outcome([])).not.toBe('reached');
    expect(await outcome(scales)).toBe('reached');
  });
});
