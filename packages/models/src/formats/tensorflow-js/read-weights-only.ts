/** A manifest by itself, as `*-weights_manifest.json` of converters before version 1 and of face-api. */
import { classifyTensors } from '../../classification/classify-tensors.js';
import { createTensor } from '../../model/create-tensor.js';
import type { Model } from '../../model/model.js';
import type { Sources } from '../../source/source.js';
import { readWeightsManifest } from './weights-manifest.js';

export async function readWeightsOnly(sources: Sources, manifest: readonly unknown[]): Promise<Model> {
  const weights = await readWeightsManifest(sources, manifest);
  const classes = classifyTensors(weights);
  return {
    format: 'tfjs-weights',
    producer: null,
    tensors: weights.map(({ bytes, ...weight }, i) => createTensor({ ...weight, ...classes[i] }, bytes)),
    architecture: null,
    notes: [
      'A manifest of weights holds no graph: roles, layouts and layers are told from names and shapes, and the network cannot be run.',
    ],
  };
}
