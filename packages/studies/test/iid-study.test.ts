/** The study of the order of parameters: its counts, its orders, trials on real images, and what is read off them. */
import { createEngine, deriveKey, InvalidArgumentError, openStream, rootKey } from '@kindling/core';
import { bitColumns, testBits, testOfColumn } from '@kindling/diagnostics';
import {
  canonicalJson,
  datasetIdentity,
  findStudy,
  hashSpec,
  type IidSpec,
  iid,
  iidSpec,
  type JsonObject,
  parseIidSpec,
} from '@kindling/studies';
import { firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { iidArchitecture, iidNetNames, kernelTaps, parameterTypes } from '../src/catalog/iid/nets.js';
import { largestZPoint, publishedPValue, publishedRows } from '../src/catalog/iid/published.js';
import { inOrder } from '../src/catalog/iid/reading-order.js';
import { testsIn } from '../src/catalog/iid/summarize.js';
import { bitTestOf, countBits } from '../src/catalog/iid/tensor-bits.js';
import { inventRecords, runInThread } from './run-in-thread.js';
import { checkDrawings } from './study-drawings.js';

const engine = createEngine();
const { dataset } = await loadDataset('embedded');
const few = firstImages(dataset, { train: 300, test: 100 });
const data = datasetIdentity(few);

function normals(count: number, index: number): Float32Array {
  const mark = engine.arena.mark();
  const stream = openStream(engine, deriveKey(rootKey(3), 70, index));
  const room = engine.arena.allocateFloats(count);
  engine.kernels.fill_normal(stream, count, room, 1);
  const values = engine.arena.floats(room, count).slice();
  engine.arena.release(mark);
  return values;
}

describe('its counts', () => {
  it('give the whole test back', () => {
    const values = normals(5000, 0);
    const [test, again] = [
      testBits(engine, values),
      bitTestOf(countBits(engine, 'w', 'dense weights', values)),
    ];
    for (const column of bitColumns) expect(testOfColumn(again, column)).toEqual(testOfColumn(test, column));
    expect(again.size).toBe(5000);
  });

  it('keep why nothing was tested', () => {
    const counted = countBits(engine, 'b', 'dense biases', new Float32Array(40));
    expect(counted).toMatchObject({ refusal: expect.stringContaining('equal'), counts: [] });
    expect(bitTestOf(counted).refusal?.reason).toContain('equal');
  });
});

describe('its orders', () => {
  const key = rootKey(1);

  it('read kernels unit by unit, channel by channel, tap by tap', () => {
    // Two taps of three channels for two units: number 100·unit + 10·channel + tap.
    const values = new Float32Array(12);
    for (let tap = 0; tap < 2; tap++)
      for (let channel = 0; channel < 3; channel++)
        for (let unit = 0; unit < 2; unit++)
          values[(tap * 3 + channel) * 2 + unit] = 100 * unit + 10 * channel + tap;
    const read = inOrder(engine, { rows: 6, columns: 2, values }, { order: 'by-unit', taps: 2, key });
    expect([...read]).toEqual([0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121]);
  });

  it('find what neighboring inputs have in common in one order only, and nothing when shuffled', () => {
    const [rows, columns] = [100, 50];
    const noise = normals(rows * columns, 1);
    const phases = normals(columns, 3).map((value) => Math.floor(1000 * Math.abs(value)));
    // Each unit's weights go up and down with the input slowly, at a phase of its own.
    const values = noise.map((value, i) => {
      const phase = (Math.floor(i / columns) + (phases[i % columns] ?? 0)) % 40;
      return value + (phase < 20 ? 1 : -1);
    });
    const zOf = (order: 'stored' | 'by-unit' | 'shuffled') => {
      const read = inOrder(engine, { rows, columns, values }, { order, taps: 1, key });
      return bitTestOf(countBits(engine, 'w', 'dense weights', read)).values?.z ?? Number.NaN;
    };
    expect(zOf('by-unit')).toBeLessThan(-10);
    expect(zOf('stored')).toBeGreaterThan(-6);
    expect(Math.abs(zOf('shuffled'))).toBeLessThan(4);
  });
});

describe('what chance gives', () => {
  it('for the largest of 20 exceeds 3.016 in 5 % of the cases, of one 1.960', () => {
    expect(largestZPoint(20)).toBeCloseTo(3.016, 3);
    expect(largestZPoint(1)).toBeCloseTo(1.96, 3);
  });

  it('makes the deck’s convolutions an exception and nothing else', () => {
    const [convolutions, ...others] = publishedRows;
    for (const z of convolutions?.z ?? []) {
      expect(publishedPValue(convolutions ?? expect.unreachable(), z)).toBeLessThan(0.0025);
    }
    for (const row of others) for (const z of row.z) expect(publishedPValue(row, z)).toBeGreaterThan(0.03);
  });
});

describe('its nets', () => {
  it.each(iidNetNames)('%s has a type for every parameter', (name) => {
    const types = parameterTypes(iidArchitecture(name, { side: 28, classes: 10 }));
    const expected = {
      dense: ['dense weights', 'dense biases'],
      conv: ['convolution weights', 'convolution biases', 'dense weights', 'dense biases'],
      'residual-bn': [
        ...['convolution weights', 'convolution biases', 'normalization scales', 'normalization shifts'],
        ...['dense weights', 'dense biases'],
      ],
    }[name];
    expect([...new Set(types)].sort()).toEqual([...expected].sort());
    expect(kernelTaps).toBe(9);
  });
});

describe('its spec', () => {
  const model = {
    ...{ name: 'net.safetensors', digest: 'b'.repeat(64) },
    tensors: [countBits(engine, 'w', 'dense weights', normals(400, 2))],
  };
  const spec = iidSpec({ data, nets: ['dense'], epochs: [0, 3], runs: 2, models: [model], seed: 9 });

  it('takes what a person says, files as counts, and survives JSON', () => {
    expect(spec).toMatchObject({ nets: ['dense'], epochs: [0, 3], maxEpochs: 3, runs: 2, images: 300 });
    const again = parseIidSpec(JSON.parse(JSON.stringify(spec)));
    expect(hashSpec(again)).toBe(hashSpec(spec));
    expect(findStudy('iid').parseSpec(again)).toEqual(spec);
  });

  it.each([
    [{ seed: -1 }, 'seed'],
    [{ nets: ['lenet'] }, 'nets.0'],
    [{ epochs: [3] }, 'epochs'],
    [{ epochs: [3, 1], maxEpochs: 1 }, 'epochs'],
    [{ maxEpochs: 4 }, 'maxEpochs'],
    [{ images: 301 }, 'images'],
    [{ models: [{ ...model, digest: 'x' }] }, 'models.0.digest'],
    [
      { models: [{ ...model, tensors: [{ ...model.tensors[0], counts: [[1, 2, 3]] }] }] },
      'models.0.tensors.0.counts',
    ],
    [{ data: { ...data, features: 783 } }, 'data.features'],
    [{ workers: 3 }, 'the spec'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseIidSpec({ ...spec, ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`iid: ${field}: `);
  });

  it('puts the files’ tables beside the nets’', () => {
    const summary = iid.summarize(spec, inventRecords(iid, spec, invented));
    expect(summary.models[0]?.rows[0]).toMatchObject({ type: 'dense weights', layers: 1 });
    expect(iid.findings(summary).join('\n')).toContain('File net.safetensors, 1 tensor tested: no order.');
  });
});

describe('its trials', async () => {
  const spec = iidSpec({ data, nets: ['dense'], epochs: [0, 2], runs: 2 });
  const planned = await runInThread(iid, spec, 'planned', few);
  const summary = iid.summarize(spec, planned);

  it('are pure: any order gives the same records', async () => {
    const reversed = await runInThread(iid, spec, 'reversed', few);
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
  });

  it('find no order in fresh weights, nor in shuffled ones', () => {
    for (const { epoch, rows } of summary.stages) {
      const tables = epoch === 0 ? [rows.stored, rows['by-unit'], rows.shuffled] : [rows.shuffled];
      for (const table of tables) {
        const level = 0.001 / testsIn(table);
        for (const { columns } of table)
          for (const { pValue } of columns) expect(pValue).toBeGreaterThan(level);
      }
    }
    // Four weight matrices of two seeds; biases that are all zero cannot be tested.
    expect(summary.stages[0]?.rows.stored[0]).toMatchObject({ type: 'dense weights', layers: 8, refused: 0 });
    expect(summary.stages[0]?.rows.stored[1]).toMatchObject({ type: 'dense biases', layers: 0, refused: 8 });
  });

  it('find order in images, and none when their bytes are shuffled', () => {
    expect(summary.images?.meanZ).toBeGreaterThan(15);
    expect(summary.images?.likeness).toBeGreaterThan(0.5);
    // Mean of |Z| is √(2/π) = 0.80; of 300 its standard error is 0.6/√300 = 0.035.
    expect(Math.abs((summary.images?.shuffledZ ?? 0) - 0.798)).toBeLessThan(0.18);
  });

  it('are refused without data', async () => {
    await expect(runInThread(iid, spec)).rejects.toThrow(/trainings need data/);
  });

  it('leave out what broke', async () => {
    const wild: IidSpec = { ...spec, runs: 1, images: 0, learningRate: 1e30 };
    const broken = iid.summarize(wild, await runInThread(iid, wild, 'planned', few));
    expect(broken.stages.at(-1)).toMatchObject({ runs: 0, accuracy: null });
    expect(iid.figures(broken)).toEqual([]);
    expect(broken.images).toBeNull();
  });
});

/** Trained weights with order in them, of layers of 400. */
function invented(cell: string, trial: number): JsonObject {
  if (cell.startsWith('images/')) return { z: [-20, -24], shuffledZ: [0.5, -1] };
  const kinds = cell.endsWith('dense')
    ? ['dense weights', 'dense biases']
    : ['convolution weights', 'others'];
  const tensors = kinds.map((type, i) => ({
    ...{ name: `${type} ${trial}`, type, size: 400, refusal: i === 0 ? null : '10 numbers' },
    counts: i === 0 ? bitColumns.map((_, column) => [200, 200, 201 - 7 * column - trial]) : [],
  }));
  const stage = {
    testAccuracy: 0.5 + 0.1 * trial,
    tensors: { stored: tensors, 'by-unit': tensors, shuffled: tensors },
  };
  return { stages: [0, 1, 10].map((epoch) => ({ epoch, ...stage })) };
}

describe('its drawings', () => {
  const spec = iidSpec({ data, runs: 2 });
  checkDrawings({ study: iid, spec, result: invented, names: ['iid-by-unit', 'iid-stored'] });

  it('refuses missing records', () => {
    const records = inventRecords(iid, spec, invented).slice(1);
    expect(() => iid.summarize(spec, records)).toThrow(/net\/dense has 1 records; expected 2/);
  });
});
