/**
 * Keras' HDF5 files (`.h5`, `.hdf5`, `.keras` before Keras 3): whole models with their configuration, and weights only. Groups are
 * layers; the attributes `layer_names` and `weight_names` give them in order.
 */
import { printableName } from '../../errors/printable-name.js';
import type { Model } from '../../model/model.js';
import { type Hdf5File, type Hdf5Object, hdf5Signature, openHdf5 } from '../hdf5/hdf5-file.js';
import { parseJsonBytes } from '../json/parse-json.js';
import type { ModelFormat } from '../model-format.js';
import { listKerasLayers } from './keras-layer.js';
import { type KerasWeight, kerasModel, requireOwnBytes } from './keras-tensors.js';
import { readNumberedWeights } from './numbered-weights.js';

export const kerasH5Format: ModelFormat = {
  title: 'Keras .h5',
  recognizes: ({ head }) => head.length >= 8 && hdf5Signature.every((byte, i) => head[i] === byte),
  async read(sources, _probe, options): Promise<Model> {
    const { main } = sources;
    const file = await openHdf5(main);
    const weightsOf = await file.find(file.root, 'model_weights');
    const home = weightsOf ?? file.root;
    const text = async (name: string) =>
      (await home.texts(name))?.[0] ?? (await file.root.texts(name))?.[0] ?? null;
    const version = await text('keras_version');
    const configuration = (await file.root.texts('model_config'))?.join('') ?? null;
    const json =
      configuration === null ? null : parseJsonBytes(new TextEncoder().encode(configuration), main.name);
    const layers = json === null ? null : listKerasLayers(json);
    const named = await namedWeights(file, home);
    const notes: string[] = [];
    if (configuration === null) notes.push(weightsOnly);
    else if (layers === null) notes.push(otherModel);
    if ((await file.root.members())?.has('optimizer_weights') === true) notes.push(optimizerLeft);
    return kerasModel(
      'keras-h5',
      version === null ? null : `Keras ${printableName(version)}`,
      requireOwnBytes(file, named ?? (await readNumberedWeights(file, layers))),
      layers,
      notes,
      options,
    );
  },
};

const weightsOnly =
  'The file holds weights only: what the layers are and how they are connected is not known.';
const otherModel =
  'The configuration is no Sequential or Functional model of Keras, so the network is not known.';
const optimizerLeft = 'Weights of the optimizer are left out.';

/** Weights by the lists of names; `null` where there are none. */
async function namedWeights(file: Hdf5File, home: Hdf5Object): Promise<readonly KerasWeight[] | null> {
  const layerNames = await home.texts('layer_names');
  if (layerNames === null) return null;
  const weights: KerasWeight[] = [];
  const taken = new Set<string>();
  for (const layer of layerNames) {
    const group = await file.find(home, layer);
    const names = (await group?.texts('weight_names')) ?? [];
    for (const name of names) {
      const dataset = group === null ? null : ((await file.find(group, name))?.dataset() ?? null);
      if (dataset === null) throw missing(file, layer, name);
      const unique = taken.has(name) || !name.includes('/') ? `${layer}/${name}` : name;
      if (taken.has(unique)) throw file.broken('every weight once', `${printableName(unique)} twice`);
      taken.add(unique);
      weights.push({ name: unique, layer, variable: variableOf(name), dataset });
    }
  }
  return weights;
}

/** `dense/kernel:0` → `kernel`; `kernel_1` is the kernel of a second layer of the name in old versions. */
function variableOf(name: string): string {
  return (name.split('/').at(-1) ?? '').replace(/:\d+$/, '').replace(/_\d+$/, '');
}

function missing(file: Hdf5File, layer: string, name: string) {
  return file.broken(
    `the weight ${JSON.stringify(printableName(name))} of ${JSON.stringify(printableName(layer))}`,
    'none',
  );
}
