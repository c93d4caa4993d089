/**
 * @kindling/initializers — weight initializers by their true variance: one variance-scaling engine, names as data.
 */
export {
  figure1Initializers,
  type InitializerName,
  initializerLaw,
  initializerNames,
  initializerTitle,
  isInitializerName,
} from './catalog.js';
export { drawWeights, initializeNetwork } from './draw-weights.js';
export {
  type EffectiveVariance,
  effectiveVariance,
  type FanMode,
  type Fans,
  nominalVariance,
  truncatedNormalMoments,
  type VarianceScaling,
  type WeightDistribution,
} from './variance-scaling.js';
