/** The formats in the order in which they are tried: those with a signature first, what only looks plausible last. */
import { kerasH5Format } from './keras/keras-h5-format.js';
import { kerasV3Format } from './keras/keras-v3-format.js';
import type { ModelFormat } from './model-format.js';
import { npyFormat, npzFormat } from './numpy/numpy-formats.js';
import { onnxFormat } from './onnx/onnx-format.js';
import { safetensorsFormat, safetensorsIndexFormat } from './safetensors/read-safetensors.js';
import { tensorflowJsFormat } from './tensorflow-js/tensorflow-js-format.js';

export const modelFormats: readonly ModelFormat[] = [
  npyFormat,
  kerasH5Format,
  kerasV3Format,
  npzFormat,
  tensorflowJsFormat,
  safetensorsIndexFormat,
  safetensorsFormat,
  onnxFormat,
];
