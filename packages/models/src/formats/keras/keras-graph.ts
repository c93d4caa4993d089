/** A Keras configuration as a graph. Used by TensorFlow.js's LayersModel, .h5 and .keras files. */

import { inOrder } from '../../graph/in-order.js';
import type { GraphNode, GraphOperation, ModelGraph } from '../../graph/model-graph.js';
import type { KerasLayer, KerasLayers } from './keras-layer.js';
import { inputShapeOf, kerasOperations } from './keras-operations.js';

/** The tensor that holds a layer's variable, `null` if there is none: `('dense_1', 'kernel')` → its name in the file. */
export type FindVariable = (layer: string, variable: string) => string | null;

/**
 * Layers that are not understood become `unsupported` nodes, whose reasons name what is in the way.
 *
 * @returns nodes behind those they read; those of a circle, and what reads them, stand last and out of order
 */
export function kerasGraph(model: KerasLayers, find: FindVariable): ModelGraph {
  const nodes: GraphNode[] = [];
  /** Layer → the node that gives its value. */
  const ends = new Map<string, string>();
  const add = (layer: KerasLayer, inputs: readonly string[]) => {
    let before = inputs;
    kerasOperations(layer, find).forEach((operation, i) => {
      const name = i === 0 ? layer.name : `${layer.name} (${nameOf(operation)})`;
      nodes.push({ name, operation, inputs: before });
      before = [name];
    });
    ends.set(layer.name, before[0] ?? layer.name);
  };
  if (model.kind === 'sequential') addSequence(model.layers, nodes, add);
  else {
    for (const layer of inOrder(model.layers)) {
      add(
        layer,
        (layer.inputs ?? []).map((input) => ends.get(input) ?? input),
      );
    }
  }
  const outputs = model.outputs.map((name) => ends.get(name) ?? name);
  return { nodes, outputs, channelsFirst: false };
}

function addSequence(
  layers: readonly KerasLayer[],
  nodes: GraphNode[],
  add: (layer: KerasLayer, inputs: readonly string[]) => void,
): void {
  const [first] = layers;
  if (first !== undefined && first.className !== 'InputLayer') {
    // A Sequential without an input layer keeps the shape in its first layer, or nowhere.
    nodes.push({ name: 'input', operation: { kind: 'input', shape: inputShapeOf(first) ?? [] }, inputs: [] });
  }
  for (const layer of layers) {
    const before = nodes.at(-1);
    add(layer, before === undefined ? [] : [before.name]);
  }
}

function nameOf(operation: GraphOperation): string {
  return operation.kind === 'output-activation' ? operation.activation : 'activation';
}
