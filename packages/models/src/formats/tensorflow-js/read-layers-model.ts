/** LayersModel of TensorFlow.js: a Keras configuration beside the manifest. */
import { graphArchitecture } from '../../graph/graph-architecture.js';
import { createTensor } from '../../model/create-tensor.js';
import type { Model, OpenModelOptions } from '../../model/model.js';
import type { Sources } from '../../source/source.js';
import { fieldOf } from '../json/parse-json.js';
import { kerasGraph } from '../keras/keras-graph.js';
import { listKerasLayers } from '../keras/keras-layer.js';
import { splitVariableName } from '../keras/keras-names.js';
import { kerasVariable, statedInitializer } from '../keras/keras-variable.js';
import { producerOf } from './producer.js';
import { readWeightsManifest } from './weights-manifest.js';

/** @param json of model.json, with a manifest */
export async function readLayersModel(
  sources: Sources,
  json: unknown,
  manifest: readonly unknown[],
  options: OpenModelOptions,
): Promise<Model> {
  const topology = fieldOf(json, 'modelTopology');
  const layers = listKerasLayers(fieldOf(topology, 'model_config') ?? topology);
  const weights = await readWeightsManifest(sources, manifest);
  const known = new Map((layers?.layers ?? []).map((layer) => [layer.name, layer]));
  const names = new Set(known.keys());
  const tensorOf = new Map<string, string>();
  const tensors = weights.map(({ name, shape, dtype, quantization, bytes }) => {
    const { layer, variable } = splitVariableName(name, names);
    const owner = layer === null ? undefined : known.get(layer);
    // `kernel_1` stands for the kernel where there is no `kernel`.
    const key = `${layer ?? ''}\n${variable}`;
    if (layer !== null && (!tensorOf.has(key) || name.endsWith(`/${variable}`))) tensorOf.set(key, name);
    return createTensor(
      {
        name,
        shape,
        dtype,
        quantization,
        ...kerasVariable(owner?.className ?? '', variable, shape),
        layer,
        statedInitializer: owner === undefined ? null : statedInitializer(owner, variable),
      },
      bytes,
    );
  });
  const base = { format: 'tfjs-layers', producer: producerOf(json), tensors } as const;
  if (layers === null) return { ...base, architecture: null, notes: [noLayers] };
  const graph = kerasGraph(layers, (layer, variable) => tensorOf.get(`${layer}\n${variable}`) ?? null);
  return { ...base, ...graphArchitecture(graph, tensors, options) };
}

const noLayers =
  'The topology is no Sequential or Functional model of Keras, so roles and the network are not known.';
