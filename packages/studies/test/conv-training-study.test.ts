/** The study of convolutional trainings: its spec, its nets, pure trials, and what is read off them. */
import { createEngine, InvalidArgumentError, layerShapes } from '@kindling/core';
import { measureNetworkLengths } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import {
  type ConvTrainingSpec,
  canonicalJson,
  convTraining,
  convTrainingSpec,
  convVariantNames,
  datasetIdentity,
  findStudy,
  hashSpec,
  type JsonObject,
  parseConvTrainingSpec,
} from '@kindling/studies';
import { firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { convArchitecture, measuredPart } from '../src/catalog/conv-training/variants.js';
import { svgText } from '../src/report/svg-text.js';
import { trialRandomKey } from '../src/trial-key.js';
import { emptyDocument } from './figures-document.js';
import { inventRecords, runInThread } from './run-in-thread.js';

const { dataset } = await loadDataset('embedded');
/** A tenth of a second a training. */
const few = firstImages(dataset, { train: 188, test: 100 });
const data = datasetIdentity(few);

describe('its spec', () => {
  it('compares all nets by default, in epochs of 47 steps', () => {
    const spec = convTrainingSpec({ data: { ...data, trainCount: 6000 } });
    expect(spec).toMatchObject({
      nets: convVariantNames,
      depths: [4, 8, 16, 32],
      channels: 8,
      batchSize: 128,
      startAccuracy: 0.2,
      targetAccuracy: 0.6,
    });
    expect(convTrainingSpec({ data: datasetIdentity(dataset) }).batchSize).toBe(32);
  });

  it('takes what a person says, and survives JSON', () => {
    const spec = convTrainingSpec({ data, nets: ['residual-1/L'], depths: [64], runs: 3, seed: 9 });
    expect(spec).toMatchObject({ nets: ['residual-1/L'], depths: [64], runs: 3, seed: 9 });
    const again = parseConvTrainingSpec(JSON.parse(JSON.stringify(spec)));
    expect(hashSpec(again)).toBe(hashSpec(spec));
    expect(findStudy('conv-training').parseSpec(again)).toEqual(spec);
  });

  it.each([
    [{ seed: -1 }, 'seed'],
    [{ version: 2 }, 'version'],
    [{ nets: ['residual-2'] }, 'nets.0'],
    [{ nets: [] }, 'nets'],
    [{ depths: [3] }, 'depths.0'],
    [{ depths: [0] }, 'depths.0'],
    [{ channels: 0 }, 'channels'],
    [{ runs: 0 }, 'runs'],
    [{ startAccuracy: 0.6 }, 'startAccuracy'],
    [{ data: { ...data, features: 783 } }, 'data.features'],
    [{ workers: 3 }, 'the spec'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseConvTrainingSpec({ ...convTrainingSpec({ data }), ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`conv-training: ${field}: `);
  });
});

describe('its nets', () => {
  const sizes = { side: 28, channels: 8, depth: 6, classes: 10 };

  it.each(convVariantNames)('%s has the same convolutions as the others, and ten outputs', (name) => {
    const architecture = convArchitecture(name, sizes);
    const layers = architecture.layers.flatMap((layer) =>
      layer.kind === 'residual' ? layer.branch : [layer],
    );
    expect(layers.filter(({ kind }) => kind === 'conv2d')).toHaveLength(2 + 6);
    expect(layerShapes(architecture).at(-1)).toEqual({ height: 1, width: 1, channels: 10 });
    expect(layerShapes(measuredPart(architecture)).at(-1)).toEqual({ height: 7, width: 7, channels: 8 });
  });
});

describe('its trials', () => {
  const spec = convTrainingSpec({
    data,
    nets: ['plain-he', 'residual-1', 'batch-norm'],
    depths: [2],
    runs: 2,
    maxEpochs: 1,
  });

  it('are pure: any order gives the same records and summary', async () => {
    const planned = await runInThread(convTraining, spec, 'planned', few);
    const reversed = await runInThread(convTraining, spec, 'reversed', few);
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
    expect(convTraining.summarize(spec, reversed)).toEqual(convTraining.summarize(spec, planned));
  });

  it('measure the very net that they train', async () => {
    const alone = { ...spec, nets: ['residual-1'], runs: 1 } as ConvTrainingSpec;
    const [record] = await runInThread(convTraining, alone, 'planned', few);
    if (record === undefined) throw new Error('no record');
    const whole = measureNetworkLengths(createEngine(), {
      architecture: convArchitecture('residual-1', { side: 28, channels: 8, depth: 2, classes: 10 }),
      initializer: findInitializer('he-normal').initializer,
      key: trialRandomKey(alone, record),
    });
    // Two of the stem, one block; flatten and the outputs behind them change nothing.
    expect(record.result['logLength']).toBe(whole.layers[2]?.logLength);
  });

  it('are refused without data', async () => {
    await expect(runInThread(convTraining, spec)).rejects.toThrow(/trainings need data/);
  });
});

describe('its summary', () => {
  const spec = convTrainingSpec({ data, depths: [2], runs: 3, nets: ['plain-he', 'plain-lecun'] });
  const result = (_: string, trial: number): JsonObject => ({
    ...[
      { outcome: 'reached', epochs: 3, testAccuracy: [0.3, 0.1, 0.25, 0.7] },
      { outcome: 'censored', epochs: 4, testAccuracy: [0.1, 0.1, 0.1, 0.1, 0.4] },
      { outcome: 'diverged', epochs: 2, testAccuracy: [0.1, 0.1, 0.2] },
    ][trial],
    meanLoss: [2],
    deadLayer: null,
    logLength: trial === 0 ? '-Infinity' : -trial,
  });
  const summary = convTraining.summarize(spec, inventRecords(convTraining, spec, result));

  it('reads the start off the way to the target: epoch 0 and the epoch that broke do not count', () => {
    expect(summary.points[0]).toMatchObject({
      start: { epochs: [2, 4, null], reached: 2, diverged: 1, medianEpochs: 4 },
      target: { epochs: [3, null, null], reached: 1, censored: 1, diverged: 1, medianEpochs: null },
    });
  });

  it('counts dead nets, and has theory beside the others', () => {
    expect(summary.points[0]?.length).toMatchObject({
      deadNets: 1,
      meanLog: -1.5,
      leastLog: -2,
      mostLog: -1,
    });
    const [he, lecun] = summary.points.map(({ length }) => Math.exp(length.predictedLogMean ?? Number.NaN));
    // Half of He's in each of the two layers of the stem and the two of the body.
    expect((lecun ?? 0) / (he ?? 1)).toBeCloseTo(1 / 16, 12);
    expect(he).toBeLessThan(1);
  });

  it('says in the key of the lengths what the line is and what the points are', () => {
    const figure = convTraining.figures(summary).find(({ name }) => name === 'conv-training-lengths');
    const svg = svgText(figure ?? expect.unreachable(), emptyDocument());
    for (const words of ['mean, by theory', 'geometric mean of the', 'nets']) {
      expect(svg).toContain(`<tspan>${words}</tspan>`);
    }
  });

  it('refuses missing records', () => {
    const records = inventRecords(convTraining, spec, result).slice(1);
    expect(() => convTraining.summarize(spec, records)).toThrow(/depth=2 has 2 records; expected 3/);
  });

  /** Epochs to the target by depth and trial; null: not in time. The start is an epoch before, or never. */
  const said = (epochs: Readonly<Record<number, readonly (number | null)[]>>) => {
    const depths = Object.keys(epochs).map(Number);
    const told = convTrainingSpec({ data, depths, runs: 2, maxEpochs: 4, nets: ['residual-1'] });
    const records = inventRecords(convTraining, told, (cell, trial) => {
      const reached = epochs[Number(cell.split('=').at(-1))]?.[trial] ?? null;
      return {
        outcome: reached === null ? 'censored' : 'reached',
        epochs: reached ?? 4,
        testAccuracy: reached === null ? [0.1, 0.1] : [0.1, 0.3, 0.7],
        meanLoss: [2],
        deadLayer: null,
        logLength: Math.log(1000),
      };
    });
    return convTraining.findings(convTraining.summarize(told, records)).join('\n');
  };

  it('tells what half of the runs do from what more than half do', () => {
    const words = said({ 4: [2, 2], 8: [2, 4], 16: [null, 2] });
    expect(words).toContain(
      '60 % test accuracy within 4 epochs is reached in more than half of the runs by residual, η = 1: to depth 8 (3 epochs), in 1 of 2 runs at depth 16.',
    );
    expect(words).toContain(
      'At depth 16 no net reaches 20 % test accuracy in more than half of its runs. Not by residual, η = 1 (reached in 1 of 2 runs; not in time, 1 of 2 runs).',
    );
    expect(said({ 4: [2, null] })).toContain('η = 1: at no depth, in 1 of 2 runs at depth 4.');
    expect(said({ 4: [null, null], 8: [2, 2] })).toContain('η = 1: at depth 8 (2 epochs at the last).');
    expect(said({ 4: [2, 2] })).not.toContain('1 of 2');
  });

  it('says on how many nets a length was measured, and in how many runs they start', () => {
    expect(said({ 4: [2, 2] })).toMatch(
      /depth 4, before any step: residual, η = 1: [\d.]+ \(measured 1000, geometric mean of 2 nets\), starts\./,
    );
    expect(said({ 4: [null, 2] })).toContain('2 nets), starts in 1 of 2 runs.');
    expect(said({ 4: [null, null] })).toContain('2 nets), does not start.');
    // Of plain He nets the first of three is dead.
    expect(convTraining.findings(summary).join('\n')).toContain('(measured 0.223, geometric mean of 2 nets)');
  });
});
