/** Tensors of HDF5 files that Keras wrote, and the network where its configuration tells it. */
import { quotedName } from '../../errors/printable-name.js';
import { graphArchitecture } from '../../graph/graph-architecture.js';
import { createTensor } from '../../model/create-tensor.js';
import type { Model, OpenModelOptions } from '../../model/model.js';
import type { ModelTensor } from '../../model/model-tensor.js';
import { firstOverlap } from '../../source/first-overlap.js';
import type { Hdf5Dataset, Hdf5File } from '../hdf5/hdf5-file.js';
import { kerasGraph } from './keras-graph.js';
import type { KerasLayer, KerasLayers } from './keras-layer.js';
import { kerasVariable, statedInitializer } from './keras-variable.js';

/** A variable of a layer, and where it is. */
export interface KerasWeight {
  /** Unique in the file. */
  readonly name: string;
  readonly layer: string | null;
  /** The layer's configuration where `layer` is none of the outermost model's; looked up by its name otherwise. */
  readonly owner?: KerasLayer | null;
  /** `kernel`, `bias`, `gamma`. */
  readonly variable: string;
  readonly dataset: Hdf5Dataset;
}

/**
 * @param layers `null` where the file has no configuration of a Sequential or Functional model
 * @param notes that stand before those of the network
 */
export function kerasModel(
  format: 'keras-h5' | 'keras-v3',
  producer: string | null,
  weights: readonly KerasWeight[],
  layers: KerasLayers | null,
  notes: readonly string[],
  options: OpenModelOptions,
): Model {
  const known = new Map((layers?.layers ?? []).map((layer) => [layer.name, layer]));
  const names = new Map<string, string>();
  const tensors: ModelTensor[] = [];
  const unread: string[] = [];
  for (const weight of weights) {
    const { type } = weight.dataset;
    if (type.kind !== 'number') {
      const what = type.kind === 'other' ? type.what : 'text';
      unread.push(`${quotedName(weight.name)} holds ${what} and is left out.`);
      continue;
    }
    if (weight.layer !== null) names.set(`${weight.layer}\n${weight.variable}`, weight.name);
    tensors.push(tensorOf(weight, type.dtype, weight.owner ?? known.get(weight.layer ?? '')));
  }
  const base = { format, producer, tensors } as const;
  if (layers === null) return { ...base, architecture: null, notes: [...notes, ...unread] };
  const graph = kerasGraph(layers, (layer, variable) => names.get(`${layer}\n${variable}`) ?? null);
  const reading = graphArchitecture(graph, tensors, options);
  return { ...base, architecture: reading.architecture, notes: [...notes, ...unread, ...reading.notes] };
}

function tensorOf(
  { name, layer, variable, dataset }: KerasWeight,
  dtype: ModelTensor['dtype'],
  owner: KerasLayer | undefined,
): ModelTensor {
  const { shape, bytes } = dataset;
  // A model inside a model is a layer here, and its variables are those of layers inside.
  const isKnown = owner !== undefined && !/^(Functional|Sequential|Model)$/.test(owner.className);
  const told = kerasVariable(owner?.className ?? '', variable, shape);
  return createTensor(
    {
      ...{ name, shape, dtype, layer },
      ...(isKnown || told.role !== 'other' ? told : guessed(variable, shape)),
      statedInitializer: owner === undefined ? null : statedInitializer(owner, variable),
    },
    bytes,
  );
}

/** @throws ModelFormatError for two weights that share bytes of the file: a small file would hold endless ones */
export function requireOwnBytes(file: Hdf5File, weights: readonly KerasWeight[]): readonly KerasWeight[] {
  const overlap = firstOverlap(
    weights.flatMap(({ name, dataset: { place } }) => (place === null ? [] : [{ name, ...place }])),
  );
  if (overlap === null) return weights;
  const [first, second] = overlap.map(({ name }) => quotedName(name));
  throw file.broken('weights with bytes of their own', `${first} and ${second} with the same`);
}

/** A file of weights does not say what its layers are; Keras names a kernel `kernel` and writes its axes in one order. */
function guessed(variable: string, shape: readonly number[]) {
  if (variable !== 'kernel') return kerasVariable('', variable, shape);
  const classes: Readonly<Record<number, string>> = { 2: 'Dense', 3: 'Conv1D', 4: 'Conv2D', 5: 'Conv3D' };
  return kerasVariable(classes[shape.length] ?? '', variable, shape);
}
