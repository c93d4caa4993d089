/** A graph made ready to be walked: who reads whom, with nodes that do nothing taken out. */

import { ModelFormatError } from '../errors/model-format-error.js';
import { printableName, quotedName } from '../errors/printable-name.js';
import type { GraphNode, ModelGraph } from './model-graph.js';

export interface GraphIndex {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Nodes that read a node; one that reads it twice is listed twice. */
  readonly readers: ReadonlyMap<string, readonly GraphNode[]>;
  readonly inputs: readonly GraphNode[];
  readonly outputs: readonly string[];
  /** Of the nodes taken out, each once. */
  readonly notes: readonly string[];
}

/**
 * @throws ModelFormatError for a name that stands twice, or a node that reads one that does not stand before it (as in a circle)
 */
export function indexGraph(graph: ModelGraph): GraphIndex {
  const nodes = new Map<string, GraphNode>();
  const readers = new Map<string, GraphNode[]>();
  const insteadOf = new Map<string, string>();
  const notes = new Set<string>();
  const resolve = (name: string, reader: string): string => {
    const found = insteadOf.get(name);
    if (found === undefined)
      throw broken(reader, `reads ${quotedName(name)}, which does not stand before it`);
    return found;
  };
  for (const node of graph.nodes) {
    if (insteadOf.has(node.name)) throw broken(node.name, 'stands twice');
    const inputs = node.inputs.map((input) => resolve(input, node.name));
    const [only] = inputs;
    if (node.operation.kind === 'identity' && inputs.length === 1 && only !== undefined) {
      insteadOf.set(node.name, only);
      if (node.operation.note !== null) notes.add(node.operation.note);
      continue;
    }
    insteadOf.set(node.name, node.name);
    const indexed = { ...node, inputs };
    nodes.set(node.name, indexed);
    for (const input of inputs) {
      const known = readers.get(input);
      if (known === undefined) readers.set(input, [indexed]);
      else known.push(indexed);
    }
  }
  return {
    nodes,
    readers,
    inputs: [...nodes.values()].filter(({ operation }) => operation.kind === 'input'),
    outputs: graph.outputs.map((name) => resolve(name, 'the output')),
    notes: [...notes],
  };
}

function broken(node: string, what: string): ModelFormatError {
  return new ModelFormatError(
    `openModel: in the graph ${quotedName(node)} ${what}; expected layers with names of their own, each behind those it reads`,
    { details: { node: printableName(node) } },
  );
}
