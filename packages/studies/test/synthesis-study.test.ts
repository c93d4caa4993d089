/** The synthesis study: its spec, pure trials, exact interpolation, widths below which zero loss is impossible, and figures. */
import { InvalidArgumentError } from '@kindling/core';
import {
  canonicalJson,
  datasetIdentity,
  hashSpec,
  type JsonObject,
  parseSynthesisSpec,
  type SynthesisSpec,
  synthesis,
  synthesisSpec,
} from '@kindling/studies';
import { firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { synthesisCells } from '../src/catalog/synthesis/cells.js';
import { runInThread } from './run-in-thread.js';
import { checkDrawings } from './study-drawings.js';

const { dataset } = await loadDataset('embedded');
const few = firstImages(dataset, { train: 300, test: 100 });
const data = datasetIdentity(dataset);
const small: SynthesisSpec = {
  ...synthesisSpec({ data: datasetIdentity(few), quick: true, runs: 1, capacityRuns: 2 }),
  targets: ['x-sin-5x'],
  functionWidths: [10],
  functionSteps: 50,
  imageWidths: [20],
  maxEpochs: 1,
  capacityWidths: [2, 8],
  capacitySteps: 50,
};

describe('its spec', () => {
  it('has three functions, images and widths about m − 1', () => {
    const spec = synthesisSpec({ data });
    expect(spec).toMatchObject({ points: 50, runs: 3, imageWidths: [30, 100, 300, 1000], capacityPoints: 6 });
    expect(hashSpec(parseSynthesisSpec(JSON.parse(JSON.stringify(spec))))).toBe(hashSpec(spec));
    expect(new Set(synthesisCells(spec).map(({ id }) => id)).size).toBe(synthesisCells(spec).length);
  });

  it.each([
    [{ version: 3 }, 'version'],
    [{ points: 1 }, 'points'],
    [{ targets: ['absolute-pair'] }, 'targets.0'],
    [{ functionWidths: [5, 5] }, 'functionWidths'],
    [{ imageWidths: [0] }, 'imageWidths.0'],
    [{ imageRidge: 0 }, 'imageRidge'],
    [{ capacityPoints: 2 }, 'capacityPoints'],
    [{ optimizer: { kind: 'sgd', learningRate: 1 } }, 'optimizer.kind'],
    [{ data: null }, 'data'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseSynthesisSpec({ ...synthesisSpec({ data }), ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`synthesis: ${field}: `);
  });
});

describe('its trials', () => {
  it('are pure: any order gives the same records', async () => {
    const planned = await runInThread(synthesis, small, 'planned', few);
    const reversed = await runInThread(synthesis, small, 'reversed', few);
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
    expect(synthesis.summarize(small, reversed)).toEqual(synthesis.summarize(small, planned));
  });

  it('need the images', async () => {
    await expect(runInThread(synthesis, small)).rejects.toThrow('synthesis: images need data; got none');
  });
});

describe('quick, on real images', () => {
  it('interpolates exactly, builds nets that do well, and trains none to what is impossible', async () => {
    const spec = synthesisSpec({ data, quick: true });
    const summary = synthesis.summarize(spec, await runInThread(synthesis, spec, 'planned', dataset));
    const fit = (task: string, method: string, width: number) =>
      summary.fits.find((one) => one.task === task && one.method === method && one.width === width);
    for (const target of spec.targets) {
      // Exact up to the rounding of f32 in 49 steep units.
      expect(fit(target, 'interpolation', 49)?.trainError.most).toBeLessThan(1e-3);
      // The control: as wide a net that was trained is not.
      expect(fit(target, 'training', 50)?.trainError.least).toBeGreaterThan(1e-3);
    }
    expect(fit('x-sin-5x', 'random-features', 250)?.testError.most).toBeLessThan(0.2);
    // Ten classes: chance is 90 % wrong. A wider random layer does better.
    const wrong = (width: number) => fit('embedded', 'random-features', width)?.testError.most ?? 1;
    expect(wrong(300)).toBeLessThan(0.3);
    expect(wrong(300)).toBeLessThan(wrong(30));
    for (const { data: name, width, reached, impossible, reachedImpossible } of summary.capacity) {
      expect(reachedImpossible, `${name}, ${width}`).toBe(0);
      if (name === 'zigzag') expect(impossible).toBe(width < 4 ? reached.trials : 0);
    }
    // The control: wide nets do reach it.
    expect(
      summary.capacity.find((point) => point.data === 'zigzag' && point.width === 40)?.reached.count,
    ).toBe(10);
    expect(synthesis.findings(summary)[0]).toContain('none came to it, as theory has it');
    // Seconds on a quiet machine.
  }, 60_000);
});

describe('drawings', () => {
  checkDrawings({
    study: synthesis,
    spec: synthesisSpec({ data, quick: true }),
    names: [
      'synthesis-absolute',
      'synthesis-x-sin-5x',
      'synthesis-step-sine',
      'synthesis-images',
      'synthesis-widths',
    ],
    result: (cell, trial): JsonObject =>
      cell.includes('capacity')
        ? { reached: trial > 4, steps: 100, loss: 0.1, neededKinks: 4 }
        : cell.includes('images')
          ? { trainError: 0.1, testError: 0.2 + 0.1 * trial }
          : { trainError: 0.001, testError: cell.includes('width=10') && trial === 1 ? 'Infinity' : 0.05 },
  });
});
