/** Networks of ONNX files, and that the core computes with them what onnxruntime does. */
import { readFile } from 'node:fs/promises';
import {
  allocateImages,
  allocateWorkspace,
  createEngine,
  forwardNetwork,
  inputShape,
  readImages,
  writeImages,
} from '@kindling/core';
import { loadModelNetwork, type Model, openModel, sourceFromBytes, sourcesOf } from '@kindling/models';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { afterAll, describe, expect, it } from 'vitest';
import {
  intAttribute,
  integers,
  intsAttribute,
  node,
  onnxFile,
  rawFloats,
  tensor,
  text,
  value,
} from './onnx-writer.mjs';

env.wasm.numThreads = 1;
// A session leaves a global `Worker` behind, which the tests that follow would take for a browser's.
const hadWorker = Object.hasOwn(globalThis, 'Worker');
afterAll(() => {
  if (!hadWorker) Reflect.deleteProperty(globalThis, 'Worker');
});
const open = (file: Uint8Array) => openModel(sourcesOf(sourceFromBytes('net.onnx', file)));
const fixture = (name: string) => readFile(new URL(`../fixtures/onnx/${name}.onnx`, import.meta.url));

/** Numbers that are neither small integers nor symmetric. */
function numbersLike(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => ((i * 37) % 101) / 50 - 1 + i / 1000);
}

/** NCHW → NHWC. */
function channelsLast(x: Float32Array, [batch, channels, height, width]: readonly number[]): Float32Array {
  const [n = 1, c = 1, h = 1, w = 1] = [batch, channels, height, width];
  return Float32Array.from({ length: x.length }, (_, i) => {
    const channel = i % c;
    const pixel = Math.floor(i / c) % (h * w);
    const image = Math.floor(i / (c * h * w));
    return x[(image * c + channel) * h * w + pixel] ?? 0;
  }).subarray(0, n * c * h * w);
}

async function runWithCore(model: Model, x: Float32Array, batch: number): Promise<Float32Array> {
  if (model.architecture === null) throw new Error(model.notes.join(' '));
  const engine = createEngine();
  const network = await loadModelNetwork(engine, model);
  const workspace = allocateWorkspace(engine, network, batch);
  const input = allocateImages(engine, { ...inputShape(model.architecture.architecture.input), batch });
  writeImages(engine, input, x);
  return Float32Array.from(readImages(engine, forwardNetwork(engine, network, input, workspace)));
}

async function runWithOnnxRuntime(file: Uint8Array, x: Float32Array, shape: readonly number[]) {
  const session = await InferenceSession.create(file, { executionProviders: ['wasm'] });
  const results = await session.run({ input: new Tensor('float32', x, shape) });
  await session.release();
  return results['output']?.data as Float32Array;
}

/** Largest difference over the largest value. */
function difference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  const scale = b.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  return a.reduce((most, entry, i) => Math.max(most, Math.abs(entry - (b[i] ?? 0))), 0) / scale;
}

describe('PyTorch files', () => {
  it.each([
    ['dense', [4, 6], ['dense', 'dense', 'dense']],
    ['convolution', [2, 2, 8, 6], 'conv2d max-pool conv2d average-pool flatten dense dense'.split(' ')],
    ['residual', [4, 5], ['dense', 'residual', 'residual', 'dense']],
  ] as const)('%s gives what onnxruntime gives', async (name, shape, kinds) => {
    const file = await fixture(name);
    const model = await open(file);
    expect(model.producer).toBe('pytorch 1.13.0');
    expect(model.architecture?.architecture.layers.map(({ kind }) => kind)).toEqual(kinds);
    const x = numbersLike(shape.reduce((product, size) => product * size, 1));
    const expected = await runWithOnnxRuntime(file, x, shape);
    const rows = shape.length === 4 ? channelsLast(x, shape) : x;
    const got = await runWithCore(model, rows, shape[0]);
    // Chains of at most 24 products, six layers.
    expect(difference(got, expected)).toBeLessThan(1e-5);
    // The comparison sees an input in the wrong order.
    if (shape.length === 4) {
      expect(difference(await runWithCore(model, x, shape[0]), expected)).toBeGreaterThan(1e-2);
    }
  });
});

