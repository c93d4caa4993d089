/** GraphModel of TensorFlow.js: a frozen TensorFlow graph whose constants are in the manifest. */
import { printableName } from '../../errors/printable-name.js';
import { graphArchitecture } from '../../graph/graph-architecture.js';
import { inOrder } from '../../graph/in-order.js';
import type { GraphNode } from '../../graph/model-graph.js';
import { createTensor } from '../../model/create-tensor.js';
import type { Model, OpenModelOptions } from '../../model/model.js';
import type { ModelTensor } from '../../model/model-tensor.js';
import type { Sources } from '../../source/source.js';
import { fieldOf } from '../json/parse-json.js';
import { type GraphDefNode, listGraphDefNodes } from './graph-def.js';
import { type GraphConstant, graphDefOperations } from './graph-def-operations.js';
import { constantRole } from './graph-def-roles.js';
import { producerOf } from './producer.js';
import { readWeightsManifest } from './weights-manifest.js';

/** Constants of more numbers are no axes or sizes. */
const mostIntegers = 16;

/** Nodes that pass a constant on. */
const passing = new Set(['Identity', 'StopGradient', 'Snapshot', 'Enter', 'ReadVariableOp']);

/** @param json of model.json, with a graph and a manifest */
export async function readGraphModel(
  sources: Sources,
  json: unknown,
  manifest: readonly unknown[],
  options: OpenModelOptions,
): Promise<Model> {
  const list = fieldOf(fieldOf(json, 'modelTopology'), 'node') as readonly unknown[];
  const nodes = listGraphDefNodes(list) ?? [];
  const weights = await readWeightsManifest(sources, manifest);
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const resolve = constantsThrough(byName, new Set(weights.map(({ name }) => name)));
  const readers = new Map<string, { node: GraphDefNode; place: number }[]>();
  for (const node of nodes) {
    if (passing.has(node.op)) continue;
    for (const [place, input] of node.inputs.entries()) {
      const constant = resolve(input);
      if (constant === null) continue;
      const known = readers.get(constant);
      if (known === undefined) readers.set(constant, [{ node, place }]);
      else known.push({ node, place });
    }
  }
  const tensors = weights.map(({ bytes, ...weight }) =>
    createTensor({ ...weight, ...constantRole(readers.get(weight.name) ?? [], weight.shape) }, bytes),
  );
  const base = { format: 'tfjs-graph', producer: producerOf(json), tensors } as const;
  if (nodes.length === 0) {
    return { ...base, architecture: null, notes: ['The graph has no nodes with names and operations.'] };
  }
  const constants = await readConstants(tensors);
  const constantOf = (name: string) => constants.get(resolve(name) ?? '') ?? null;
  const graph = graphOf(nodes, constantOf);
  return { ...base, ...graphArchitecture(graph, tensors, options) };
}

/** The constant behind a node: itself, or what identities pass on. */
function constantsThrough(nodes: ReadonlyMap<string, GraphDefNode>, weights: ReadonlySet<string>) {
  const known = new Map<string, string | null>();
  return (name: string): string | null => {
    const path: string[] = [];
    let at = name;
    let found: string | null = null;
    for (;;) {
      const before = known.get(at);
      if (before !== undefined) {
        found = before;
        break;
      }
      if (weights.has(at)) {
        found = at;
        break;
      }
      const node = nodes.get(at);
      // Marked while it is walked, so that a circle of identities ends.
      known.set(at, null);
      path.push(at);
      if (node === undefined || !passing.has(node.op)) break;
      at = node.inputs[0] ?? '';
    }
    for (const step of path) known.set(step, found);
    return found;
  };
}

async function readConstants(tensors: readonly ModelTensor[]): Promise<ReadonlyMap<string, GraphConstant>> {
  const constants = new Map<string, GraphConstant>();
  for (const tensor of tensors) {
    const short = tensor.dtype === 'i32' && tensor.size <= mostIntegers;
    const integers = short ? [...(await tensor.read())] : null;
    constants.set(tensor.name, { tensor: tensor.name, shape: tensor.shape, integers });
  }
  return constants;
}

function graphOf(nodes: readonly GraphDefNode[], constantOf: (name: string) => GraphConstant | null) {
  const made: GraphNode[] = [];
  const ends = new Map<string, string>();
  const read = new Set<string>();
  const values = nodes.filter(({ name, op }) => op !== 'NoOp' && constantOf(name) === null);
  for (const node of inOrder(values)) {
    const reading = graphDefOperations(node, constantOf);
    const inputs = reading.inputs.filter((input) => constantOf(input) === null);
    const missing = inputs.find((input) => !ends.has(input));
    // Loops of TensorFlow 1 are circles, and sound; only they cannot be run.
    const reason = `reads ${printableName(missing ?? '')}, which does not come before it`;
    const operations =
      missing === undefined ? reading.operations : [{ kind: 'unsupported', reason } as const];
    let before = inputs.flatMap((input) => ends.get(input) ?? []);
    for (const input of before) read.add(input);
    operations.forEach((operation, i) => {
      const name = i === 0 ? node.name : `${node.name} (${operation.kind} ${i})`;
      made.push({ name, operation, inputs: before });
      before = [name];
    });
    ends.set(node.name, before[0] ?? node.name);
  }
  const outputs = [...ends.values()].filter((name) => !read.has(name));
  return { nodes: made, outputs, channelsFirst: false };
}
