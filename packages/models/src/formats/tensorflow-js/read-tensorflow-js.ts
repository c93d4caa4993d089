/** TensorFlow.js: which of its three kinds of JSON a file is. */
import { ModelFormatError } from '../../errors/model-format-error.js';
import type { Model, OpenModelOptions } from '../../model/model.js';
import type { Sources } from '../../source/source.js';
import { fieldOf } from '../json/parse-json.js';
import { isManifest } from './manifest-groups.js';
import { readGraphModel } from './read-graph-model.js';
import { readLayersModel } from './read-layers-model.js';
import { readWeightsOnly } from './read-weights-only.js';

/**
 * @param json the main file
 * @throws ModelFormatError, UnsupportedModelError for a manifest or topology that breaks its rules, or holds what is not read
 */
export async function readTensorflowJs(
  sources: Sources,
  json: unknown,
  options: OpenModelOptions,
): Promise<Model> {
  if (isManifest(json)) return readWeightsOnly(sources, json);
  const manifest = fieldOf(json, 'weightsManifest');
  if (!isManifest(manifest)) {
    throw new ModelFormatError(
      `openModel: ${sources.main.name} has no list weightsManifest with paths and weights; expected one — was the model saved without weights?`,
      { details: { file: sources.main.name, format: 'tfjs', expected: 'weightsManifest' } },
    );
  }
  const nodes = fieldOf(fieldOf(json, 'modelTopology'), 'node');
  if (Array.isArray(nodes)) return readGraphModel(sources, json, manifest, options);
  return readLayersModel(sources, json, manifest, options);
}
