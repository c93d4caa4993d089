/** TensorFlow.js: which of its three kinds of JSON a file is. */
import { ModelFormatError } from '../../errors/model-format-error.js';
import { fieldOf } from '../json/parse-json.js';
import type { ModelFormat } from '../model-format.js';
import { readGraphModel } from './read-graph-model.js';
import { readLayersModel } from './read-layers-model.js';
import { readWeightsOnly } from './read-weights-only.js';
import { isManifest } from './weights-manifest.js';

export const tensorflowJsFormat: ModelFormat = {
  title: 'TensorFlow.js (model.json or a weights manifest)',
  recognizes({ json }) {
    if (isManifest(json)) return json.length > 0;
    return fieldOf(json, 'weightsManifest') !== undefined || fieldOf(json, 'modelTopology') !== undefined;
  },
  async read(sources, { json }, options) {
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
  },
};
