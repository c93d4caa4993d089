/** The formats in the order in which they are tried: those with a signature first, what only looks plausible last. */
import type { ModelFormat } from './model-format.js';
import { npyFormat, npzFormat } from './numpy/numpy-formats.js';
import { onnxFormat } from './onnx/onnx-format.js';
import { safetensorsFormat, safetensorsIndexFormat } from './safetensors/read-safetensors.js';
import { tensorflowJsFormat } from './tensorflow-js/tensorflow-js-format.js';

export const modelFormats: readonly ModelFormat[] = [
  npyFormat,
  npzFormat,
  tensorflowJsFormat,
  safetensorsIndexFormat,
  safetensorsFormat,
  onnxFormat,
];
