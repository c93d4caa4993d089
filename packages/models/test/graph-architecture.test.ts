/** From neutral graphs to architectures: orders of kernels, forks, obstacles. */
import {
  allocateMatrix,
  allocateWorkspace,
  createEngine,
  forwardNetwork,
  readImages,
  writeMatrix,
} from '@kindling/core';
import {
  loadModelNetwork,
  ModelFormatError,
  parameterFromTensor,
  tensorFromParameter,
} from '@kindling/models';
import { describe, expect, it } from 'vitest';
import { graphArchitecture } from '../src/graph/graph-architecture.js';
import type { GraphNode, GraphOperation } from '../src/graph/model-graph.js';
import { createTensor } from '../src/model/create-tensor.js';
import { bytesInMemory } from '../src/model/tensor-bytes.js';
import { bytesOfArray, someFloats } from './model-files.js';

const tensor = (name: string, ...shape: number[]) =>
  createTensor(
    { name, shape, dtype: 'f32' },
    bytesInMemory(
      bytesOfArray(
        someFloats(
          shape.reduce((a, b) => a * b, 1),
          name.length,
        ),
      ),
    ),
  );
const node = (name: string, inputs: readonly string[], operation: GraphOperation): GraphNode => ({
  name,
  inputs,
  operation,
});
const input = (...shape: readonly (number | null)[]) => node('in', [], { kind: 'input', shape });
const dense = (name: string, from: string, units: number, kernel = `${name}.w`): GraphNode =>
  node(name, [from], {
    kind: 'weighted',
    layer: { kind: 'dense', units, activation: 'linear' },
    kernel: { tensor: kernel, layout: 'out-in' },
    bias: null,
  });
const relu = (name: string, from: string) => node(name, [from], { kind: 'activation', activation: 'relu' });
const add = (name: string, a: string, b: string) => node(name, [a, b], { kind: 'add' });
const graph = (nodes: readonly GraphNode[], output = nodes.at(-1)?.name ?? '', channelsFirst = false) => ({
  nodes,
  outputs: [output],
  channelsFirst,
});

describe('kernels', () => {
  it('stored channels first run as their definition says, behind a flatten, too', async () => {
    const [height, width, channels, filters, units] = [4, 5, 2, 3, 6];
    const tensors = [tensor('conv.w', filters, channels, 3, 3), tensor('fc.w', units, filters * 2 * 3)];
    const nodes = [
      input(height, width, channels),
      node('conv', ['in'], {
        kind: 'weighted',
        layer: { kind: 'conv2d', filters, kernel: [3, 3], stride: 1, padding: 'valid', activation: 'linear' },
        kernel: { tensor: 'conv.w', layout: 'OIHW' },
        bias: null,
      }),
      relu('relu', 'conv'),
      node('flat', ['relu'], { kind: 'plain', layer: { kind: 'flatten' } }),
      dense('fc', 'flat', units, 'fc.w'),
    ];
    const reading = graphArchitecture(graph(nodes, 'fc', true), tensors);
    const engine = createEngine();
    const model = { format: 'onnx', producer: null, tensors, ...reading } as const;
    const network = await loadModelNetwork(engine, model);
    const pixels = someFloats(height * width * channels, 6);
    const matrix = allocateMatrix(engine, 1, pixels.length);
    writeMatrix(engine, matrix, pixels);
    const output = readImages(
      engine,
      forwardNetwork(engine, network, matrix, allocateWorkspace(engine, network, 1)),
    );

    // By definition, in PyTorch's order: y[o][i][j] = Σ x[c][i + p][j + q] · w[o][c][p][q], then flattened channels first.
    const kernel = someFloats(filters * channels * 9, 'conv.w'.length);
    const hidden: number[] = [];
    for (let o = 0; o < filters; o++) {
      for (let i = 0; i < 2; i++) {
        for (let j = 0; j < 3; j++) {
          let sum = 0;
          for (let c = 0; c < channels; c++) {
            for (let p = 0; p < 3; p++) {
              for (let q = 0; q < 3; q++) {
                const pixel = pixels[((i + p) * width + j + q) * channels + c] ?? 0;
                sum += pixel * (kernel[((o * channels + c) * 3 + p) * 3 + q] ?? 0);
              }
            }
          }
          hidden.push(Math.max(0, sum));
        }
      }
    }
    const rows = someFloats(units * hidden.length, 'fc.w'.length);
    for (let unit = 0; unit < units; unit++) {
      const expected = hidden.reduce(
        (sum, value, i) => sum + value * (rows[unit * hidden.length + i] ?? 0),
        0,
      );
      expect(output[unit]).toBeCloseTo(expected, 5);
    }
  });

  it('go back into the order of the file', () => {
    const mapping = { parameter: 'p', tensor: 't', view: [2, 3, 4, 5], axes: [2, 3, 1, 0] };
    const values = someFloats(120);
    const parameter = parameterFromTensor(values, mapping);
    expect(parameter).not.toEqual(values);
    expect(tensorFromParameter(parameter, mapping)).toEqual(values);
    expect(() => parameterFromTensor(values, { ...mapping, view: [2, 3, 4, 4] })).toThrow('120 numbers');
    expect(() => parameterFromTensor(values, { ...mapping, axes: [2, 2, 1, 0] })).toThrow('120 numbers');
  });
});

