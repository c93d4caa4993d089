/** What formats are called. */
import type { ModelFormatName } from './model.js';

/** Names for people, as their makers write them. */
export const modelFormatTitles: Readonly<Record<ModelFormatName, string>> = {
  safetensors: 'safetensors',
  'tfjs-layers': 'TensorFlow.js LayersModel',
  'tfjs-graph': 'TensorFlow.js GraphModel',
  'tfjs-weights': 'TensorFlow.js weights',
  onnx: 'ONNX',
  'keras-h5': 'Keras HDF5',
  'keras-v3': 'Keras',
  npy: 'NumPy array',
  npz: 'NumPy archive',
};
