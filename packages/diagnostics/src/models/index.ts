/**
 * @kindling/diagnostics/models — verdicts on the models people have: what `@kindling/models` has opened is read once, its tensors
 * are told their laws, and its network is judged by real passes, or by the weights alone. No DOM, no Node.
 */
export { diagnoseModel, type ModelDiagnosis, type ModelDiagnosisRequest } from './diagnose-model.js';
export { fileHeadline } from './file-headline.js';
export { type ModelInputs, type ModelInputsRequest, randomInputs } from './model-inputs.js';
export {
  familyLevel,
  findTensors,
  floatBytes,
  type ReadingMeter,
  type TensorFindings,
  testLevel,
} from './tensor-findings.js';
export { WeightsError } from './weights-error.js';
