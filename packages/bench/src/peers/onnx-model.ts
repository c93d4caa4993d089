/**
 * A model as the bytes of an ONNX file (protocol buffers, written by hand): C = Relu(A·B + bias) with B and the bias as
 * constants, which lets the runtime pack and fuse as it likes. Field numbers are those of onnx.proto3.
 */
import type { ProductProblem } from './peer.js';

const float32 = 1;
/** Wire types of protocol buffers: a number, or bytes with their length before them. */
const numberType = 0;
const bytesType = 2;

type Bytes = readonly Uint8Array[];

function variableInteger(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

function size(parts: Bytes): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function number(field: number, value: number): Bytes {
  return [variableInteger(field * 8 + numberType), variableInteger(value)];
}

function message(field: number, ...parts: readonly Bytes[]): Bytes {
  const content = parts.flat();
  return [variableInteger(field * 8 + bytesType), variableInteger(size(content)), ...content];
}

function text(field: number, value: string): Bytes {
  return message(field, [new TextEncoder().encode(value)]);
}

/** NodeProto: inputs 1, output 2, operator 4. */
function node(operator: string, inputs: readonly string[], output: string): Bytes {
  return message(1, ...inputs.map((input) => text(1, input)), text(2, output), text(4, operator));
}

/** TensorProto: sizes 1, type 2, name 8, bytes 9. */
function constant(name: string, sizes: readonly number[], values: Float32Array): Bytes {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message(
    5,
    ...sizes.map((n) => number(1, n)),
    number(2, float32),
    text(8, name),
    message(9, [bytes]),
  );
}

/** ValueInfoProto: name 1, type 2; in it tensor 1 with element type 1 and shape 2 of dimensions 1 with a size 1. */
function value(field: number, name: string, sizes: readonly number[]): Bytes {
  const shape = message(2, ...sizes.map((n) => message(1, number(1, n))));
  return message(field, text(1, name), message(2, message(1, number(1, float32), shape)));
}

/** The model: input `a`, output `c`. */
export function productModel({ rows, depth, columns, b, bias }: ProductProblem): Uint8Array<ArrayBuffer> {
  const graph = message(
    7,
    node('MatMul', ['a', 'b'], 'product'),
    node('Add', ['product', 'bias'], 'sum'),
    node('Relu', ['sum'], 'c'),
    text(2, 'product'),
    constant('b', [depth, columns], b),
    constant('bias', [columns], bias),
    value(11, 'a', [rows, depth]),
    value(12, 'c', [rows, columns]),
  );
  // ModelProto: version of the format 1, graph 7, operator set 8 with its version 2.
  const parts = [...number(1, 8), ...graph, ...message(8, number(2, 13))];
  const bytes = new Uint8Array(size(parts));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
