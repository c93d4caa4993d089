/**
 * Who defines and who reads the values of an ONNX graph and of the graphs inside it, with every constant: initializers and
 * `Constant` nodes. A graph inside another one sees the outer one's values.
 */
import { printableName, quotedName } from '../../errors/printable-name.js';
import { decodeFloats } from '../../model/decode-floats.js';
import { bytesOf, type DType } from '../../model/dtype.js';
import type { TensorBytes } from '../../model/tensor-bytes.js';
import { firstOverlap, type NamedRange } from '../../source/first-overlap.js';
import { relativeName } from '../../source/relative-name.js';
import type { Sources } from '../../source/source.js';
import type { OnnxGraph, OnnxNode } from './onnx-file.js';
import type { ProtobufFile } from './protobuf-file.js';
import { tensorContent } from './tensor-content.js';
import type { TensorProto } from './tensor-proto.js';
import { UniqueNames } from './unique-names.js';

/** Numbers of constants that are looked at while opening: shapes, axes, scales. */
const mostLookedAt = 64;

/** A tensor that the file holds. */
export interface OnnxConstant {
  /** Unique: names of graphs inside others have the node and branch in front, `If_3.then_branch/weight`. */
  readonly name: string;
  readonly tensor: TensorProto;
  readonly dtype: DType;
  readonly bytes: TensorBytes;
  readonly isInitializer: boolean;
  /** The numbers where there are at most 64, `null` otherwise. */
  readonly numbers: readonly number[] | null;
  readonly uses: OnnxUse[];
}

/** A node that reads a value. */
export interface OnnxUse {
  readonly node: OnnxNode;
  /** Which of its inputs. */
  readonly input: number;
  readonly scope: OnnxScope;
}

/** A graph among graphs. */
export interface OnnxScope {
  readonly graph: OnnxGraph;
  readonly parent: OnnxScope | null;
  readonly constants: ReadonlyMap<string, OnnxConstant>;
  readonly producers: ReadonlyMap<string, OnnxNode>;
  /** Value → the nodes that read it, here or further inside. */
  readonly uses: Map<string, OnnxUse[]>;
}

/** What was found in a file. */
export interface OnnxConstants {
  readonly main: OnnxScope;
  readonly all: readonly OnnxConstant[];
  /** Tensors of types without numbers of whole bytes, in words. */
  readonly unread: readonly string[];
}

/**
 * @throws ModelFormatError for a value that is defined twice in one graph, a tensor whose bytes are not there, or two that share bytes
 * of a file beside the model
 */
export async function readConstants(
  sources: Sources,
  file: ProtobufFile,
  graph: OnnxGraph,
): Promise<OnnxConstants> {
  const all: OnnxConstant[] = [];
  const unread: string[] = [];
  const outside = new Map<string, NamedRange[]>();
  // Two branches may use one name, and so may a graph and a constant without one.
  const names = new UniqueNames();

  const readScope = async (inner: OnnxGraph, parent: OnnxScope | null, path: string): Promise<OnnxScope> => {
    const constants = new Map<string, OnnxConstant>();
    const producers = new Map<string, OnnxNode>();
    const add = async (name: string, tensor: TensorProto, isInitializer: boolean) => {
      if (constants.has(name))
        throw file.broken(tensor.offset, 'every name once', `${quotedName(name)} twice`);
      if (tensor.dtype === null) {
        unread.push(
          `the tensor ${quotedName(path + name)} is of ONNX type ${tensor.type}, which is not read`,
        );
        return;
      }
      const bytes = await tensorContent(sources, file, tensor, tensor.dtype);
      const unique = names.take(path + name);
      if (tensor.content.kind === 'external') {
        const { location, offset } = tensor.content.data;
        const place = relativeName(location, sources.main.name);
        const ranges = outside.get(place) ?? [];
        ranges.push({ name: unique, offset, length: bytes.length });
        outside.set(place, ranges);
      }
      const constant: OnnxConstant = {
        ...{ name: unique, tensor, dtype: tensor.dtype, bytes, isInitializer, uses: [] },
        numbers: await fewNumbers(bytes, tensor.dtype),
      };
      constants.set(name, constant);
      all.push(constant);
    };
    for (const tensor of inner.initializers) await add(tensor.name, tensor, true);
    const given = new Set(inner.inputs.map(({ name }) => name));
    const scope: OnnxScope = { graph: inner, parent, constants, producers, uses: new Map() };
    for (const [index, node] of inner.nodes.entries()) {
      const value = node.operator === 'Constant' ? node.attributes.get('value')?.tensor : null;
      const output = node.outputs[0] ?? '';
      // Each value has one definition: else nodes would be dropped, and those between two tensors followed again and again.
      for (const name of node.outputs) {
        if (name === '') continue;
        if (constants.has(name) || producers.has(name) || given.has(name)) {
          throw file.broken(node.offset, 'every value defined once', `${quotedName(name)} twice`);
        }
        producers.set(name, node);
      }
      if (value !== null && value !== undefined) await add(output, value, false);
      for (const [attribute, { graphs }] of node.attributes) {
        for (const body of graphs) {
          const place = `${node.name === '' ? `${node.operator}_${index}` : node.name}.${attribute}`;
          await readScope(body, scope, `${path}${place}/`);
        }
      }
    }
    for (const node of inner.nodes) {
      node.inputs.forEach((name, input) => {
        const home = homeOf(scope, name);
        if (home === null) return;
        const use = { node, input, scope };
        home.constants.get(name)?.uses.push(use);
        const before = home.uses.get(name);
        if (before === undefined) home.uses.set(name, [use]);
        else before.push(use);
      });
    }
    return scope;
  };

  const main = await readScope(graph, null, '');
  for (const [place, ranges] of outside) {
    const [first, second] = firstOverlap(ranges) ?? [];
    if (first !== undefined && second !== undefined) {
      throw file.broken(
        second.offset,
        `tensors with bytes of their own in ${printableName(place)}`,
        `${quotedName(first.name)} and ${quotedName(second.name)} with the same`,
      );
    }
  }
  return { main, all, unread };
}

/** The nearest graph outward that defines a value. */
export function homeOf(scope: OnnxScope, name: string): OnnxScope | null {
  if (name === '') return null;
  for (let at: OnnxScope | null = scope; at !== null; at = at.parent) {
    if (at.constants.has(name) || at.producers.has(name)) return at;
  }
  return null;
}

/** The constant of a name, seen from a graph. */
export function constantOf(scope: OnnxScope, name: string): OnnxConstant | null {
  return homeOf(scope, name)?.constants.get(name) ?? null;
}

async function fewNumbers(bytes: TensorBytes, dtype: DType): Promise<readonly number[] | null> {
  if (bytes.length > mostLookedAt * bytesOf[dtype]) return null;
  const numbers: number[] = [];
  for await (const piece of bytes.pieces(mostLookedAt * bytesOf[dtype])) {
    numbers.push(...decodeFloats(dtype, piece));
  }
  return numbers;
}