describe('paddings', () => {
  const net = (size: number, pads: readonly number[], stride: number, kernel = 3) =>
    onnxFile(
      tensor(5, 'w', [1, 1, kernel, kernel], 1, rawFloats([...numbersLike(kernel * kernel)])),
      node(
        ...(['Conv', ['input', 'w'], ['output']] as const),
        intsAttribute('pads', pads),
        intsAttribute('strides', [stride, stride]),
      ),
      value(11, 'input', [1, 1, size, size]),
      value(12, 'output', [1, 1, 0, 0]),
    );

  it.each([
    ['none', 6, [0, 0, 0, 0], 1, 3],
    ['even, stride 1', 6, [1, 1, 1, 1], 1, 3],
    ['even, stride 2, odd image', 7, [1, 1, 1, 1], 2, 3],
    ['below and right', 6, [0, 0, 1, 1], 2, 3],
    ['more than any window reaches', 5, [0, 0, 1, 1], 2, 2],
  ] as const)('%s can be run', async (_, size, pads, stride, kernel) => {
    const file = net(size, pads, stride, kernel);
    const x = numbersLike(size * size);
    const expected = await runWithOnnxRuntime(file, x, [1, 1, size, size]);
    expect(difference(await runWithCore(await open(file), x, 1), expected)).toBeLessThan(1e-6);
  });

  it.each([
    // The core would put the one row that counts below the image.
    ['above and left', 6, [1, 1, 1, 1], 2, /by 1, 1, 1 and 1 .*core's zero padding is 0, 0, 1 and 1/],
    [
      'twice as much as needed',
      6,
      [2, 2, 2, 2],
      1,
      /by 2, 2, 2 and 2 .*core's zero padding is 1, 1, 1 and 1/,
    ],
  ] as const)('%s cannot, and a note says how both pad', async (_, size, pads, stride, how) => {
    const model = await open(net(size, pads, stride));
    expect(model.architecture).toBeNull();
    expect(model.notes.join()).toMatch(how);
  });
});

describe('flattened images', () => {
  const shape = [2, 2, 4, 3];
  const floats = (size: number) => rawFloats([...numbersLike(size)]);
  const target = tensor(5, 'target', [2], 7, integers(7, [0, -1]));
  const end = [value(11, 'input', [0, ...shape.slice(1)]), value(12, 'output', [0, 0])];
  const head = [
    tensor(5, 'k', [3, 2, 2, 2], 1, floats(24)),
    tensor(5, 'w', [5, 18], 1, floats(90)),
    node('Conv', ['input', 'k'], ['c']),
  ];
  const gemm = (from: string, weights: string, to: string) =>
    node('Gemm', [from, weights], [to], intAttribute('transB', 1));

  const again = {
    'a flatten': [node('Flatten', ['f'], ['g'])],
    'a reshape': [target, node('Reshape', ['f', 'target'], ['g'])],
    'a ReLU and a flatten': [node('Relu', ['f'], ['r']), node('Flatten', ['r'], ['g'])],
  };
  it.each(Object.entries(again))('keep their order through %s', async (_, nodes) => {
    const file = onnxFile(...head, node('Flatten', ['c'], ['f']), ...nodes, gemm('g', 'w', 'output'), ...end);
    await agrees(file);
  });

  it('keep it into a residual block with a projection', async () => {
    const file = onnxFile(
      ...head,
      tensor(5, 'p', [5, 18], 1, rawFloats([...numbersLike(90)].reverse())),
      node('Flatten', ['c'], ['f']),
      gemm('f', 'w', 'a'),
      node('Relu', ['a'], ['r']),
      gemm('f', 'p', 's'),
      node('Add', ['r', 's'], ['output']),
      ...end,
    );
    await agrees(file);
  });

  it('keep it through a residual block of an activation', async () => {
    const file = onnxFile(
      ...head,
      node('Flatten', ['c'], ['f']),
      node('Relu', ['f'], ['r']),
      node('Add', ['r', 'f'], ['s']),
      gemm('s', 'w', 'output'),
      ...end,
    );
    await agrees(file);
  });

  it('are not added to the output of a layer, which has another order', async () => {
    const model = await open(
      onnxFile(
        ...head,
        tensor(5, 'q', [18, 18], 1, floats(324)),
        node('Flatten', ['c'], ['f']),
        gemm('f', 'q', 'a'),
        node('Add', ['a', 'f'], ['s']),
        gemm('s', 'w', 'output'),
        ...end,
      ),
    );
    expect(model.architecture).toBeNull();
    expect(model.notes.join()).toContain('Add_3 adds flattened images');
  });

  it('are said to come out in another order', async () => {
    const model = await open(onnxFile(...head, node('Flatten', ['c'], ['output']), ...end));
    expect(model.notes.join()).toContain('its outputs are channels last');
  });

  async function agrees(file: Uint8Array): Promise<void> {
    const x = numbersLike(shape.reduce((product, size) => product * size, 1));
    const expected = await runWithOnnxRuntime(file, x, shape);
    const got = await runWithCore(await open(file), channelsLast(x, shape), 2);
    expect(difference(got, expected)).toBeLessThan(1e-5);
  }
});

it('a kernel of two layers is in the way, a bias of two is copied', async () => {
  const net = (second: string) =>
    onnxFile(
      ...['w', 'v'].map((name) => tensor(5, name, [4, 4], 1, rawFloats([...numbersLike(16)]))),
      tensor(5, 'b', [4], 1, rawFloats([0, 0, 0, 0])),
      node('Gemm', ['input', 'w', 'b'], ['a'], text(3, 'one')),
      node('Gemm', ['a', second, 'b'], ['output'], text(3, 'two')),
      value(11, 'input', [0, 4]),
      value(12, 'output', [0, 4]),
    );
  const shared = await open(net('w'));
  expect(shared.architecture).toBeNull();
  expect(shared.notes.join()).toContain('two shares its weights with one');
  const copied = await open(net('v'));
  expect(copied.architecture?.parameters).toHaveLength(4);
  expect(copied.notes.join()).toContain('The biases of two are those of one in the file');
});

describe('what is in the way', () => {
  const floats = (size: number) => rawFloats([...numbersLike(size)]);
  const io = [value(11, 'input', [0, 4]), value(12, 'output', [0, 4])];
  const w = tensor(5, 'w', [4, 4], 1, floats(16));

  it.each([
    ['a Tanh', [node('MatMul', ['input', 'w'], ['a']), node('Tanh', ['a'], ['output'])], /Tanh_1 is a Tanh/],
    ['a product of two values', [node('MatMul', ['input', 'input'], ['output'])], /no constant/],
    [
      'a Gemm with a turned input',
      [node('Gemm', ['input', 'w'], ['output'], intAttribute('transA', 1))],
      /turned input/,
    ],
    [
      'the second output of a layer',
      [node('MatMul', ['input', 'w'], ['a']), node('Dropout', ['a'], ['b', 'output'])],
      /second value/,
    ],
    [
      'another operator of the same name',
      [node('MatMul', ['input', 'w'], ['output'])].map(() => node('Gelu', ['input'], ['output'])),
      /is a Gelu/,
    ],
  ])('%s is named', async (_, nodes, reason) => {
    const model = await open(onnxFile(w, ...nodes, ...io));
    expect(model.architecture).toBeNull();
    expect(model.notes.join()).toMatch(reason);
    expect(model.tensors).toHaveLength(1);
  });

  it('biases that lie along another axis than the units are not taken for biases', async () => {
    const model = await open(
      onnxFile(
        tensor(5, 'k', [4, 1, 1, 1], 1, floats(4)),
        tensor(5, 'row', [4], 1, floats(4)),
        node('Conv', ['input', 'k'], ['a']),
        node('Add', ['a', 'row'], ['output']),
        value(11, 'input', [1, 1, 4, 4]),
        value(12, 'output', [1, 4, 4, 4]),
      ),
    );
    expect(model.architecture).toBeNull();
    expect(model.notes.join()).toMatch(/biases of shape \[4\]/);
  });
});

it('many nodes of one name take time in proportion to their number', async () => {
  const seconds = async (count: number) => {
    const nodes = Array.from({ length: count }, (_, i) =>
      node('Relu', [i === 0 ? 'input' : `${i}`], [`${i + 1}`], text(3, 'same')),
    );
    const file = onnxFile(...nodes, value(11, 'input', [0, 4]), value(12, `${count}`, [0, 4]));
    const started = process.cpuUsage();
    const model = await open(file);
    const { user } = process.cpuUsage(started);
    expect(model.architecture?.architecture.layers).toHaveLength(count);
    return user / 1e6;
  };
  // The least of some: whatever else a machine does only adds. Names compared one by one would take 64 times as long, not 8.
  const few = [await seconds(1000), await seconds(1000), await seconds(1000)];
  const many = [await seconds(8000), await seconds(8000)];
  expect(Math.min(...many) / Math.min(...few)).toBeLessThan(24);
});
