import { readFileSync } from 'node:fs';
import {
  bytes,
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
} from '../onnx/onnx-writer.mjs';

/** @typedef {import('./run-fuzz.mjs').FuzzSeed} FuzzSeed */

const fixture = (/** @type {string} */ name) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/onnx/${name}.onnx`, import.meta.url)));

/** @returns {readonly FuzzSeed[]} */
export function onnxSeeds() {
  return [
    { name: 'onnx-dense', files: { 'm.onnx': fixture('dense') }, forge: forgeTensor },
    { name: 'onnx-convolution', files: { 'm.onnx': fixture('convolution') } },
    { name: 'onnx-every-way', files: { 'm.onnx': everyWay(), 'w.bin': new Uint8Array(64).fill(60) } },
  ];
}

/** All ways to write numbers, a graph inside a graph, external data, quantized weights. */
function everyWay() {
  const branch = [
    node('Constant', [], ['k'], tensorAttribute([2, 1], 1, rawFloats([1, 2]))),
    node('MatMul', ['x', 'k'], ['b']),
  ];
  return onnxFile(
    tensor(5, 'w', [4, 3], 1, rawFloats(Array.from({ length: 12 }, (_, i) => i / 12))),
    tensor(5, 'packed', [2], 1, bytes(4, new Uint8Array(8).fill(63))),
    tensor(5, 'single', [2], 1, float(4, 0.5), float(4, 0.25)),
    tensor(5, 'halves', [2], 10, integers(5, [0x3c00, 0xc000])),
    tensor(5, 'integers', [2], 7, integers(7, [-5, 2 ** 40])),
    tensor(
      5,
      'outside',
      [4, 2],
      1,
      integer(14, 1),
      ...external({ location: 'w.bin', offset: '8', length: '32' }),
    ),
    tensor(5, 'q', [3, 2], 2, bytes(9, Uint8Array.of(1, 2, 3, 4, 5, 6))),
    tensor(5, 'scale', [], 1, rawFloats([0.5])),
    node('Gemm', ['x', 'w'], ['a'], intAttribute('transB', 0)),
    node('Relu', ['a'], ['r']),
    node('DequantizeLinear', ['q', 'scale'], ['d']),
    node('MatMul', ['r', 'd'], ['y']),
    node(
      'If',
      ['c'],
      ['z'],
      graphAttribute('then_branch', ...branch),
      graphAttribute('else_branch', ...branch),
    ),
    value(11, 'x', [0, 4]),
    value(12, 'y', [0, 2]),
  );
}

/** @param {Readonly<Record<string, string>>} settings */
function external(settings) {
  return Object.entries(settings).map(([key, entry]) => nested(13, text(1, key), text(2, entry)));
}

/**
 * Files whose messages are sound and whose tensors are not.
 *
 * @type {NonNullable<FuzzSeed['forge']>}
 */
function forgeTensor(_files, random) {
  const size = () => random.pick([0, 1, 2, 4, -1, 7, 2 ** 31, 2 ** 40, 2 ** 53 - 1]);
  const shape = Array.from({ length: random.below(5) }, size);
  const type = random.pick([1, 1, 2, 7, 8, 10, 11, 16, 22, 99]);
  const contents = [
    [rawFloats([1, 2, 3, 4])],
    [integers(5, [1, 2, 3, 4])],
    [integer(5, 1), integer(5, -1)],
    [integers(7, [1, 2 ** 40])],
    [float(4, 1), float(4, 1), float(4, 1), float(4, 1)],
    [bytes(10, new Uint8Array(16))],
    [
      integer(14, 1),
      ...external({
        location: random.pick(['m.onnx', '../m.onnx', '/etc/hostname', '', 'm.onnx\0', 'a/../../m.onnx']),
        offset: random.pick(['0', '3', '99999999', '-1', '1e3', '']),
        length: random.pick(['0', '4', '16', '999999999999']),
      }),
    ],
    [rawFloats([1]), float(4, 1)],
    [],
  ];
  const w = tensor(5, random.pick(['w', 'x', '', '__proto__']), shape, type, ...random.pick(contents));
  const operator = random.pick(['MatMul', 'Gemm', 'Conv', 'Add', 'Gather', 'DequantizeLinear', 'Reshape']);
  const inputs = random.pick([
    ['x', 'w'],
    ['w', 'x'],
    ['x', 'w', 'w'],
    ['w', 'w', 'w'],
    ['y', 'w'],
  ]);
  return {
    'm.onnx': onnxFile(
      w,
      node(operator, inputs, ['y']),
      node(random.pick(['Relu', 'If', 'Flatten', 'Identity']), ['y'], [random.pick(['z', 'y', 'w', 'x'])]),
      value(11, 'x', [0, size(), ...random.pick([[], [4, 4]])]),
      value(12, random.pick(['z', 'y', 'w', 'nothing']), []),
    ),
  };
}
