/**
 * Keras' HDF5 files (`.h5`, `.hdf5`, `.keras` before Keras 3): whole models with their configuration, and weights only. Groups are
 * layers; the attributes `layer_names` and `weight_names` give them in order.
 */
import { printableName, quotedName } from '../../errors/printable-name.js';
import type { Model, OpenModelOptions } from '../../model/model.js';
import type { Sources } from '../../source/source.js';
import { type Hdf5File, type Hdf5Object, openHdf5 } from '../hdf5/hdf5-file.js';
import { parseJsonBytes } from '../json/parse-json.js';
import { listKerasLayers } from './keras-layer.js';
import { type KerasWeight, kerasModel, requireOwnBytes } from './keras-tensors.js';
import { readNumberedWeights } from './numbered-weights.js';

/**
 * @throws ModelFormatError for a file that breaks its format's rules
 * @throws UnsupportedModelError for what h5py does not write by default
 */
export async function readKerasH5({ main }: Sources, options: OpenModelOptions): Promise<Model> {
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
}

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
  return file.broken(`the weight ${quotedName(name)} of ${quotedName(layer)}`, 'none');
}
