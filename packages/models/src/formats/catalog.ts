/**
 * The formats in the order in which they are tried: those with a signature first, what only looks plausible last. What recognizes a
 * file is small and always there; what reads one is loaded when a file of the format comes, so that a page brings no HDF5 for an npy.
 */
import { fieldOf, isObject } from './json/parse-json.js';
import type { ModelFormat } from './model-format.js';
import { isHdf5, isNpy, isSafetensors } from './signatures.js';
import { isManifest } from './tensorflow-js/manifest-groups.js';

export const modelFormats: readonly ModelFormat[] = [
  {
    title: 'npy',
    recognizes: ({ head }) => isNpy(head),
    read: async (sources) => (await import('./numpy/read-numpy.js')).readNpy(sources),
  },
  {
    title: 'Keras .h5',
    recognizes: ({ head }) => isHdf5(head),
    read: async (sources, _, options) =>
      (await import('./keras/read-keras-h5.js')).readKerasH5(sources, options),
  },
  {
    title: 'Keras .keras',
    recognizes: ({ zipEntries }) =>
      ['config.json', 'model.weights.h5'].every((name) => zipEntries?.includes(name) ?? false),
    read: async (sources, _, options) =>
      (await import('./keras/read-keras-v3.js')).readKerasV3(sources, options),
  },
  {
    title: 'npz',
    recognizes: ({ zipEntries }) =>
      zipEntries !== null && zipEntries.length > 0 && zipEntries.every((name) => name.endsWith('.npy')),
    read: async (sources) => (await import('./numpy/read-numpy.js')).readNpz(sources),
  },
  {
    title: 'TensorFlow.js (model.json or a weights manifest)',
    recognizes({ json }) {
      if (isManifest(json)) return json.length > 0;
      return fieldOf(json, 'weightsManifest') !== undefined || fieldOf(json, 'modelTopology') !== undefined;
    },
    read: async (sources, { json }, options) =>
      (await import('./tensorflow-js/read-tensorflow-js.js')).readTensorflowJs(sources, json, options),
  },
  {
    title: 'an index of safetensors',
    recognizes: ({ json }) => isObject(fieldOf(json, 'weight_map')),
    read: async (sources, { json }) =>
      (await import('./safetensors/read-safetensors.js')).readSafetensorsIndex(sources, json),
  },
  {
    title: 'safetensors',
    recognizes: ({ head, source }) => isSafetensors(head, source.size),
    read: async (sources) => (await import('./safetensors/read-safetensors.js')).readSafetensors(sources),
  },
  {
    title: 'ONNX',
    // ONNX has no signature: telling it takes its reader, which is loaded when nothing else fits.
    recognizes: async ({ head, source }) =>
      (await import('./onnx/looks-like-onnx.js')).looksLikeOnnx(head, source.size),
    read: async (sources, _, options) => (await import('./onnx/read-onnx.js')).readOnnx(sources, options),
  },
];
