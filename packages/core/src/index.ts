/**
 * @kindling/core — kernels, memory, random keys, dense ReLU networks, convolutions. No DOM, no Node: the same code and the same
 * bits wherever WebAssembly SIMD runs.
 */
export type {
  Activating,
  Activation,
  Architecture,
  ArchitectureInput,
  Convolutional,
  Extent,
  FullyConnected,
  Layer,
  Plain,
  Pooling,
  Residual,
  ResidualScale,
  TensorShape,
} from './architecture/architecture.js';
export {
  type ArchitectureShorthand,
  architectureShorthand,
  architectureText,
} from './architecture/architecture-text.js';
export {
  type ConvolutionalSizes,
  convolutionalArchitecture,
  denseArchitecture,
  type ResidualSizes,
  residualArchitecture,
} from './architecture/build-architecture.js';
export { countOf, countText } from './architecture/count-text.js';
export {
  describeShape,
  inputShape,
  isFlat,
  type LayerFans,
  layerFans,
  layerShapes,
  projectionOf,
} from './architecture/layer-shapes.js';
export { parseArchitecture } from './architecture/parse-architecture.js';
export {
  convolutionalSizesOf,
  denseSizesOf,
  residualSizesOf,
  scaleRuleOf,
} from './architecture/recognize-architecture.js';
export { type ResidualScaleRule, residualScales } from './architecture/residual-scales.js';
export { parseScaleRule, type ResidualScaling, scaleRuleText } from './architecture/scale-shorthand.js';
export {
  type ConvolutionalShorthandOptions,
  parseConvolutionalShorthand,
  parseKernelShorthand,
  parsePadding,
  parseResidualShorthand,
  type ResidualShorthandOptions,
} from './architecture/shorthand.js';
export {
  parseCount,
  parseRepeats,
  type Repeated,
  repeatsText,
  type ShorthandPart,
  shortened,
} from './architecture/shorthand-parts.js';
export {
  conv2dBiasGradient,
  conv2dForward,
  conv2dInputGradient,
  conv2dWeightGradient,
} from './convolution/conv2d.js';
export {
  type Convolution,
  type ConvolutionGeometry,
  convolutionGeometry,
  convolutionScratchFloats,
  type Padding,
} from './convolution/geometry.js';
export {
  averagePool,
  averagePoolBackward,
  globalPool,
  maxPool,
  maxPoolBackward,
  type Pool,
  pooledSize,
} from './convolution/pooling.js';
export { createEngine, type Engine, type EngineOptions } from './engine.js';
export { type ErrorData, fromErrorData, type KindlingErrorClass, toErrorData } from './errors/error-data.js';
export { InvalidArgumentError } from './errors/invalid-argument-error.js';
export { type ErrorDetails, KindlingError, type KindlingErrorOptions } from './errors/kindling-error.js';
export { OutOfMemoryError } from './errors/out-of-memory-error.js';
export { printableText } from './errors/printable-text.js';
export { UnsupportedEngineError } from './errors/unsupported-engine-error.js';
export type { KernelExports, Pointer } from './kernels/kernel-exports.js';
export type { KernelBuild, KernelModule } from './kernels/kernel-module.js';
export { type PortableMath, portableMath } from './math/portable-math.js';
export { Arena, type ArenaMark, takenBytes } from './memory/arena.js';
export { allocateScratch, type Scratch } from './memory/scratch.js';
export {
  allocateDenseNetwork,
  allocateForward,
  checkArchitecture,
  type DenseArchitecture,
  type DenseLayer,
  type DenseNetwork,
  type ForwardWorkspace,
  forward,
  type LayerTap,
  type NetworkInput,
} from './network/dense-network.js';
export {
  beginForward,
  copyFlat,
  copyImages,
  forwardNetwork,
  forwardStep,
  type GeneralInput,
  matrixOf,
  type NetworkTap,
  readsSparseRows,
  rowsOf,
  scaleOf,
} from './network/forward-network.js';
export { type GradientPlan, planGradients } from './network/gradient-plan.js';
export {
  allocateNetwork,
  allocateWorkspace,
  imagesOf,
  type KeptActivations,
  type Network,
  type NetworkWorkspace,
  type Parameter,
  valueFloats,
} from './network/network.js';
export { estimateNetworkMemory, type NetworkMemory } from './network/network-memory.js';
export {
  compileArchitecture,
  countParameters,
  type LayerPlace,
  listParameters,
  type ParameterIndex,
  type ParameterShape,
  type Program,
  type Step,
  type Value,
  valuesRead,
} from './network/program.js';
export { type Need, planRooms, type RoomPlan } from './network/rooms.js';
export {
  allocateChannelStatistics,
  batchNormBackward,
  batchNormForward,
  batchNormScratchFloats,
  type ChannelStatistics,
  defaultEpsilon,
  readChannelStatistics,
} from './normalization/batch-normalization.js';
export { deriveKey, keyPurpose, type RandomKey, rootKey } from './random/keys.js';
export { philox4x32, type Words } from './random/philox.js';
export { openStream, type Stream } from './random/stream.js';
export { mean, median, quantile, sampleVariance, standardError } from './statistics/moments.js';
export { foldBorder, wrapBorder, zeroBorder } from './tensor/border.js';
export {
  allFloats,
  allocateImages,
  type Border,
  firstImages,
  flattenImages,
  type ImageLayout,
  type ImageShape,
  type Images,
  imagesAt,
  noBorder,
  placeOf,
  readImages,
  sameLayout,
  sumSquaresOfImages,
  unflattenImages,
  widerBorder,
  writeImages,
} from './tensor/images.js';
export {
  allocateMatrix,
  clearMatrix,
  firstRows,
  leadingDimension,
  type Matrix,
  packedFloats,
  readMatrix,
  sumSquares,
  writeMatrix,
} from './tensor/matrix.js';
export { allocateSparseRows, isSparse, type SparseRows, writeSparseRows } from './tensor/sparse-rows.js';
