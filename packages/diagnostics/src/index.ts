/**
 * @kindling/diagnostics — predicted and measured length scales of deep ReLU networks, theory beside measurement.
 */

export { empiricalLengthVariance } from './measure/length-variance.js';
export { type LengthMeasurement, type MeasureLengthsOptions, measureLengths } from './measure/lengths.js';
export {
  type LengthPrediction,
  meanLengthFactor,
  type PredictLengthsOptions,
  predictLengths,
} from './theory/lengths.js';
