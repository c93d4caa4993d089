/** Files of a page: which of several is the model, and what it may name. */
import { InvalidArgumentError } from '@kindling/core';
import { type BlobLike, ModelFormatError, openModel, sourcesOfFiles } from '@kindling/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EveryFormat, everyFormat, type ModelFiles } from './every-format.js';
import { someFloats, utf8 } from './model-files.js';

let every: EveryFormat;

beforeAll(async () => {
  every = await everyFormat([
    { fanIn: 4, units: 3, kernel: someFloats(12), bias: someFloats(3, 2) },
    { fanIn: 3, units: 2, kernel: someFloats(6, 3), bias: someFloats(2, 4) },
  ]);
});

const dropped = (files: ModelFiles) =>
  Object.entries(files).map(([name, bytes]) => new File([bytes.slice()], name));

/** As a file input of folders gives them. */
function chosen(files: ModelFiles, folder: string) {
  return Object.entries(files).map(([name, bytes]) => ({
    ...{ size: bytes.length, slice: (start: number, end: number) => blob(bytes).slice(start, end) },
    name: name.split('/').at(-1) ?? '',
    webkitRelativePath: `${folder}/${name}`,
  }));
}

function blob(bytes: Uint8Array): BlobLike {
  return new Blob([bytes.slice()]);
}

describe('files that are dropped together', () => {
  it.each(['tfjs-layers', 'onnx-external', 'keras-v3'] as const)('%s opens in any order', async (format) => {
    const files = dropped(every.networks[format]);
    for (const order of [files, [...files].reverse()]) {
      const { tensors } = await openModel(sourcesOfFiles(order));
      expect(tensors).toHaveLength(4);
      for (const tensor of tensors) expect(await tensor.read()).toHaveLength(tensor.size);
    }
  });

  it('the index stands for its shards', async () => {
    const files = dropped(every.weights['safetensors-index']).reverse();
    expect((await openModel(sourcesOfFiles(files))).tensors).toHaveLength(4);
  });

  it('a single file is the model whatever its name', async () => {
    const [bytes = new Uint8Array(0)] = Object.values(every.networks['keras-h5']);
    const { format } = await openModel(sourcesOfFiles([new File([bytes.slice()], 'weights (1).tmp')]));
    expect(format).toBe('keras-h5');
  });

  it('and files that do not belong to it do no harm', async () => {
    const files = [...dropped(every.networks['tfjs-layers']), new File(['# A net'], 'README.md')];
    expect((await openModel(sourcesOfFiles(files))).tensors).toHaveLength(4);
  });
});

describe('a folder that was chosen', () => {
  it('opens the model nearest to its top, with what lies below it', async () => {
    const inner = chosen(every.networks.onnx, 'net/export');
    const outer = chosen(every.networks['tfjs-layers'], 'net');
    const { format } = await openModel(sourcesOfFiles([...inner, ...outer]));
    expect(format).toBe('tfjs-layers');
    expect((await openModel(sourcesOfFiles(inner))).format).toBe('onnx');
  });

  it('may be a map of paths, as folders that are dropped are walked', async () => {
    const entries = Object.entries(every.networks['tfjs-graph']).map(
      ([name, bytes]) => [`drop/net/${name}`, blob(bytes)] as const,
    );
    const model = await openModel(sourcesOfFiles(new Map(entries)));
    expect(model).toMatchObject({ format: 'tfjs-graph', notes: [] });
  });

  it('keeps what a model names inside its own folder', async () => {
    const { 'model.json': json = new Uint8Array(0), ...shards } = every.networks['tfjs-layers'];
    const outside = new Map<string, BlobLike>([['a/b/model.json', blob(json)]]);
    for (const [name, bytes] of Object.entries(shards)) outside.set(`a/${name}`, blob(bytes));
    await expect(openModel(sourcesOfFiles(outside))).rejects.toThrow(
      /needs the file group1-shard1of3\.bin, which is not there/,
    );
  });
});

describe('what is no model', () => {
  it('is told', () => {
    expect(() => sourcesOfFiles([])).toThrow(InvalidArgumentError);
    const notes = ['a.txt', 'b.txt'].map((name) => new File(['x'], name));
    expect(() => sourcesOfFiles(notes)).toThrow(
      /none of the 2 files looks like a model; expected a model\.json/,
    );
    const two = ['b.onnx', 'a.onnx'].map((name) => new File(['x'], name));
    expect(() => sourcesOfFiles(two)).toThrow(/holds a\.onnx, b\.onnx; expected one model/);
    const twice = [new File(['x'], 'a.onnx'), new File(['y'], 'a.onnx')];
    expect(() => sourcesOfFiles(twice)).toThrow(/a\.onnx is given twice/);
    expect(() => sourcesOfFiles(twice)).toThrow(ModelFormatError);
  });

  it('in names that would rewrite a terminal, too', () => {
    const names = ['\u001b[2Ja.onnx', '\u001b[2Jb.onnx'].map((name) => new File([utf8('x').slice()], name));
    expect(() => sourcesOfFiles(names)).toThrow(/holds \?\[2Ja\.onnx, \?\[2Jb\.onnx/);
  });
});
