/**
 * @kindling/initializers — initializers as plain data, by their true variance: names, laws, what they deliver, and the
 * drawing of them.
 */
export {
  type InitializerName,
  initializerAliases,
  initializerNames,
  initializerTitle,
  isInitializerName,
} from './catalog/catalog.js';
export type { CatalogEntry, ParameterName, PresetOf } from './catalog/catalog-entry.js';
export { findInitializer, type NamedInitializer } from './catalog/find-initializer.js';
export {
  type DataDependentSquareOptions,
  dataDependentSquare,
} from './data-driven/data-dependent-square.js';
export type { InitializationData } from './data-driven/initialization-data.js';
export {
  type EffectiveVariance,
  effectiveVariance,
  varianceRatio,
} from './effective-variance.js';
export { initializeNetwork } from './initialize-network.js';
export { drawParameters, initializeParameters } from './initialize-parameters.js';
export {
  type DataDependent,
  type DataFreeInitializer,
  type Fixup,
  type Initializer,
  type LayerInitializer,
  type LayerwiseInitializer,
  type Lsuv,
  layerwise,
  needsBlocks,
  needsData,
  type RandomizedAsymmetric,
  type SignFlip,
} from './initializer.js';
export type { BiasLaw, InverseRootFanIn, ZeroBiases } from './laws/bias-law.js';
export { checkInitializer } from './laws/check-law.js';
export { type Distribution, distributions, truncatedNormalMoments } from './laws/distribution.js';
export type { FanMode, Fans, LayerShape } from './laws/layer-shape.js';
export { multiplyLaw } from './laws/multiply-law.js';
export type {
  ConstantValue,
  DeltaOrthogonal,
  Identity,
  Orthogonal,
  Sparse,
  StatedVariance,
  UniformRange,
  VarianceScaling,
  WeightLaw,
} from './laws/weight-law.js';
export { parameterLaws } from './parameter-laws.js';
export { type FixupOptions, fixupScale, skipInitScale } from './residual/residual-scales.js';
export { drawBiases, drawLayer, drawWeights } from './sampling/draw-layer.js';
export { type SymmetricDraw, symmetricDraw } from './sampling/fill-entries.js';
export { hasZeroBiases } from './zero-biases.js';
