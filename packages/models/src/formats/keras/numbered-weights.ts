/**
 * Weights as Keras 3 writes them into `model.weights.h5`: `layers/dense_1/vars/0`. A group is not named after its layer but after
 * its class and how many of the class stand before it; newer versions add the layer's name as an attribute.
 */
import { printableName } from '../../errors/printable-name.js';
import type { Hdf5File, Hdf5Object } from '../hdf5/hdf5-file.js';
import type { KerasLayer, KerasLayers } from './keras-layer.js';
import type { KerasWeight } from './keras-tensors.js';

/** Groups inside each other. Models inside models inside models have about ten. */
const mostNested = 32;
/** Groups and data sets in all. */
const mostObjects = 200_000;

/** Variables of a layer in the order of their numbers. */
const variables: Readonly<Record<string, readonly string[]>> = {
  Dense: ['kernel', 'bias'],
  Conv1D: ['kernel', 'bias'],
  Conv2D: ['kernel', 'bias'],
  Conv3D: ['kernel', 'bias'],
  Conv1DTranspose: ['kernel', 'bias'],
  Conv2DTranspose: ['kernel', 'bias'],
  DepthwiseConv2D: ['kernel', 'bias'],
  SeparableConv2D: ['depthwise_kernel', 'pointwise_kernel', 'bias'],
  Embedding: ['embeddings'],
  LayerNormalization: ['gamma', 'beta'],
  SimpleRNN: ['kernel', 'recurrent_kernel', 'bias'],
  LSTM: ['kernel', 'recurrent_kernel', 'bias'],
  GRU: ['kernel', 'recurrent_kernel', 'bias'],
  PReLU: ['alpha'],
};

/**
 * All data sets of the file, those of the optimizer left out, with layer and variable where they are known.
 *
 * @throws ModelFormatError for groups that stand inside themselves or are reached by two names
 */
export async function readNumberedWeights(
  file: Hdf5File,
  layers: KerasLayers | null,
): Promise<readonly KerasWeight[]> {
  const weights: KerasWeight[] = [];
  const seen = new Set<number>();
  const byGroup = layersByGroup(layers);
  const byName = new Map((layers?.layers ?? []).map((layer) => [layer.name, layer]));
  const visit = async (
    object: Hdf5Object,
    path: readonly string[],
    owner: KerasLayer | null,
  ): Promise<void> => {
    if (seen.has(object.address))
      throw file.broken('every object by one name', `${printableName(path.join('/'))} by a second`);
    seen.add(object.address);
    if (path.length > mostNested || seen.size > mostObjects) {
      throw file.broken(`at most ${mostObjects} objects in ${mostNested} levels`, 'more');
    }
    const members = await object.members();
    if (members === null) {
      const dataset = object.dataset();
      const name = path.join('/');
      const variable = variableOf(owner, path);
      if (dataset !== null) weights.push({ name, layer: owner?.name ?? null, variable, dataset });
      return;
    }
    for (const [name, address] of members) {
      if (path.length === 0 && name === 'optimizer') continue;
      const member = await file.open(address);
      const inner = [...path, name];
      const told = isLayerGroup(inner) ? ((await member.texts('name'))?.[0] ?? null) : null;
      const found = isLayerGroup(inner) ? (byName.get(told ?? '') ?? byGroup.get(name) ?? null) : owner;
      await visit(member, inner, found);
    }
  };
  await visit(file.root, [], null);
  return weights;
}

/** `layers/dense`, in the first versions `_layer_checkpoint_dependencies/dense`. */
function isLayerGroup(path: readonly string[]): boolean {
  return path.length === 2 && (path[0] === 'layers' || path[0] === '_layer_checkpoint_dependencies');
}

/** Snake case of the class, with `_1`, `_2`, … from the second one on. */
function layersByGroup(layers: KerasLayers | null): ReadonlyMap<string, KerasLayer> {
  const counts = new Map<string, number>();
  const groups = new Map<string, KerasLayer>();
  for (const layer of layers?.layers ?? []) {
    const base = layer.className
      .replace(/\W+/g, '')
      .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .toLowerCase();
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    groups.set(count === 0 ? base : `${base}_${count}`, layer);
  }
  return groups;
}

function variableOf(owner: KerasLayer | null, path: readonly string[]): string {
  const last = path.at(-1) ?? '';
  const number = /^\d{1,4}$/.test(last) && path.at(-2) === 'vars' ? Number(last) : null;
  if (number === null || owner === null) return last;
  return variablesOf(owner)[number] ?? last;
}

function variablesOf({ className, config }: KerasLayer): readonly string[] {
  if (className === 'BatchNormalization') {
    const scaled = config['scale'] === false ? [] : ['gamma'];
    const centered = config['center'] === false ? [] : ['beta'];
    return [...scaled, ...centered, 'moving_mean', 'moving_variance'];
  }
  return Object.hasOwn(variables, className) ? (variables[className] ?? []) : [];
}
