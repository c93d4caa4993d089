/**
 * @kindling/tfjs — will this TensorFlow.js model start training? Diagnosis, repair, initializers and a watch for any LayersModel on the
 * active backend, with the instance of TensorFlow.js that the caller has. No DOM, no Node.
 */
export { type Audit, type AuditedInitializer, type AuditOptions, audit } from './initializers/audit.js';
export {
  KindlingInitializer,
  type KindlingInitializerOptions,
  kindlingInitializer,
} from './initializers/kindling-initializer.js';
export type { DeadUnits, DeadUnitsOfLayer } from './measure/dead-units.js';
export type { KernelGradient, KernelGradients } from './measure/gradients.js';
export type { InputOptions, ModelInputs } from './measure/input-batch.js';
export { type RepairOptions, type RepairReport, repair } from './repair/repair.js';
export { type DiagnoseModelOptions, diagnose } from './verdict/diagnose.js';
export type { LayerReport, MeasuredVerdict, ModelDiagnosis } from './verdict/model-diagnosis.js';
export { startWatch, type WatchOptions, type WatchReport } from './watch/start-watch.js';
