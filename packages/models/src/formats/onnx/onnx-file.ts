/**
 * The parts of an ONNX file that are read, with the field numbers of the public `onnx.proto`: models, graphs, nodes, attributes.
 * Tensors stay where they are.
 */
import { printableName, quotedName } from '../../errors/printable-name.js';
import { collect, floats, integers, message, text, texts } from './field-values.js';
import type { ByteRange, ProtobufFile, WireField } from './protobuf-file.js';
import { readTensorProto, type TensorProto } from './tensor-proto.js';

/** Deepest nesting of graphs in graphs (the bodies of `If`, `Loop`, `Scan`) that is taken. */
const mostNested = 16;

/** A setting of a node; only what is set is there. */
export interface OnnxAttribute {
  readonly float: number | null;
  readonly int: number | null;
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly text: string | null;
  readonly tensor: TensorProto | null;
  readonly graphs: readonly OnnxGraph[];
}

export interface OnnxNode {
  /** May be empty. */
  readonly name: string;
  /** `Conv`, `Gemm`, … */
  readonly operator: string;
  /** Empty or `ai.onnx` for the standard operators. */
  readonly domain: string;
  /** Names of values; an empty one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  /** Of the message, for errors. */
  readonly offset: number;
}

/** What a graph reads. */
export interface OnnxInput {
  readonly name: string;
  /** `null` where a size is open; no list where the type tells no shape. */
  readonly shape: readonly (number | null)[] | null;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly TensorProto[];
  /** Initializers of a sparse kind, which are not read. */
  readonly sparseInitializers: number;
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly string[];
}

export interface OnnxFile {
  /** As `pytorch 1.13.0`; `null` if the file does not say. */
  readonly producer: string | null;
  readonly graph: OnnxGraph;
  /** Functions of the model's own, whose constants are not read. */
  readonly functions: number;
}

/** Types of the fields of a model: field number → wire type. Anything else at the top is no ONNX. */
const modelFields: Readonly<Record<number, 0 | 2>> = {
  1: 0,
  2: 2,
  3: 2,
  4: 2,
  5: 0,
  6: 2,
  7: 2,
  8: 2,
  14: 2,
  20: 2,
  25: 2,
  26: 2,
};

/** Whether a field may stand at the top of an ONNX file. */
export function isModelField({ number, wireType }: WireField): boolean {
  return modelFields[number] === wireType;
}

/** @throws ModelFormatError for a broken message, or one without a graph */
export async function readOnnxFile(file: ProtobufFile): Promise<OnnxFile> {
  const whole = { offset: 0, length: file.source.size };
  const fields = await collect(file, whole);
  const graph = fields.get(7)?.at(-1);
  if (graph === undefined) throw file.broken(0, 'a graph', 'a model without one');
  // Files since version 3 say which operators they mean. Writers put it last, so a file cut off there would pass for whole.
  const version = (await integers(file, fields.get(1))).at(-1) ?? 0;
  if (version >= 3 && !fields.has(8)) throw file.broken(whole.length, 'a set of operators', 'the end');
  const words = [fields.get(2), fields.get(3)].map((found) => found?.at(-1));
  const producer: string[] = [];
  for (const word of words) if (word?.wireType === 2) producer.push(await file.text(word));
  const named = producer.filter((word) => word !== '').join(' ');
  return {
    producer: named === '' ? null : printableName(named),
    graph: await readGraph(file, message(file, graph), 0),
    functions: fields.get(25)?.length ?? 0,
  };
}

