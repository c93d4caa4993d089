/** An ONNX graph in the words of `ModelGraph`: one node for every operator between the input and the outputs. */
import type { GraphNode, GraphOperation, ModelGraph } from '../../graph/model-graph.js';
import type { OnnxInput, OnnxNode } from './onnx-file.js';
import { dataInputs, type OnnxOperands, onnxOperation } from './onnx-operations.js';
import { homeOf, type OnnxConstant, type OnnxScope } from './onnx-scope.js';
import { passage, roundsToIntegers } from './tensor-role.js';
import { UniqueNames } from './unique-names.js';

/**
 * Nodes that no output needs, and those that only prepare constants, are left out.
 *
 * @param unusable tensors whose numbers are not known (quantized by channel): layers that read them are in the way
 */
export function onnxGraph(scope: OnnxScope, unusable: ReadonlySet<OnnxConstant>): ModelGraph {
  const { graph } = scope;
  const names = new Map<string, string>();
  const unique = new UniqueNames();
  const inputs = graph.inputs.filter(({ name }) => !scope.constants.has(name));
  const operands = operandsOf(scope, unusable);
  const needed = neededNodes(scope, operands);
  const nodes: GraphNode[] = [];
  for (const input of inputs) {
    const name = unique.take(input.name);
    names.set(input.name, name);
    nodes.push({ name, operation: { kind: 'input', shape: shapeOf(input) }, inputs: [] });
  }
  graph.nodes.forEach((node, index) => {
    if (!needed.nodes.has(node)) return;
    const name = unique.take(node.name === '' ? `${node.operator}_${index}` : node.name);
    const read = dataInputs(node, operands).map((input) => names.get(input) ?? input);
    const operation = onnxOperation(node, operands);
    nodes.push({ name, operation, inputs: read });
    const [value = '', ...others] = node.outputs;
    if (value !== '') names.set(value, name);
    for (const other of others.filter((output) => needed.values.has(output))) {
      const second = unique.take(other);
      nodes.push({ name: second, operation: secondValue, inputs: [name] });
      names.set(other, second);
    }
  });
  // An output that no node gives keeps its name, which the graph's index refuses.
  const outputs = graph.outputs.map((name) => names.get(name) ?? name);
  return { nodes, outputs, channelsFirst: true };
}

/** Without the batch, channels last; empty where the file states none. */
function shapeOf({ shape }: OnnxInput): readonly (number | null)[] {
  if (shape === null) return [];
  const [, ...sizes] = shape;
  const [channels = null, height = null, width = null] = sizes;
  return sizes.length === 3 ? [height, width, channels] : sizes;
}

function operandsOf(scope: OnnxScope, unusable: ReadonlySet<OnnxConstant>): OnnxOperands {
  /** The constant behind a value, past nodes that only hand it on. */
  const constant: OnnxOperands['constant'] = (name) => {
    let [value, turned, reshaped, rounded] = [name, false, false, false];
    for (let between = 0; between < 16; between++) {
      const home = homeOf(scope, value);
      const found = home?.constants.get(value);
      if (found !== undefined) {
        const usable = !unusable.has(found) && !(rounded && /^(f|bf)/.test(found.dtype));
        return { constant: found, turned, reshaped, usable };
      }
      const producer = home?.producers.get(value);
      const passed = producer === undefined ? null : passage(producer);
      if (producer === undefined || passed === null) return null;
      turned = turned !== (passed === 'turned');
      rounded ||= roundsToIntegers(producer);
      reshaped ||= /^(Reshape|Squeeze|Unsqueeze)$/.test(producer.operator);
      value = producer.inputs[0] ?? '';
    }
    return null;
  };
  return { constant, producer: (name) => homeOf(scope, name)?.producers.get(name) ?? null };
}

/** What the outputs follow from. */
function neededNodes(scope: OnnxScope, operands: OnnxOperands) {
  const nodes = new Set<OnnxNode>();
  const values = new Set<string>();
  const waiting = [...scope.graph.outputs];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    values.add(name);
    const node = operands.producer(name);
    if (node === null || nodes.has(node)) continue;
    nodes.add(node);
    // One by one: a call takes no hundred thousand arguments.
    for (const input of dataInputs(node, operands)) waiting.push(input);
  }
  return { nodes, values };
}

/** The mask of a dropout, the places of maxima, the last state of a recurrent layer. */
const secondValue: GraphOperation = { kind: 'unsupported', reason: 'is a second value that a layer gives' };
