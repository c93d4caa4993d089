/** safetensors: what is written comes back bit by bit; what breaks the specification is refused. */
import {
  collectBytes,
  encodeFloats,
  ModelFormatError,
  openModel,
  tensorOfFloats,
  UnsupportedModelError,
  writeSafetensors,
} from '@kindling/models';
import { describe, expect, it } from 'vitest';
import { files, oneFile, safetensorsBytes, someFloats, utf8 } from './model-files.js';

const line = (dtype: string, shape: readonly number[], from: number, to: number) =>
  JSON.stringify({ dtype, shape, data_offsets: [from, to] });

describe('round trip', () => {
  const tensors = [
    tensorOfFloats('layers.0.weight', [4, 3], someFloats(12)),
    tensorOfFloats('layers.0.bias', [4], someFloats(4, 7)),
    tensorOfFloats('half', [2, 2], Float32Array.of(1, -2, 0.5, 65504), 'f16'),
    tensorOfFloats('brain', [2], Float32Array.of(3.140625, Number.NEGATIVE_INFINITY), 'bf16'),
    tensorOfFloats('double', [1], Float64Array.of(0.1)),
    tensorOfFloats('nothing', [0, 5], new Float32Array(0)),
    tensorOfFloats('scalar', [], Float32Array.of(7)),
  ];

  it('gives back names, shapes, types and bits', async () => {
    const bytes = await collectBytes(writeSafetensors(tensors, { format: 'pt' }));
    const model = await openModel(oneFile(bytes));
    expect(model).toMatchObject({ format: 'safetensors', producer: 'pt', architecture: null });
    expect(model.tensors).toHaveLength(tensors.length);
    for (const written of tensors) {
      const read = model.tensors.find(({ name }) => name === written.name);
      expect(read).toMatchObject({ shape: written.shape, dtype: written.dtype });
      expect(await read?.readBytes()).toEqual(await written.readBytes());
    }
    const half = model.tensors.find(({ name }) => name === 'half');
    expect(await half?.read()).toEqual(Float32Array.of(1, -2, 0.5, 65504));
    expect(await model.tensors.find(({ name }) => name === 'double')?.read()).toEqual(Float64Array.of(0.1));
  });

  it('writes the same bytes in whatever order the tensors come, and from what it read', async () => {
    const bytes = await collectBytes(writeSafetensors(tensors, { b: '1', a: '2' }));
    expect(await collectBytes(writeSafetensors([...tensors].reverse(), { a: '2', b: '1' }))).toEqual(bytes);
    const { tensors: read } = await openModel(oneFile(bytes));
    expect(await collectBytes(writeSafetensors(read, { a: '2', b: '1' }))).toEqual(bytes);
  });

  it('reads pieces of any size', async () => {
    const { tensors: read } = await openModel(oneFile(await collectBytes(writeSafetensors(tensors))));
    const weight = read.find(({ name }) => name === 'layers.0.weight');
    const pieces: number[][] = [];
    for await (const piece of weight?.chunks(5) ?? []) pieces.push([...piece]);
    expect(pieces.map(({ length }) => length)).toEqual([5, 5, 2]);
    expect(pieces.flat()).toEqual([...someFloats(12)]);
  });

  it('refuses a name that stands twice', async () => {
    const twice = [
      tensorOfFloats('a', [1], Float32Array.of(1)),
      tensorOfFloats('a', [1], Float32Array.of(2)),
    ];
    await expect(collectBytes(writeSafetensors(twice))).rejects.toThrow('stands twice');
  });
});

