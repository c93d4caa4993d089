/** A model in memory as `@kindling/models` reads it from a file: the same topology, and weights that nobody reads. */
import { type Model, openModel, type Source, sourceFromBytes, sourcesOf } from '@kindling/models';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { variableName } from './kernels.js';

/** `model.toJSON()`, and for every weight the name it got here: layer, slash, variable. */
export interface ReadTopology {
  readonly model: Model;
}

/**
 * Roles, stated initializers and, where the core can run it, the architecture of a model. Its numbers stay where they are: the tensors
 * of the result cannot be read.
 *
 * @throws ModelFormatError for a topology that contradicts its weights
 */
export async function readTopology(model: LayersModel): Promise<ReadTopology> {
  const topology: unknown = model.toJSON(null, false);
  const names = new Set<string>();
  const weights = model.layers.flatMap((layer) =>
    layer.weights.map(({ originalName, shape }) => {
      const name = uniqueName(`${layer.name}/${variableName(originalName)}`, names);
      // Only shapes matter, and the reader knows f32 by four bytes a number.
      return { name, shape: shape.map((size) => size ?? 0), dtype: 'float32' };
    }),
  );
  const bytes = weights.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
  const json = { modelTopology: topology, weightsManifest: [{ paths: ['weights'], weights }] };
  const main = sourceFromBytes('model.json', new TextEncoder().encode(JSON.stringify(json)));
  return { model: await openModel(sourcesOf(main, [unreadable('weights', bytes)])) };
}

function uniqueName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let i = 1; taken.has(name); i++) name = `${wanted}/${i}`;
  taken.add(name);
  return name;
}

function unreadable(name: string, size: number): Source {
  return {
    name,
    size,
    read: () => Promise.reject(new RangeError('readTopology: the weights are in the model, not here')),
  };
}
