/** ONNX files of a test's own: messages by the field numbers of the public `onnx.proto`. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Writes fields of a message. */
type Write = (writer: BinaryWriter) => void;

/** A field that is a message. */
export function nested(field: number, ...writes: readonly Write[]): Write {
  return (writer) => {
    writer.tag(field, WireType.LengthDelimited).bytes(encode(...writes));
  };
}

export const text =
  (field: number, value: string): Write =>
  (writer) => {
    writer.tag(field, WireType.LengthDelimited).string(value);
  };

export const integer =
  (field: number, value: number): Write =>
  (writer) => {
    writer.tag(field, WireType.Varint).int64(value);
  };

export const bytes =
  (field: number, value: Uint8Array): Write =>
  (writer) => {
    writer.tag(field, WireType.LengthDelimited).bytes(value);
  };

export const float =
  (field: number, value: number): Write =>
  (writer) => {
    writer.tag(field, WireType.Bit32).float(value);
  };

/** Packed integers. */
export const integers =
  (field: number, values: readonly number[]): Write =>
  (writer) => {
    writer.tag(field, WireType.LengthDelimited).fork();
    for (const value of values) writer.int64(value);
    writer.join();
  };

export function encode(...writes: readonly Write[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const write of writes) write(writer);
  return writer.finish();
}

/** The numbers of a tensor by the field that holds them. */
export function tensor(
  field: number,
  name: string,
  shape: readonly number[],
  type: number,
  ...content: readonly Write[]
): Write {
  return nested(field, ...shape.map((size) => integer(1, size)), integer(2, type), text(8, name), ...content);
}

/** raw_data of 32-bit floats. */
export function rawFloats(values: readonly number[]): Write {
  return bytes(9, new Uint8Array(Float32Array.from(values).buffer));
}

export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  ...rest: readonly Write[]
): Write {
  return nested(
    1,
    ...inputs.map((input) => text(1, input)),
    ...outputs.map((output) => text(2, output)),
    text(4, operator),
    ...rest,
  );
}

/** Attributes of a node. */
export const intAttribute = (name: string, value: number): Write =>
  nested(5, text(1, name), integer(3, value), integer(20, 2));
export const intsAttribute = (name: string, values: readonly number[]): Write =>
  nested(5, text(1, name), ...values.map((value) => integer(8, value)), integer(20, 7));
export const graphAttribute = (name: string, ...writes: readonly Write[]): Write =>
  nested(5, text(1, name), nested(6, ...writes), integer(20, 5));
/** The attribute `value` of a Constant node. */
export const tensorAttribute = (
  shape: readonly number[],
  type: number,
  ...content: readonly Write[]
): Write => nested(5, text(1, 'value'), tensor(5, '', shape, type, ...content), integer(20, 4));

/** An input or output of 32-bit floats; 0 leaves a size open. */
export function value(field: 11 | 12, name: string, sizes: readonly number[]): Write {
  const dimensions = sizes.map((size) => nested(1, ...(size > 0 ? [integer(1, size)] : [text(2, 'n')])));
  return nested(field, text(1, name), nested(2, nested(1, integer(1, 1), nested(2, ...dimensions))));
}

/** A whole file around a graph. */
export function onnxFile(...graph: readonly Write[]): Uint8Array {
  return encode(integer(1, 8), text(2, 'a test'), nested(7, ...graph), nested(8, integer(2, 13)));
}
