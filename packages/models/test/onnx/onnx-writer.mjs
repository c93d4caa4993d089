/** ONNX files of a test's own: messages by the field numbers of the public `onnx.proto`. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * Writes fields of a message.
 *
 * @typedef {(writer: BinaryWriter) => void} Write
 */

/**
 * A field that is a message.
 *
 * @param {number} field
 * @param {...Write} writes
 * @returns {Write}
 */
export const nested =
  (field, ...writes) =>
  (writer) => {
    writer.tag(field, WireType.LengthDelimited).bytes(encode(...writes));
  };

/** @type {(field: number, value: string) => Write} */
export const text = (field, value) => (writer) => {
  writer.tag(field, WireType.LengthDelimited).string(value);
};

/** @type {(field: number, value: number) => Write} */
export const integer = (field, value) => (writer) => {
  writer.tag(field, WireType.Varint).int64(value);
};

/** @type {(field: number, value: Uint8Array) => Write} */
export const bytes = (field, value) => (writer) => {
  writer.tag(field, WireType.LengthDelimited).bytes(value);
};

/** @type {(field: number, value: number) => Write} */
export const float = (field, value) => (writer) => {
  writer.tag(field, WireType.Bit32).float(value);
};

/**
 * Packed integers.
 *
 * @type {(field: number, values: readonly number[]) => Write}
 */
export const integers = (field, values) => (writer) => {
  writer.tag(field, WireType.LengthDelimited).fork();
  for (const value of values) writer.int64(value);
  writer.join();
};

/**
 * @param {...Write} writes
 * @returns {Uint8Array}
 */
export function encode(...writes) {
  const writer = new BinaryWriter();
  for (const write of writes) write(writer);
  return writer.finish();
}

/**
 * A tensor: a graph has initializers in field 5, a Constant its value in field 5 of the attribute.
 *
 * @param {number} field
 * @param {string} name
 * @param {readonly number[]} shape
 * @param {number} type the format's number
 * @param {...Write} content
 */
export function tensor(field, name, shape, type, ...content) {
  return nested(field, ...shape.map((size) => integer(1, size)), integer(2, type), text(8, name), ...content);
}

/**
 * raw_data of 32-bit floats.
 *
 * @param {readonly number[]} values
 */
export function rawFloats(values) {
  return bytes(9, new Uint8Array(Float32Array.from(values).buffer));
}

/**
 * @param {string} operator
 * @param {readonly string[]} inputs
 * @param {readonly string[]} outputs
 * @param {...Write} rest
 */
export function node(operator, inputs, outputs, ...rest) {
  return nested(
    1,
    ...inputs.map((input) => text(1, input)),
    ...outputs.map((output) => text(2, output)),
    text(4, operator),
    ...rest,
  );
}

/** @type {(name: string, value: number) => Write} */
export const intAttribute = (name, value) => nested(5, text(1, name), integer(3, value), integer(20, 2));

/** @type {(name: string, values: readonly number[]) => Write} */
export const intsAttribute = (name, values) =>
  nested(5, text(1, name), ...values.map((value) => integer(8, value)), integer(20, 7));

/** @type {(name: string, ...writes: readonly Write[]) => Write} */
export const graphAttribute = (name, ...writes) =>
  nested(5, text(1, name), nested(6, ...writes), integer(20, 5));

/**
 * The attribute `value` of a Constant node.
 *
 * @type {(shape: readonly number[], type: number, ...content: readonly Write[]) => Write}
 */
export const tensorAttribute = (shape, type, ...content) =>
  nested(5, text(1, 'value'), tensor(5, '', shape, type, ...content), integer(20, 4));

/**
 * An input (field 11) or output (field 12) of 32-bit floats; 0 leaves a size open.
 *
 * @param {11 | 12} field
 * @param {string} name
 * @param {readonly number[]} sizes
 */
export function value(field, name, sizes) {
  const dimensions = sizes.map((size) => nested(1, ...(size > 0 ? [integer(1, size)] : [text(2, 'n')])));
  return nested(field, text(1, name), nested(2, nested(1, integer(1, 1), nested(2, ...dimensions))));
}

/**
 * A whole file around a graph.
 *
 * @param {...Write} graph
 */
export function onnxFile(...graph) {
  return encode(integer(1, 8), text(2, 'a test'), nested(7, ...graph), nested(8, integer(2, 13)));
}
