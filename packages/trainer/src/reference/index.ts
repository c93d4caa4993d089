/**
 * @kindling/trainer/reference — training in plain f64 on plain arrays: what the engine is checked against. Slow,
 * obvious, and free to use the host's `Math`; nothing that makes a record may import it.
 */
export {
  type ReferenceLayer,
  type ReferenceStep,
  referenceGradients,
  referenceRegressionGradients,
  referenceSgdStep,
} from './dense-training.js';
