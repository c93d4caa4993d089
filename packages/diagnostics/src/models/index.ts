/**
 * @kindling/diagnostics/models — verdicts on the models people have: what `@kindling/models` has opened is read once, its tensors
 * are told their laws, and its network is judged by real passes, or by the weights alone. No DOM, no Node.
 */
export { type CloseFindings, openKernelMatrix, type SpectrumFindings } from './close-findings.js';
export { diagnoseModel, type ModelDiagnosis, type ModelDiagnosisRequest } from './diagnose-model.js';
export { fileHeadline } from './file-headline.js';
export { type ModelInputs, type ModelInputsRequest, randomInputs } from './model-inputs.js';
export { notFiniteText } from './not-finite-text.js';
export {
  type FindTensorsOptions,
  familyLevel,
  findTensors,
  floatBytes,
  type ReadingMeter,
  type TensorFindings,
  testLevel,
  trainedAnswer,
} from './tensor-findings.js';
export { WeightsError } from './weights-error.js';
