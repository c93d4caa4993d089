/** Files of a visitor: idx files in any order, a model's network as a configuration, and a reading that may be left. */
import type { Architecture } from '@kindling/core';
import type { TensorFindings } from '@kindling/diagnostics/models';
import { parseExploreText } from '@kindling/studies';
import { DataFormatError, type Dataset, type IdxFile } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { fileConfiguration } from '../../src/explore/panels/file/file-configuration.js';
import { createFileReading } from '../../src/explore/panels/file/file-reading.js';
import { idxDataset, looksLikeIdx } from '../../src/explore/panels/file/idx-dataset.js';
import { idxFilesOf } from '../../src/explore/panels/file/idx-files.js';

const embedded: Dataset = (await loadDataset('embedded')).dataset;
const files = idxFilesOf(embedded);

describe('idx files', () => {
  it('are the data set again, in any order and under any names that tell training from test', async () => {
    const renamed = files.map(({ file, bytes }) => ({ file: `x/${file.replace('t10k', 'Test')}`, bytes }));
    for (const given of [files, [...files].reverse(), renamed]) {
      const { dataset, split } = await idxDataset(given);
      expect([dataset.name, dataset.digest, split]).toEqual(['embedded', embedded.digest, false]);
    }
  });

  it('without telling names are taken by size', async () => {
    const { dataset } = await idxDataset(
      [...files].reverse().map(({ bytes }, i) => ({ file: `${i}`, bytes })),
    );
    expect(dataset.digest).toBe(embedded.digest);
  });

  it('of one pair are split, the last seventh for testing', async () => {
    const { dataset, split } = await idxDataset(files.slice(2));
    expect([split, dataset.train.count, dataset.test.count]).toEqual([true, 429, 71]);
    expect(dataset.name).toMatch(/^idx-[0-9a-f]{8}$/);
    expect([...dataset.train.labels, ...dataset.test.labels]).toEqual([...embedded.test.labels]);
    expect(dataset.test.images).toEqual(embedded.test.images.subarray(429 * 784));
  });

  const bytes = (...values: number[]) => Uint8Array.from(values);
  const image = bytes(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7);
  const label = bytes(0, 0, 8, 1, 0, 0, 0, 1, 3);
  it.each<readonly [string, readonly IdxFile[], RegExp]>([
    [
      'one image',
      [
        { file: 'a', bytes: image },
        { file: 'b', bytes: label },
      ],
      /a holds 1 image; expected two/,
    ],
    ['no labels', [{ file: 'a', bytes: image }], /1 files of images and 0 of labels; expected one of each/],
    ['three files', files.slice(1), /1 files of images and 2 of labels/],
    [
      'files of two parts',
      [files[0], files[3]].flatMap((file) => file ?? []),
      /expected 1500 labels, got 500/,
    ],
    ['a broken header', [{ file: 'a', bytes: bytes(0, 0, 8) }], /a is truncated/],
  ])('%s are refused in words', async (_, given, message) => {
    const refusal = await idxDataset(given).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(DataFormatError);
    expect(String(refusal)).toMatch(message);
  });

  it('are told from models by their first bytes', () => {
    expect([image, label, bytes(0x1f, 0x8b, 8, 0)].map(looksLikeIdx)).toEqual([true, true, true]);
    // npy, zip, json, hdf5, ONNX, a safetensors header of 2,048 bytes, nothing.
    const others = ['\x93NUM', 'PK\x03\x04', '{"mo', '\x89HDF', '\x08\x07\x12\x0c', '\x00\x08\x00\x00', ''];
    const heads = others.map((text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
    expect(heads.map(looksLikeIdx)).toEqual(heads.map(() => false));
  });
});

describe('a model’s network as a configuration', () => {
  const dense = (units: number, activation: 'relu' | 'linear') =>
    ({ kind: 'dense', units, activation }) as const;
  const found = (fanIn: number, factor: number, name: string | null): TensorFindings =>
    ({
      tensor: { fans: { fanIn, fanOut: 1 } },
      summary: { mean: 0, variance: (2 * factor) / fanIn },
      law: name === null ? null : { kind: 'catalog', names: [name] },
    }) as unknown as TensorFindings;
  const conv: Architecture['layers'][number] = {
    ...({ kind: 'conv2d', filters: 4, kernel: [3, 3] } as const),
    ...({ stride: 1, padding: 'zero', activation: 'relu' } as const),
  };
  const net: Architecture = {
    input: { width: 20 },
    layers: [dense(8, 'relu'), dense(8, 'relu'), dense(3, 'linear')],
  };

  it('has the law its weights follow, or their variance', () => {
    const lecun = [found(20, 0.5, 'lecun-normal'), found(8, 0.5, 'lecun-normal')];
    expect(fileConfiguration(net, lecun)).toEqual({
      ...{ text: 'dense 8*2 lecun-normal', sameLaw: true },
      ends: { inputs: 20, side: null, outputs: 3 },
    });
    const trained = [found(20, 4, null), found(8, 0.25, null)];
    expect(fileConfiguration(net, trained)?.text).toBe('dense 8*2 he-normal');
    expect(fileConfiguration(net, [found(20, 4, 'he-normal'), found(8, 0.25, null)])?.sameLaw).toBe(false);
    expect(fileConfiguration(net, [found(20, 0.01, null), found(8, 0.01, null)])?.text).toBe(
      'dense 8*2 he-normal times=0.1',
    );
  });

  it('takes images that are flattened at once for rows', () => {
    const input = { height: 5, width: 4, channels: 1 };
    const flat: Architecture = { input, layers: [{ kind: 'flatten' }, ...net.layers] };
    expect(fileConfiguration(flat, [found(20, 1, 'he-normal')])?.text).toBe('dense 8*2 he-normal');
  });

  it('of convolutions is one, and what it says is read back', () => {
    const layers = [conv, conv, { kind: 'flatten' }, dense(10, 'linear')] as const;
    const image: Architecture = { input: { height: 6, width: 6, channels: 1 }, layers };
    const made = fileConfiguration(image, [found(9, 1, 'he-normal'), found(36, 1, 'he-normal')]);
    expect(made).toMatchObject({ text: 'conv 4*2 he-normal', ends: { inputs: 36, side: 6 } });
    expect(parseExploreText(`?net=${encodeURIComponent(made?.text ?? '')}`).problems).toEqual([]);
  });

  it('is none where no configuration gives this very network back', () => {
    const kernels = [found(20, 1, 'he-normal'), found(8, 1, 'he-normal')];
    const with_ = (layers: Architecture['layers'], input: Architecture['input'] = { width: 20 }) =>
      fileConfiguration({ input, layers }, kernels);
    // An end that is not linear, a hidden layer that is, no hidden layer, layers wider than the page takes, colors.
    expect(with_([dense(8, 'relu'), dense(3, 'relu')])).toBeNull();
    expect(with_([dense(8, 'linear'), dense(3, 'linear')])).toBeNull();
    expect(with_([dense(3, 'linear')])).toBeNull();
    expect(with_([dense(1001, 'relu'), dense(3, 'linear')])).toBeNull();
    const colored = { height: 6, width: 6, channels: 3 };
    expect(with_([conv, { kind: 'flatten' }, dense(3, 'linear')], colored)).toBeNull();
    // Weights that are all zero have no variance to draw with.
    expect(fileConfiguration(net, [found(20, 0, null), found(8, 0, null)])).toBeNull();
  });
});

describe('a reading', () => {
  const file = { path: 'a/model.json', file: new File([], 'model.json') };
  const report = { kind: 'model', name: 'model.json' } as never;

  it('shows what was read, and how far it is', async () => {
    const reading = createFileReading((_, onShare) => {
      onShare(0.5);
      return { report: Promise.resolve(report), end: () => {} };
    });
    const done = reading.read([file, file]);
    expect(reading.phase.value).toBe('reading');
    await done;
    expect([reading.phase.value, reading.name.value, reading.share.value]).toEqual([
      'read',
      'a/model.json and 1 more',
      0.5,
    ]);
    reading.close();
    expect([reading.phase.value, reading.report.value]).toEqual(['idle', null]);
  });

  it('says what is wrong, without the function’s name, and goes on with the next file', async () => {
    let refuse = true;
    const reading = createFileReading(() => ({
      report: refuse
        ? Promise.reject(new Error('openModel: it is of no known format'))
        : Promise.resolve(report),
      end: () => {},
    }));
    await reading.read([file]);
    expect([reading.phase.value, reading.failure.value]).toEqual(['failed', 'it is of no known format']);
    refuse = false;
    await reading.read(Promise.resolve([file]));
    expect([reading.phase.value, reading.failure.value]).toEqual(['read', null]);
    await reading.read([]);
    expect(reading.failure.value).toMatch(/there is no file/);
  });

  it('that is left for another file is ended, and its answer passed over', async () => {
    const ended: string[] = [];
    const waiting = new Map<string, (report: never) => void>();
    const reading = createFileReading(([first]) => ({
      report: new Promise((resolve) => waiting.set(first?.path ?? '', resolve)),
      end: () => ended.push(first?.path ?? ''),
    }));
    const slow = reading.read([file]);
    await Promise.resolve();
    const other = reading.read([{ ...file, path: 'b.npy' }]);
    await Promise.resolve();
    expect(ended).toEqual(['a/model.json']);
    waiting.get('a/model.json')?.({ kind: 'model', name: 'the slow one' } as never);
    waiting.get('b.npy')?.(report);
    await Promise.all([slow, other]);
    expect(reading.report.value).toBe(report);
  });
});
