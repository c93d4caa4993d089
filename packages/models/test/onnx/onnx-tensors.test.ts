/** Tensors of ONNX files: every way of writing numbers, graphs inside graphs, external data, quantized weights, roles and fans. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import {
  type Model,
  ModelFormatError,
  openModel,
  type Source,
  sourceFromBytes,
  sourcesOf,
} from '@kindling/models';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  encode,
  float,
  graphAttribute,
  intAttribute,
  integer,
  integers,
  nested,
  node,
  onnxFile,
  rawFloats,
  tensor,
  tensorAttribute,
  text,
  value,
  type Write,
} from './onnx-writer.mjs';

const require = createRequire(import.meta.url);
const open = (file: Uint8Array, siblings: readonly Source[] = []) =>
  openModel(sourcesOf(sourceFromBytes('net.onnx', file), siblings));
const numbers = async (model: Model, name: string) => [
  ...((await model.tensors.find((entry) => entry.name === name)?.read()) ?? []),
];
const plain = (model: Model) =>
  model.tensors.map(({ name, shape, role, layout, fans }) => ({ name, shape, role, layout, fans }));

describe('numbers', () => {
  it('are read in every way they are written', async () => {
    const file = onnxFile(
      tensor(5, 'raw', [2], 1, rawFloats([1.5, -2])),
      tensor(5, 'packed', [3], 1, bytes(4, new Uint8Array(Float32Array.of(1, 2, 3).buffer))),
      tensor(5, 'one by one', [2], 1, float(4, 0.5), float(4, 0.25)),
      tensor(5, 'doubles', [1], 11, bytes(10, new Uint8Array(Float64Array.of(Math.PI).buffer))),
      // 1 and -2 as the bits of 16-bit floats, in varints.
      tensor(5, 'halves', [2], 10, integers(5, [0x3c00, 0xc000])),
      tensor(5, 'brain', [2], 16, integers(5, [0x3f80, 0xc000])),
      tensor(5, 'int8', [3], 3, integers(5, [-1, 127, -128])),
      tensor(5, 'int64', [2], 7, integers(7, [-5, 2 ** 40])),
      tensor(5, 'uint8 one by one', [2], 2, integer(5, 200), integer(5, 3)),
      tensor(5, 'scalar', [], 1, rawFloats([7])),
      tensor(5, 'empty', [0, 3], 1),
    );
    const model = await open(file);
    expect(model.producer).toBe('a test');
    const all = await Promise.all(
      model.tensors.map(async ({ name, dtype }) => [name, dtype, await numbers(model, name)]),
    );
    expect(all).toEqual([
      ['raw', 'f32', [1.5, -2]],
      ['packed', 'f32', [1, 2, 3]],
      ['one by one', 'f32', [0.5, 0.25]],
      ['doubles', 'f64', [Math.PI]],
      ['halves', 'f16', [1, -2]],
      ['brain', 'bf16', [1, -2]],
      ['int8', 'i8', [-1, 127, -128]],
      ['int64', 'i64', [-5, 2 ** 40]],
      ['uint8 one by one', 'u8', [200, 3]],
      ['scalar', 'f32', [7]],
      ['empty', 'f32', []],
    ]);
  });

  it('are not loaded before they are asked for', async () => {
    const file = onnxFile(
      tensor(5, 'large', [1024, 1024], 1, bytes(9, new Uint8Array(4_194_304))),
      tensor(5, 'next', [1], 1, rawFloats([4])),
    );
    let read = 0;
    const source = sourceFromBytes('net.onnx', file);
    const counting: Source = {
      name: 'net.onnx',
      size: file.byteLength,
      read: (offset, length) => {
        read += length;
        return source.read(offset, length);
      },
    };
    const model = await openModel(sourcesOf(counting));
    expect(model.tensors.map(({ size }) => size)).toEqual([1_048_576, 1]);
    // Windows of 64 KiB around the headers.
    expect(read).toBeLessThan(400_000);
    let most = 0;
    for await (const piece of model.tensors[0]?.chunks(1000) ?? []) most = Math.max(most, piece.length);
    expect(most).toBe(1000);
  });

  const w = (shape: readonly number[], type: number, ...content: readonly Write[]) =>
    tensor(5, 'w', shape, type, ...content);
  const broken: readonly (readonly [string, readonly Write[]])[] = [
    ['a shape that the bytes do not fill', [w([3], 1, rawFloats([1, 2]))]],
    ['a shape beyond any file', [w([2 ** 50, 2 ** 13], 1, rawFloats([1]))]],
    ['a negative size', [w([-2], 1, rawFloats([1, 2]))]],
    ['more varints than the shape holds', [w([1], 3, integers(5, [1, 2]))]],
    ['half a varint', [w([1], 3, bytes(5, Uint8Array.of(0x80)))]],
    ['a varint of more than 64 bits', [w([1], 3, bytes(5, new Uint8Array(12).fill(0x80)))]],
    ['two ways at once', [w([1], 1, rawFloats([1]), float(4, 1))]],
    ['a name twice', [w([1], 1, rawFloats([1])), w([1], 1, rawFloats([1]))]],
  ];
  it.each(broken)('are refused with %s', async (_, graph) => {
    await expect(open(onnxFile(...graph))).rejects.toThrow(ModelFormatError);
  });

  it('are refused where a file ends too early, at any byte', async () => {
    const file = onnxFile(tensor(5, 'w', [3], 1, rawFloats([1, 2, 3])));
    for (let length = 1; length < file.length; length++) {
      await expect(open(file.subarray(0, length)), `${length} bytes`).rejects.toThrow(ModelFormatError);
    }
  });

  it('are refused behind half a million nodes without content', async () => {
    const graph = new Uint8Array(1_060_000);
    for (let at = 0; at < graph.length; at += 2) graph[at] = 0x0a;
    const file = encode(integer(1, 8), bytes(7, graph), nested(8, integer(2, 13)));
    await expect(open(file)).rejects.toThrow(/at most \d+ messages/);
  }, 60_000);

  it('are refused in graphs that stand inside each other too often', async () => {
    let graph: readonly Write[] = [tensor(5, 'w', [1], 1, rawFloats([1]))];
    for (let i = 0; i < 20; i++)
      graph = [node('If', ['c'], [`y${i}`], graphAttribute('then_branch', ...graph))];
    await expect(open(onnxFile(...graph))).rejects.toThrow(/at most 16 graphs/);
  });
});

describe('external data', () => {
  const external = (settings: Readonly<Record<string, string>>) =>
    onnxFile(
      tensor(
        ...([5, 'w', [2], 1] as const),
        integer(14, 1),
        ...Object.entries(settings).map(([key, entry]) => nested(13, text(1, key), text(2, entry))),
      ),
    );
  const data = sourceFromBytes('weights.bin', new Uint8Array(Float32Array.of(9, 1, 2, 9).buffer));

  it('is read at its offset', async () => {
    const model = await open(external({ location: 'weights.bin', offset: '4', length: '8' }), [data]);
    expect(await numbers(model, 'w')).toEqual([1, 2]);
  });

  it.each([
    ['../weights.bin', '4'],
    ['/etc/hostname', '4'],
    ['http://example.org/weights.bin', '4'],
    ['missing.bin', '4'],
    ['weights.bin', '12'],
    ['weights.bin', '99999999999'],
    ['weights.bin', '-4'],
  ])('is refused at %s, %s', async (location, offset) => {
    await expect(open(external({ location, offset, length: '8' }), [data])).rejects.toThrow(ModelFormatError);
  });
});

describe('roles', () => {
  it('follow from the nodes that read a tensor, past nodes that hand it on', async () => {
    const zeros = (size: number) => bytes(9, new Uint8Array(4 * size));
    const model = await open(
      onnxFile(
        tensor(5, 'gemm', [3, 4], 1, zeros(12)),
        tensor(5, 'gemm bias', [3], 1, zeros(3)),
        tensor(5, 'product', [4, 3], 1, zeros(12)),
        tensor(5, 'turned', [3, 4], 1, zeros(12)),
        tensor(5, 'added', [3], 1, zeros(3)),
        tensor(5, 'grouped', [8, 2, 3, 3], 1, zeros(144)),
        tensor(5, 'depthwise', [8, 1, 3, 3], 1, zeros(72)),
        tensor(5, 'up', [4, 8, 2, 2], 1, zeros(128)),
        tensor(5, 'gamma', [8], 1, zeros(8)),
        tensor(5, 'table', [10, 4], 1, zeros(40)),
        tensor(5, 'factor', [3], 1, zeros(3)),
        node('Gemm', ['x', 'gemm', 'gemm bias'], ['a'], text(3, 'first'), intAttribute('transB', 1)),
        node('MatMul', ['x', 'product'], ['b']),
        node('Transpose', ['turned'], ['turned back']),
        node('MatMul', ['x', 'turned back'], ['c']),
        node('Add', ['added', 'c'], ['d']),
        node('Conv', ['x', 'grouped'], ['e'], intAttribute('group', 4)),
        node('Conv', ['x', 'depthwise'], ['f'], intAttribute('group', 8)),
        node('ConvTranspose', ['x', 'up'], ['g']),
        node('BatchNormalization', ['x', 'gamma', 'gamma', 'gamma', 'gamma'], ['h']),
        node('Gather', ['table', 'x'], ['i']),
        node('Mul', ['x', 'factor'], ['j']),
      ),
    );
    const none = { layout: null, fans: null };
    expect(plain(model)).toEqual([
      { name: 'gemm', shape: [3, 4], role: 'dense-kernel', layout: 'out-in', fans: { fanIn: 4, fanOut: 3 } },
      { name: 'gemm bias', shape: [3], role: 'bias', ...none },
      {
        name: 'product',
        shape: [4, 3],
        role: 'dense-kernel',
        layout: 'in-out',
        fans: { fanIn: 4, fanOut: 3 },
      },
      {
        name: 'turned',
        shape: [3, 4],
        role: 'dense-kernel',
        layout: 'out-in',
        fans: { fanIn: 4, fanOut: 3 },
      },
      { name: 'added', shape: [3], role: 'bias', ...none },
      {
        name: 'grouped',
        shape: [8, 2, 3, 3],
        role: 'conv-kernel',
        layout: 'OIHW',
        fans: { fanIn: 18, fanOut: 18 },
      },
      {
        ...{ name: 'depthwise', shape: [8, 1, 3, 3], role: 'depthwise-kernel' },
        ...{ layout: 'OIHW', fans: { fanIn: 9, fanOut: 9 } },
      },
      {
        name: 'up',
        shape: [4, 8, 2, 2],
        role: 'conv-kernel',
        layout: 'IOHW',
        fans: { fanIn: 16, fanOut: 32 },
      },
      { name: 'gamma', shape: [8], role: 'normalization', ...none },
      { name: 'table', shape: [10, 4], role: 'embedding', ...none },
      { name: 'factor', shape: [3], role: 'other', ...none },
    ]);
    expect(model.tensors[0]?.layer).toBe('first');
  });

  it('hold for quantized weights, which are dequantized', async () => {
    const model = await open(
      onnxFile(
        tensor(5, 'q', [2, 2], 2, bytes(9, Uint8Array.of(0, 128, 130, 255))),
        tensor(5, 'scale', [], 1, rawFloats([0.5])),
        tensor(5, 'zero', [], 2, bytes(9, Uint8Array.of(128))),
        tensor(5, 'by channel', [2, 2], 3, bytes(9, Uint8Array.of(1, 2, 3, 4))),
        tensor(5, 'scales', [2], 1, rawFloats([0.5, 0.25])),
        node('DequantizeLinear', ['q', 'scale', 'zero'], ['w']),
        node('DequantizeLinear', ['by channel', 'scales'], ['v'], intAttribute('axis', 0)),
        node('MatMul', ['x', 'w'], ['y']),
        node('MatMul', ['y', 'v'], ['z']),
        value(11, 'x', [0, 2]),
        value(12, 'z', [0, 2]),
      ),
    );
    const [q, , , byChannel] = model.tensors;
    expect(q).toMatchObject({
      dtype: 'f32',
      role: 'dense-kernel',
      quantization: { dtype: 'u8', scale: 0.5, min: -64 },
    });
    expect(await numbers(model, 'q')).toEqual([-64, 0, 1, 63.5]);
    expect(byChannel).toMatchObject({ dtype: 'i8', role: 'other', quantization: null });
    expect(model.architecture).toBeNull();
    expect(model.notes.join()).toMatch(
      /quantized with a scale a channel.*weights that are quantized by channel/,
    );
  });
});

describe('numbers in fields of another type', () => {
  it.each([
    ['floats in int64_data', 1, integers(7, [1, 2])],
    ['doubles in float_data', 11, float(4, 1)],
    ['64-bit integers in int32_data', 7, integers(5, [1, 2])],
    ['bytes in uint64_data', 2, integers(11, [1, 2])],
    ['a byte of 300', 2, integers(5, [1, 300])],
    ['a byte of -1', 2, integers(5, [1, -1])],
    ['an 8-bit integer of 128', 3, integers(5, [1, 128])],
    ['a half of 17 bits', 10, integers(5, [1, 65_536])],
    ['a 32-bit integer of 33 bits', 6, integers(5, [1, 2 ** 32])],
    ['an unsigned 32-bit integer of -1', 12, integers(11, [1, -1])],
    ['a boolean of 2', 9, integers(5, [1, 2])],
  ])('are refused: %s', async (_, type, content) => {
    await expect(open(onnxFile(tensor(5, 'w', [2], type, content)))).rejects.toThrow(ModelFormatError);
  });

  it('are taken at the ends of their ranges', async () => {
    const model = await open(
      onnxFile(
        tensor(5, 'i8', [2], 3, integers(5, [-128, 127])),
        tensor(5, 'i32', [2], 6, integers(5, [-(2 ** 31), 2 ** 31 - 1])),
        // Without the upper half.
        tensor(5, 'short', [1], 6, integers(5, [2 ** 32 - 1])),
        tensor(5, 'u32', [1], 12, integers(11, [2 ** 32 - 1])),
      ),
    );
    expect(await numbers(model, 'i8')).toEqual([-128, 127]);
    expect(await numbers(model, 'i32')).toEqual([-(2 ** 31), 2 ** 31 - 1]);
    expect(await numbers(model, 'short')).toEqual([-1]);
    expect(await numbers(model, 'u32')).toEqual([2 ** 32 - 1]);
  });
});

describe('values', () => {
  const w = tensor(5, 'w', [1], 1, rawFloats([1]));
  const v = tensor(5, 'v', [1], 1, rawFloats([1]));
  it.each([
    ['by two nodes', [node('Identity', ['w'], ['a']), node('Identity', ['v'], ['a'])]],
    [
      'by two constants',
      [1, 2].map((x) => node('Constant', [], ['a'], tensorAttribute([1], 1, rawFloats([x])))),
    ],
    ['by a tensor and a node', [node('Identity', ['v'], ['w'])]],
    ['by an input and a node', [node('Identity', ['v'], ['x'])]],
  ])('that are defined twice, %s, are refused', async (_, nodes) => {
    await expect(open(onnxFile(w, v, ...nodes, value(11, 'x', [1])))).rejects.toThrow('defined once');
  });

  it('of one node, however many, are walked', async () => {
    const inputs: Write = (writer) => {
      for (let i = 0; i < 200_000; i++) text(1, 'x')(writer);
    };
    const model = await open(
      onnxFile(
        nested(1, inputs, text(2, 'y'), text(4, 'Concat')),
        value(11, 'x', [0, 4]),
        value(12, 'y', [0, 4]),
      ),
    );
    expect(model.architecture).toBeNull();
  });

  it('that share bytes of a file beside the model are refused', async () => {
    const outside = (name: string, location: string, offset: number) =>
      tensor(
        ...([5, name, [2], 1, integer(14, 1)] as const),
        ...Object.entries({ location, offset: `${offset}`, length: '8' }).map(([key, entry]) =>
          nested(13, text(1, key), text(2, entry)),
        ),
      );
    const beside = [sourceFromBytes('w.bin', new Uint8Array(16))];
    const sound = await open(onnxFile(outside('a', 'w.bin', 8), outside('b', 'w.bin', 0)), beside);
    expect(sound.tensors).toHaveLength(2);
    const shared = onnxFile(outside('a', 'w.bin', 4), outside('b', './w.bin', 0));
    await expect(open(shared, beside)).rejects.toThrow('"b" and "a" with the same');
  });
});

it('weights that are cast to integers, and groups that do not divide, have no role', async () => {
  const model = await open(
    onnxFile(
      tensor(5, 'w', [4, 4], 1, rawFloats(Array(16).fill(0.5))),
      tensor(5, 'k', [3, 1, 1, 1], 1, rawFloats([1, 2, 3])),
      node('Cast', ['w'], ['c'], intAttribute('to', 6)),
      node('MatMul', ['x', 'c'], ['y']),
      node('Conv', ['i', 'k'], ['z'], intAttribute('group', 2)),
      value(11, 'x', [0, 4]),
      value(12, 'y', [0, 4]),
    ),
  );
  expect(model.tensors.map(({ role }) => role)).toEqual(['other', 'other']);
  expect(model.architecture).toBeNull();
});

it('an endless scale of quantized weights is refused', async () => {
  const file = onnxFile(
    tensor(5, 'q', [2, 2], 2, bytes(9, Uint8Array.of(0, 1, 2, 3))),
    tensor(5, 'scale', [], 1, rawFloats([Number.POSITIVE_INFINITY])),
    node('DequantizeLinear', ['q', 'scale'], ['w']),
    node('MatMul', ['x', 'w'], ['y']),
    value(11, 'x', [0, 2]),
  );
  await expect(open(file)).rejects.toThrow('a finite scale');
});

describe('graphs inside graphs', () => {
  it('give their tensors, named by their place', async () => {
    const branch = (factor: number) => [
      node('Constant', [], ['w'], tensorAttribute([2, 1], 1, rawFloats([factor, factor]))),
      node('Constant', [], ['shape'], tensorAttribute([1], 7, integers(7, [1]))),
      node('MatMul', ['x', 'w'], ['y']),
      node('Add', ['y', 'outer'], ['z']),
    ];
    const model = await open(
      onnxFile(
        tensor(5, 'outer', [1], 1, rawFloats([5])),
        node(
          ...(['If', ['c'], ['out']] as const),
          graphAttribute('then_branch', ...branch(1)),
          graphAttribute('else_branch', ...branch(2)),
        ),
      ),
    );
    expect(model.tensors.map(({ name, role }) => [name, role])).toEqual([
      ['outer', 'bias'],
      ['If_0.then_branch/w', 'dense-kernel'],
      ['If_0.else_branch/w', 'dense-kernel'],
    ]);
    expect(await numbers(model, 'If_0.else_branch/w')).toEqual([2, 2]);
    expect(model.notes).toContain('2 constants that are scalars or integers (shapes, axes) are left out.');
  });

  it('hold all weights of Silero VAD', async () => {
    const folder = require.resolve('@ricky0123/vad-web/package.json').replace('package.json', 'dist/');
    const model = await open(await readFile(`${folder}silero_vad_v5.onnx`));
    expect(model.producer).toBe('spox');
    expect(model.tensors.length).toBeGreaterThan(20);
    expect(model.tensors.every(({ name }) => name.startsWith('If_0.'))).toBe(true);
    const kernel = model.tensors.find(({ name }) =>
      /then_branch.*encoder\.1\.reparam_conv\.weight$/.test(name),
    );
    expect(kernel).toMatchObject({
      ...{ role: 'conv-kernel', layout: 'OIW', shape: [64, 128, 3] },
      fans: { fanIn: 384, fanOut: 192 },
    });
    const values = (await kernel?.read()) ?? new Float32Array(0);
    let square = 0;
    for (const entry of values) square += (entry * entry) / values.length;
    // Trained weights: finite, of a usual size, not zero.
    expect(square * 384).toBeGreaterThan(0.1);
    expect(square * 384).toBeLessThan(20);
    expect(model.architecture).toBeNull();
  });

  it('may be absent: an older Silero VAD has initializers, too', async () => {
    const folder = require.resolve('@ricky0123/vad-web/package.json').replace('package.json', 'dist/');
    const model = await open(await readFile(`${folder}silero_vad_legacy.onnx`));
    const depthwise = model.tensors.filter(({ role }) => role === 'depthwise-kernel');
    expect(depthwise).toHaveLength(8);
    expect(depthwise[0]).toMatchObject({ shape: [258, 1, 5], fans: { fanIn: 5, fanOut: 5 } });
    expect(depthwise[0]?.name).toBe('model.first_layer.0.dw_conv.0.weight');
  });
});

it('a file that only begins like ONNX is none', async () => {
  await expect(open(encode(integer(1, 8)))).rejects.toThrow(/no known format/);
  await expect(open(Uint8Array.of(8, 8, 18, 200))).rejects.toThrow(ModelFormatError);
});