async function readGraph(file: ProtobufFile, range: ByteRange, nested: number): Promise<OnnxGraph> {
  if (nested > mostNested) {
    throw file.broken(range.offset, `at most ${mostNested} graphs inside each other`, 'more');
  }
  const fields = await collect(file, range);
  const each = async <T>(number: number, read: (range: ByteRange) => Promise<T>): Promise<T[]> => {
    const all: T[] = [];
    for (const field of fields.get(number) ?? []) all.push(await read(message(file, field)));
    return all;
  };
  return {
    nodes: await each(1, (node) => readNode(file, node, nested)),
    initializers: await each(5, (tensor) => readTensorProto(file, tensor)),
    sparseInitializers: fields.get(15)?.length ?? 0,
    inputs: await each(11, (input) => readInput(file, input)),
    outputs: (await each(12, (output) => readInput(file, output))).map(({ name }) => name),
  };
}

async function readNode(file: ProtobufFile, range: ByteRange, nested: number): Promise<OnnxNode> {
  const fields = await collect(file, range);
  const attributes = new Map<string, OnnxAttribute>();
  for (const field of fields.get(5) ?? []) {
    const [name, attribute] = await readAttribute(file, message(file, field), nested);
    if (attributes.has(name))
      throw file.broken(field.offset, 'every attribute once', `${quotedName(name)} twice`);
    attributes.set(name, attribute);
  }
  return {
    inputs: await texts(file, fields.get(1)),
    outputs: await texts(file, fields.get(2)),
    name: await text(file, fields.get(3)),
    operator: await text(file, fields.get(4)),
    domain: await text(file, fields.get(7)),
    attributes,
    offset: range.offset,
  };
}

async function readAttribute(
  file: ProtobufFile,
  range: ByteRange,
  nested: number,
): Promise<readonly [name: string, attribute: OnnxAttribute]> {
  const fields = await collect(file, range);
  const graphs: OnnxGraph[] = [];
  for (const field of [...(fields.get(6) ?? []), ...(fields.get(11) ?? [])]) {
    graphs.push(await readGraph(file, message(file, field), nested + 1));
  }
  const tensor = fields.get(5)?.at(-1);
  const words = fields.get(4)?.at(-1);
  // A writer may leave zeros out, and the type still says which kind of setting it is.
  const type = (await integers(file, fields.get(20))).at(-1);
  return [
    await text(file, fields.get(1)),
    {
      float: (await floats(file, fields.get(2))).at(-1) ?? (type === 1 ? 0 : null),
      floats: await floats(file, fields.get(7)),
      int: (await integers(file, fields.get(3))).at(-1) ?? (type === 2 ? 0 : null),
      ints: await integers(file, fields.get(8)),
      // Bytes of any kind; those that are no short text are nothing this reader asks for.
      text:
        words !== undefined && words.wireType === 2 && words.length <= 256 ? await latin(file, words) : null,
      tensor: tensor === undefined ? null : await readTensorProto(file, message(file, tensor)),
      graphs,
    },
  ];
}

/** Name and shape of a value; sequences, maps and optional values have no shape. */
async function readInput(file: ProtobufFile, range: ByteRange): Promise<OnnxInput> {
  const fields = await collect(file, range);
  const name = await text(file, fields.get(1));
  const shape = await inside(file, fields.get(2), [1, 2]);
  if (shape === null) return { name, shape: null };
  const sizes: (number | null)[] = [];
  for (const dimension of (await collect(file, shape)).get(1) ?? []) {
    const value = (await collect(file, message(file, dimension))).get(1)?.at(-1)?.value ?? 0n;
    sizes.push(value > 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null);
  }
  return { name, shape: sizes };
}

/** Follows message fields inward; `null` where one is missing. */
async function inside(
  file: ProtobufFile,
  start: readonly WireField[] | undefined,
  path: readonly number[],
): Promise<ByteRange | null> {
  let field = start?.at(-1);
  for (const number of path) {
    if (field === undefined) return null;
    field = (await collect(file, message(file, field))).get(number)?.at(-1);
  }
  return field === undefined ? null : message(file, field);
}

async function latin(file: ProtobufFile, range: ByteRange): Promise<string> {
  return new TextDecoder('latin1').decode(await file.bytes(range));
}
