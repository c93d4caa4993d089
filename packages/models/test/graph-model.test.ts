/** GraphModels: TensorFlow.js runs the graph, Kindling runs the architecture read from it. */
import {
  allocateMatrix,
  allocateWorkspace,
  createEngine,
  forwardNetwork,
  readImages,
  writeMatrix,
} from '@kindling/core';
import { loadModelNetwork, openModel } from '@kindling/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytesOfArray, files, someFloats, utf8 } from './model-files.js';
import { startTensorflow, tf } from './tensorflow-models.js';

beforeAll(startTensorflow);

interface Constant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

const floats = (name: string, shape: readonly number[], seed: number): Constant => ({
  name,
  shape,
  values: someFloats(
    shape.reduce((product, extent) => product * extent, 1),
    seed,
  ),
});
const text = (value: string) => ({ s: btoa(value) });
const integers = (...values: readonly number[]) => ({ list: { i: values.map(String) } });
const type = { T: { type: 'DT_FLOAT' } };
const image = { ...type, padding: text('SAME'), data_format: text('NHWC') };

function graphModel(nodes: readonly Node[], constants: readonly Constant[]) {
  const constantNodes = constants.map(({ name, shape, values }) => ({
    name,
    op: 'Const',
    attr: {
      dtype: { type: values instanceof Float32Array ? 'DT_FLOAT' : 'DT_INT32' },
      value: {
        tensor: {
          dtype: values instanceof Float32Array ? 'DT_FLOAT' : 'DT_INT32',
          tensorShape: { dim: shape.map((size) => ({ size: String(size) })) },
        },
      },
    },
  }));
  const modelTopology = { node: [...constantNodes, ...nodes], library: {}, versions: { producer: 1 } };
  const weights = constants.map(({ name, shape, values }) => ({
    name,
    shape: [...shape],
    dtype: values instanceof Float32Array ? ('float32' as const) : ('int32' as const),
  }));
  const parts = constants.map(({ values }) => bytesOfArray(values));
  const data = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => {
    data.set(part, at);
    return at + part.length;
  }, 0);
  const json = {
    format: 'graph-model',
    generatedBy: 'by hand',
    modelTopology,
    weightsManifest: [{ paths: ['w.bin'], weights }],
  };
  return {
    sources: files({ 'model.json': utf8(JSON.stringify(json)), 'w.bin': data }),
    load: () =>
      tf.loadGraphModel(
        tf.io.fromMemory({
          format: 'graph-model',
          modelTopology,
          weightSpecs: weights,
          weightData: data.slice().buffer,
        }),
      ),
  };
}

const placeholder = (...sizes: readonly number[]): Node => ({
  name: 'x',
  op: 'Placeholder',
  attr: {
    dtype: { type: 'DT_FLOAT' },
    shape: { shape: { dim: [-1, ...sizes].map((size) => ({ size: String(size) })) } },
  },
});

const convolutional = () =>
  graphModel(
    [
      placeholder(8, 8, 3),
      { name: 'k1/read', op: 'Identity', input: ['k1'], attr: type },
      {
        name: 'conv',
        op: 'Conv2D',
        input: ['x', 'k1/read'],
        attr: { ...image, strides: integers(1, 2, 2, 1), dilations: integers(1, 1, 1, 1) },
      },
      { name: 'biased', op: 'BiasAdd', input: ['conv', 'b1'], attr: { ...type, data_format: text('NHWC') } },
      { name: 'relu', op: 'Relu', input: ['biased'], attr: type },
      {
        name: 'fused',
        op: '_FusedConv2D',
        input: ['relu', 'k2', 'b2'],
        attr: {
          ...image,
          strides: integers(1, 1, 1, 1),
          dilations: integers(1, 1, 1, 1),
          num_args: { i: '1' },
          fused_ops: { list: { s: [btoa('BiasAdd'), btoa('Relu')] } },
          epsilon: { f: 0 },
        },
      },
      { name: 'sum', op: 'AddV2', input: ['relu', 'fused'], attr: type },
      {
        name: 'pool',
        op: 'MaxPool',
        input: ['sum'],
        attr: { ...image, ksize: integers(1, 2, 2, 1), strides: integers(1, 2, 2, 1) },
      },
      {
        name: 'rows',
        op: 'Reshape',
        input: ['pool', 'size'],
        attr: { ...type, Tshape: { type: 'DT_INT32' } },
      },
      {
        name: 'dense',
        op: 'MatMul',
        input: ['rows', 'k3'],
        attr: { ...type, transpose_a: { b: false }, transpose_b: { b: true } },
      },
      { name: 'out', op: 'Softmax', input: ['dense'], attr: type },
    ],
    [
      floats('k1', [3, 3, 3, 4], 1),
      floats('b1', [4], 2),
      floats('k2', [3, 3, 4, 4], 3),
      floats('b2', [4], 4),
      floats('k3', [5, 16], 5),
      { name: 'size', shape: [2], values: Int32Array.of(-1, 16) },
    ],
  );

