/** A TensorFlow GraphDef as JSON: nodes, and attributes in their protobuf spelling. */
import { fieldOf } from '../json/parse-json.js';

export interface GraphDefNode {
  readonly name: string;
  readonly op: string;
  /** Names of nodes; control inputs (`^a`) are left out, `a:1` (its second output) is `a`. */
  readonly inputs: readonly string[];
  readonly attributes: unknown;
}

/** Most nodes that are taken. */
const mostNodes = 1_000_000;

/** @returns `null` unless every node has a name and an operation */
export function listGraphDefNodes(nodes: readonly unknown[]): readonly GraphDefNode[] | null {
  if (nodes.length > mostNodes) return null;
  const found: GraphDefNode[] = [];
  for (const node of nodes) {
    const [name, op, input] = ['name', 'op', 'input'].map((key) => fieldOf(node, key));
    if (typeof name !== 'string' || typeof op !== 'string') return null;
    const inputs = (Array.isArray(input) ? (input as readonly unknown[]) : [])
      .filter((entry): entry is string => typeof entry === 'string' && !entry.startsWith('^'))
      .map((entry) => entry.replace(/:\d+$/, ''));
    found.push({ name, op, inputs, attributes: fieldOf(node, 'attr') });
  }
  return found;
}

/** A string attribute, which stands in base64; `null` if it is none. */
export function stringAttribute({ attributes }: GraphDefNode, key: string): string | null {
  return decode(fieldOf(fieldOf(attributes, key), 's'));
}

/** A list of strings; empty if it is none. */
export function stringsAttribute({ attributes }: GraphDefNode, key: string): readonly string[] {
  const list = fieldOf(fieldOf(fieldOf(attributes, key), 'list'), 's');
  return Array.isArray(list) ? list.map((entry: unknown) => decode(entry) ?? '') : [];
}

/** A list of integers, which stand as strings or numbers; empty if it is none. */
export function integersAttribute({ attributes }: GraphDefNode, key: string): readonly number[] {
  const list = fieldOf(fieldOf(fieldOf(attributes, key), 'list'), 'i');
  return Array.isArray(list) ? list.map(Number) : [];
}

export function booleanAttribute({ attributes }: GraphDefNode, key: string): boolean {
  return fieldOf(fieldOf(attributes, key), 'b') === true;
}

export function numberAttribute({ attributes }: GraphDefNode, key: string): number | null {
  const value = fieldOf(fieldOf(attributes, key), 'f');
  return typeof value === 'number' ? value : null;
}

/** Sizes of the attribute `shape`, the batch among them; −1 becomes `null`. Empty if there is none. */
export function shapeAttribute({ attributes }: GraphDefNode): readonly (number | null)[] {
  const dimensions = fieldOf(fieldOf(fieldOf(attributes, 'shape'), 'shape'), 'dim');
  if (!Array.isArray(dimensions)) return [];
  return dimensions.map((dimension: unknown) => {
    const size = Number(fieldOf(dimension, 'size'));
    return Number.isSafeInteger(size) && size > 0 ? size : null;
  });
}

function decode(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  try {
    return atob(value);
  } catch {
    return null;
  }
}