describe('roles', () => {
  it('follow from names and shapes', async () => {
    const shapes = {
      'conv.weight': [8, 3, 5, 5],
      'conv.bias': [8],
      'norm.weight': [8],
      'norm.bias': [8],
      'norm.running_mean': [8],
      'fc.weight': [10, 20],
      'fc.bias': [10],
      'h.0.c_fc.weight': [6, 24],
      'h.0.c_fc.bias': [24],
      'wte.weight': [50, 6],
      'model.embed_tokens.weight': [50, 6],
      'time_embedding.linear_1.weight': [8, 4],
      'embedder/mlp.weight': [8, 4],
      'dense/kernel': [20, 10],
      'conv2d/kernel': [3, 3, 4, 8],
      'features.depthwise.weight': [16, 1, 3, 3],
      'attn.relative_position_bias_table': [49, 3],
      'prelu.bias': [1, 8, 1, 1],
      'gru.bias': [2, 9],
      'x/b': [4, 4],
    };
    const tensors = Object.entries(shapes).map(([name, shape]) =>
      tensorOfFloats(name, shape, someFloats(shape.reduce((a, b) => a * b, 1))),
    );
    const model = await openModel(oneFile(await collectBytes(writeSafetensors(tensors))));
    const found = Object.fromEntries(
      model.tensors.map(({ name, role, layout, fans, layer }) => [
        name,
        [role, layout, fans?.fanIn, fans?.fanOut, layer],
      ]),
    );
    expect(found).toEqual({
      'conv.weight': ['conv-kernel', 'OIHW', 75, 200, 'conv'],
      'conv.bias': ['bias', null, undefined, undefined, 'conv'],
      'norm.weight': ['normalization', null, undefined, undefined, 'norm'],
      'norm.bias': ['normalization', null, undefined, undefined, 'norm'],
      'norm.running_mean': ['normalization', null, undefined, undefined, 'norm'],
      'fc.weight': ['dense-kernel', 'out-in', 20, 10, 'fc'],
      'fc.bias': ['bias', null, undefined, undefined, 'fc'],
      // GPT-2 stores units last under PyTorch's name; its bias tells.
      'h.0.c_fc.weight': ['dense-kernel', 'in-out', 6, 24, 'h.0.c_fc'],
      'h.0.c_fc.bias': ['bias', null, undefined, undefined, 'h.0.c_fc'],
      'wte.weight': ['embedding', null, undefined, undefined, 'wte'],
      'model.embed_tokens.weight': ['embedding', null, undefined, undefined, 'model.embed_tokens'],
      'time_embedding.linear_1.weight': ['dense-kernel', 'out-in', 4, 8, 'time_embedding.linear_1'],
      'embedder/mlp.weight': ['dense-kernel', 'out-in', 4, 8, 'embedder/mlp'],
      'dense/kernel': ['dense-kernel', 'in-out', 20, 10, 'dense'],
      'conv2d/kernel': ['conv-kernel', 'HWIO', 36, 72, 'conv2d'],
      'features.depthwise.weight': ['depthwise-kernel', 'OIHW', 9, 9, 'features.depthwise'],
      // Biases stand along one axis; of gated recurrent layers in two rows.
      'attn.relative_position_bias_table': ['other', null, undefined, undefined, 'attn'],
      'prelu.bias': ['bias', null, undefined, undefined, 'prelu'],
      'gru.bias': ['bias', null, undefined, undefined, 'gru'],
      'x/b': ['other', null, undefined, undefined, 'x'],
    });
  });
});