describe('a GraphModel', () => {
  it('gives roles by the operations that read each constant', async () => {
    const { tensors, format, producer } = await openModel(convolutional().sources);
    expect({ format, producer }).toEqual({ format: 'tfjs-graph', producer: 'by hand' });
    expect(
      tensors.map(({ name, role, layout, fans, layer }) => [name, role, layout, fans?.fanIn, layer]),
    ).toEqual([
      ['k1', 'conv-kernel', 'HWIO', 27, 'conv'],
      ['b1', 'bias', null, undefined, 'biased'],
      ['k2', 'conv-kernel', 'HWIO', 36, 'fused'],
      ['b2', 'bias', null, undefined, 'fused'],
      ['k3', 'dense-kernel', 'out-in', 16, 'dense'],
      ['size', 'other', null, undefined, null],
    ]);
  });

  it('runs in Kindling as in TensorFlow.js, up to its softmax', async () => {
    const { sources, load } = convolutional();
    const model = await openModel(sources);
    expect(model.architecture?.architecture.layers.map(({ kind }) => kind)).toEqual([
      'conv2d',
      'residual',
      'max-pool',
      'flatten',
      'dense',
    ]);
    const values = someFloats(2 * 192, 8);
    const reference = (await load()).execute({ x: tf.tensor4d(values, [2, 8, 8, 3]) }, 'dense') as tf.Tensor;
    const expected = reference.dataSync();
    const engine = createEngine();
    const network = await loadModelNetwork(engine, model);
    const input = allocateMatrix(engine, 2, 192);
    writeMatrix(engine, input, values);
    const output = readImages(
      engine,
      forwardNetwork(engine, network, input, allocateWorkspace(engine, network, 2)),
    );
    const size = Math.max(...expected.map(Math.abs));
    const off = Math.max(...Array.from(expected, (value, i) => Math.abs(value - (output[i] ?? Number.NaN))));
    // As in the agreement of LayersModels: some dozen roundings of the largest output.
    expect(off / size).toBeLessThan(64 * 2 ** -24);
    expect(size).toBeGreaterThan(0.1);
  });

  it('names the operation that is in the way', async () => {
    const { sources } = graphModel(
      [
        placeholder(4),
        { name: 'squared', op: 'Square', input: ['x'], attr: type },
        { name: 'dense', op: 'MatMul', input: ['squared', 'k'], attr: type },
      ],
      [floats('k', [4, 2], 1)],
    );
    const { architecture, notes, tensors } = await openModel(sources);
    expect(architecture).toBeNull();
    expect(notes.join()).toContain('layer squared is a Square');
    expect(tensors[0]?.role).toBe('dense-kernel');
  });

  it.each([
    [
      'a leaky ReLU of negative slope',
      { name: 'end', op: 'LeakyRelu', input: ['dense'], attr: { alpha: { f: -0.5 } } },
      'slope -0.5',
    ],
    [
      'a constant added along another axis than the channels',
      { name: 'end', op: 'AddV2', input: ['dense', 'c'], attr: type },
      'shape [4, 1, 1]',
    ],
  ])('does not run %s', async (_, end, reason) => {
    const strides = { strides: integers(1, 1, 1, 1), dilations: integers(1, 1, 1, 1) };
    const { sources } = graphModel(
      [
        placeholder(4, 4, 3),
        { name: 'dense', op: 'Conv2D', input: ['x', 'k'], attr: { ...image, ...strides } },
        end,
      ],
      [floats('k', [1, 1, 3, 4], 1), floats('c', [4, 1, 1], 2)],
    );
    const { architecture, notes } = await openModel(sources);
    expect(architecture).toBeNull();
    expect(notes.join()).toContain(reason);
  });

  it('is read where it cannot be run: loops, several outputs, constants in the graph itself', async () => {
    const { sources } = graphModel(
      [
        placeholder(4),
        { name: 'merge', op: 'Merge', input: ['x', 'next'] },
        { name: 'next', op: 'NextIteration', input: ['merge'] },
        { name: 'split', op: 'Split', input: ['axis', 'merge'] },
        { name: 'axis', op: 'Const' },
        { name: 'dense', op: 'MatMul', input: ['split:1', 'k'], attr: type },
      ],
      [floats('k', [4, 2], 1)],
    );
    const { architecture, notes, tensors } = await openModel(sources);
    expect(architecture).toBeNull();
    expect(notes.join()).toMatch(/layer (axis is a Const|merge reads next)/);
    expect(tensors[0]).toMatchObject({ role: 'dense-kernel', layer: 'dense' });
  });

  it('ends in a circle of identities', async () => {
    const { sources } = graphModel(
      [
        placeholder(4),
        { name: 'a', op: 'Identity', input: ['b'] },
        { name: 'b', op: 'Identity', input: ['a'] },
        { name: 'dense', op: 'MatMul', input: ['x', 'a'], attr: type },
      ],
      [floats('k', [4, 2], 1)],
    );
    expect((await openModel(sources)).notes.join()).toContain(
      'layer a reads b, which does not come before it',
    );
  });

  it('that names a node twice is refused', async () => {
    const { sources } = graphModel([placeholder(4), { name: 'x', op: 'Relu', input: ['x'] }], []);
    await expect(openModel(sources)).rejects.toThrow('stands twice');
  });
});
