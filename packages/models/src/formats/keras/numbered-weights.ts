/**
 * Weights as Keras 3 writes them into `model.weights.h5`: `layers/dense_1/vars/0`. A group is not named after its layer but after
 * its class and how many of the class stand before it; newer versions add the layer's name as an attribute. A model inside a model
 * is a layer with layers of its own: `layers/functional/layers/dense/vars/0`.
 */
import { printableName } from '../../errors/printable-name.js';
import type { Hdf5File, Hdf5Object } from '../hdf5/hdf5-file.js';
import { type KerasLayer, type KerasLayers, listKerasLayers } from './keras-layer.js';
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
  const visit = async (
    object: Hdf5Object,
    path: readonly string[],
    owner: KerasOwner | null,
    place: Place | null,
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
      const variable = variableOf(owner?.layer ?? null, path);
      if (dataset !== null) {
        weights.push({ name, layer: owner?.name ?? null, owner: owner?.layer ?? null, variable, dataset });
      }
      return;
    }
    for (const [name, address] of members) {
      if (path.length === 0 && name === 'optimizer') continue;
      const member = await file.open(address);
      const inner = [...path, name];
      if (place?.kind === 'layers') {
        const told = (await member.texts('name'))?.[0] ?? '';
        const layer = place.model.byName.get(told) ?? place.model.byGroup.get(name) ?? null;
        // Inside a model, two layers may have the name of one outside.
        const found = layer === null ? null : { layer, name: [...place.model.path, layer.name].join('/') };
        await visit(member, inner, found, found === null ? null : placeInside(found));
      } else {
        const isList = place !== null && listNames.has(name);
        await visit(member, inner, owner, isList ? { ...place, kind: 'layers' } : null);
      }
    }
  };
  await visit(file.root, [], null, { kind: 'model', model: modelOf(layers, []) });
  return weights;
}

/** Groups of a model's layers; the second name is that of the first versions. */
const listNames: ReadonlySet<string> = new Set(['layers', '_layer_checkpoint_dependencies']);

/** The layer a group is of, and its name in the whole model. */
interface KerasOwner {
  readonly layer: KerasLayer;
  readonly name: string;
}

/** A model's layers by the name of the group and of the layer. */
interface NumberedModel {
  readonly path: readonly string[];
  readonly byGroup: ReadonlyMap<string, KerasLayer>;
  readonly byName: ReadonlyMap<string, KerasLayer>;
}

/** A group that is a model, or the list of a model's layers. */
interface Place {
  readonly kind: 'model' | 'layers';
  readonly model: NumberedModel;
}

function modelOf(layers: KerasLayers | null, path: readonly string[]): NumberedModel {
  const byName = new Map((layers?.layers ?? []).map((layer) => [layer.name, layer]));
  return { path, byGroup: layersByGroup(layers), byName };
}

/** The model that a layer is; `null` for any other layer. */
function placeInside({ layer, name }: KerasOwner): Place | null {
  const layers = listKerasLayers({ class_name: layer.className, config: layer.config });
  return layers === null ? null : { kind: 'model', model: modelOf(layers, name.split('/')) };
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
  if (/^(Batch|Layer|Group)Normalization$/.test(className)) {
    const scaled = config['scale'] === false ? [] : ['gamma'];
    const centered = config['center'] === false ? [] : ['beta'];
    const moving = className === 'BatchNormalization' ? ['moving_mean', 'moving_variance'] : [];
    return [...scaled, ...centered, ...moving];
  }
  return Object.hasOwn(variables, className) ? (variables[className] ?? []) : [];
}
