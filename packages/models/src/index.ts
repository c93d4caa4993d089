/**
 * @kindling/models — reads the model files people have. Named tensors with role, layout and fans, and the network where the file
 * tells it. No DOM, no Node; `@kindling/models/node` opens paths.
 */
export { ModelFormatError } from './errors/model-format-error.js';
export { UnsupportedModelError } from './errors/unsupported-model-error.js';
export type { DType, Floats } from './model/dtype.js';
export type {
  Model,
  ModelArchitecture,
  ModelFormatName,
  OpenModelOptions,
  ParameterMapping,
} from './model/model.js';
export type {
  ModelTensor,
  Quantization,
  StatedInitializer,
  TensorDescription,
  TensorFans,
  TensorLayout,
  TensorRole,
} from './model/model-tensor.js';
export { openModel } from './open-model.js';
export { type BlobLike, sourceFromBlob, sourceFromBytes, sourcesOf } from './source/memory-source.js';
export type { Source, Sources } from './source/source.js';