describe('forks', () => {
  const square = ['a.w', 'b.w', 'c.w'].map((name) => tensor(name, 4, 4));

  it('become blocks, also inside each other', () => {
    const nodes = [
      input(4),
      dense('a', 'in', 4),
      dense('b', 'a', 4),
      relu('r', 'b'),
      add('inner', 'r', 'a'),
      add('outer', 'in', 'inner'),
      dense('c', 'outer', 4),
    ];
    const { architecture } = graphArchitecture(graph(nodes), square);
    const linear = { kind: 'dense', units: 4, activation: 'linear' } as const;
    expect(architecture?.architecture.layers).toEqual([
      {
        kind: 'residual',
        scale: 1,
        shortcut: 'identity',
        branch: [
          linear,
          { kind: 'residual', scale: 1, shortcut: 'identity', branch: [{ ...linear, activation: 'relu' }] },
        ],
      },
      linear,
    ]);
    expect(architecture?.parameters.map(({ parameter, tensor: name }) => [parameter, name])).toEqual([
      ['layers.0.branch.0.weights', 'a.w'],
      ['layers.0.branch.1.branch.0.weights', 'b.w'],
      ['layers.1.weights', 'c.w'],
    ]);
    expect(architecture?.layerNames.get('layers[0].branch[1].branch[0]')).toBe('b');
  });

  it.each([
    [
      'three readers',
      [dense('a', 'in', 4), dense('b', 'in', 4), dense('c', 'in', 4), add('s', 'a', 'b'), add('t', 's', 'c')],
      'in is read by 3 layers',
    ],
    ['a value added to itself', [dense('a', 'in', 4), add('s', 'a', 'a')], 's'],
    [
      'two branches',
      [dense('a', 'in', 4), relu('ra', 'a'), dense('b', 'in', 4), relu('rb', 'b'), add('s', 'ra', 'rb')],
      'none is a shortcut',
    ],
    [
      'an output that is read',
      [dense('a', 'in', 4), dense('b', 'a', 4)],
      'a is an output and read by other layers',
      'a',
    ],
    [
      'a layer that reads two',
      [dense('a', 'in', 4), node('b', ['in', 'a'], { kind: 'activation', activation: 'relu' })],
      'none is a shortcut',
    ],
    [
      'a softmax before the end',
      [node('s', ['in'], { kind: 'output-activation', activation: 'softmax' }), dense('a', 's', 4)],
      's is a softmax before the end',
    ],
    ['a tensor that is not there', [dense('d', 'in', 4)], 'd needs the tensor "d.w"'],
    ['nothing between input and output', [], 'in is the input itself'],
  ] as const)('with %s are named as what is in the way', (_, rest, message, output?: string) => {
    const nodes = [input(4), ...rest];
    const { architecture, notes } = graphArchitecture(graph(nodes, output), square);
    expect(architecture).toBeNull();
    expect(notes.join()).toContain(message);
  });
});

describe('inputs', () => {
  const nodes = (shape: readonly (number | null)[]) => [input(...shape), dense('a', 'in', 4)];
  const tensors = [tensor('a.w', 4, 4)];

  it('that are open are taken from the caller', () => {
    expect(graphArchitecture(graph(nodes([null])), tensors).notes.join()).toContain(
      'say the size with the option input',
    );
    const reading = graphArchitecture(graph(nodes([null])), tensors, { input: { width: 4 } });
    expect(reading.architecture?.architecture.input).toEqual({ width: 4 });
    expect(graphArchitecture(graph(nodes([])), tensors, { input: { width: 4 } }).architecture).not.toBeNull();
  });

  it('that contradict the caller are an error', () => {
    expect(() => graphArchitecture(graph(nodes([4])), tensors, { input: { width: 5 } })).toThrow(
      'the file expects 4',
    );
  });
});

describe('graphs that contradict themselves', () => {
  it.each([
    ['a name twice', [input(4), dense('a', 'in', 4), dense('a', 'in', 4)]],
    ['a circle', [input(4), dense('a', 'b', 4), dense('b', 'a', 4)]],
    ['a kernel of another shape', [input(3), dense('a', 'in', 4)]],
  ])('are refused for %s', (_, nodes) => {
    expect(() => graphArchitecture(graph(nodes), [tensor('a.w', 4, 4), tensor('b.w', 4, 4)])).toThrow(
      ModelFormatError,
    );
  });
});