describe('malformed files', () => {
  const eight = new Uint8Array(8);
  const two = (a: string, b: string) => `{"a":${a},"b":${b}}`;

  it.each([
    ['a header longer than the file', () => safetensorsBytes('{}').with(0, 200)],
    ['offsets behind the end', () => safetensorsBytes(`{"a":${line('F32', [2], 8, 16)}}`, eight)],
    ['offsets in the wrong order', () => safetensorsBytes(`{"a":${line('F32', [0], 8, 0)}}`, eight)],
    [
      'tensors that overlap',
      () => safetensorsBytes(two(line('F32', [2], 0, 8), line('F32', [1], 4, 8)), eight),
    ],
    ['a gap', () => safetensorsBytes(two(line('F32', [0], 0, 0), line('F32', [1], 4, 8)), eight)],
    ['bytes behind the last tensor', () => safetensorsBytes(`{"a":${line('F32', [1], 0, 4)}}`, eight)],
    ['a shape of other bytes', () => safetensorsBytes(`{"a":${line('F32', [3], 0, 8)}}`, eight)],
    ['a negative extent', () => safetensorsBytes(`{"a":${line('F32', [-2], 0, 8)}}`, eight)],
    [
      'an extent that is no integer',
      () => safetensorsBytes('{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}', eight),
    ],
    [
      'extents whose product is beyond 2^53',
      () => safetensorsBytes(`{"a":${line('F32', [2 ** 30, 2 ** 30], 0, 8)}}`, eight),
    ],
    [
      'a name twice',
      () => safetensorsBytes(`{"a":${line('F32', [2], 0, 8)},"a":${line('F32', [2], 0, 8)}}`, eight),
    ],
    [
      'a name twice, once escaped',
      () => safetensorsBytes(`{"a":${line('F32', [2], 0, 8)},"\\u0061":${line('F32', [2], 0, 8)}}`, eight),
    ],
    ['a line without a type', () => safetensorsBytes('{"a":{"shape":[2],"data_offsets":[0,8]}}', eight)],
    ['broken JSON', () => safetensorsBytes('{"a":', eight)],
    ['bytes that are no UTF-8', () => safetensorsBytes('{"??":1}').with(10, 0xff)],
    ['deep JSON', () => safetensorsBytes(`{"a":${'['.repeat(100_000)}`)],
  ])('refuse %s', async (_, bytes) => {
    const error = await openModel(oneFile(bytes())).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ModelFormatError);
    expect(error).toMatchObject({ code: 'model-format' });
  });

  it('name a type that is not read', async () => {
    const bytes = safetensorsBytes(`{"a":${line('F4', [2], 0, 1)}}`, new Uint8Array(1));
    await expect(openModel(oneFile(bytes))).rejects.toThrow(UnsupportedModelError);
  });

  it('leave out a tensor of a type that is not read, with a note', async () => {
    const bytes = safetensorsBytes(two(line('C64', [1], 0, 8), line('F32', [1], 8, 12)), new Uint8Array(12));
    const { tensors, notes } = await openModel(oneFile(bytes));
    expect(tensors.map(({ name }) => name)).toEqual(['b']);
    expect(notes.join()).toContain('the tensor "a" is of type C64, which is not read');
  });

  it('take what has an extent of 0 as empty, whatever the others are', async () => {
    const shape = [...Array(30).fill(2 ** 53 - 1), 0];
    const { tensors } = await openModel(oneFile(safetensorsBytes(`{"a":${line('F32', shape, 0, 0)}}`)));
    expect(tensors[0]?.size).toBe(0);
  });

  it('say where', async () => {
    const bytes = safetensorsBytes(two(line('F32', [2], 0, 8), line('F32', [1], 4, 8)), eight);
    await expect(openModel(oneFile(bytes, 'forged'))).rejects.toMatchObject({
      details: { file: 'forged', format: 'safetensors', offset: bytes.length - 4 },
    });
  });

  it('keep a tensor named __proto__ a tensor', async () => {
    const bytes = safetensorsBytes(
      `{"__proto__":${line('F32', [2], 0, 8)}}`,
      encodeFloats('f32', Float32Array.of(1, 2)),
    );
    const { tensors } = await openModel(oneFile(bytes));
    expect(tensors.map(({ name }) => name)).toEqual(['__proto__']);
  });
});

describe('shards', () => {
  const write = (name: string, from: number) =>
    collectBytes(writeSafetensors([tensorOfFloats(name, [2, 2], someFloats(4, from))]));
  const index = (map: Readonly<Record<string, string>>) =>
    utf8(JSON.stringify({ metadata: {}, weight_map: map }));

  it('are read through their index', async () => {
    const sources = files({
      'model.safetensors.index.json': index({ 'a.weight': 'one.safetensors', 'b.weight': 'two.safetensors' }),
      'one.safetensors': await write('a.weight', 1),
      'two.safetensors': await write('b.weight', 2),
    });
    const { tensors, format } = await openModel(sources);
    expect(format).toBe('safetensors');
    expect(await tensors[1]?.read()).toEqual(someFloats(4, 2));
  });

  it.each([
    ['a shard that is missing', { 'a.weight': 'absent.safetensors' }, 'not there'],
    [
      'a tensor that is in no shard',
      { 'a.weight': 'one.safetensors', 'c.weight': 'one.safetensors' },
      'does not hold',
    ],
    ['a tensor that the index does not know', { 'c.weight': 'one.safetensors' }, 'nowhere'],
    ['a path out of the folder', { 'a.weight': '../one.safetensors' }, 'own folder'],
    ['an absolute path', { 'a.weight': '/etc/passwd' }, 'own folder'],
    ['a path in another spelling', { 'a.weight': '..\\one.safetensors' }, 'own folder'],
    ['a URL', { 'a.weight': 'file:///one.safetensors' }, 'own folder'],
  ])('refuse %s', async (_, map, message) => {
    const sources = files({
      'model.safetensors.index.json': index(map as Readonly<Record<string, string>>),
      'one.safetensors': await write('a.weight', 1),
    });
    const error = await openModel(sources).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ModelFormatError);
    expect((error as Error).message).toContain(message);
  });
});
