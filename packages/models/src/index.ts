/**
 * @kindling/models — reads the model files people have. Named tensors with role, layout and fans, and the network where the file
 * tells it. No DOM, no Node; `@kindling/models/node` opens paths.
 */
export { ModelFormatError } from './errors/model-format-error.js';
export { printableName } from './errors/printable-name.js';
export { UnsupportedModelError } from './errors/unsupported-model-error.js';
export type { DType, Floats } from './model/dtype.js';
export { encodeFloats, type FloatDType } from './model/encode-floats.js';
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
export { tensorFans } from './model/tensor-fans.js';
export { loadModelNetwork } from './network/load-model-network.js';
export { parameterFromTensor, tensorFromParameter } from './network/parameter-order.js';
export { openModel } from './open-model.js';
export { type FileLike, sourcesOfFiles } from './source/file-list.js';
export { type BlobLike, sourceFromBlob, sourceFromBytes, sourcesOf } from './source/memory-source.js';
export type { Source, Sources } from './source/source.js';
export { type SummarizeOptions, summarizeTensor, type TensorSummary } from './statistics/summarize-tensor.js';
export { collectBytes } from './writers/collect-bytes.js';
export { type TensorToWrite, tensorOfFloats } from './writers/tensor-to-write.js';
export { writeSafetensors } from './writers/write-safetensors.js';
export { type TensorflowJsFiles, writeTensorflowJs } from './writers/write-tensorflow-js.js';
