/**
 * @kindling/trainer — backward pass, SGD and data for deep ReLU networks, reproducible to the bit. It takes parameters
 * and never chooses an initializer. What touches the file system is in `@kindling/trainer/node`.
 */
export { allocateTraining, backward, type GradientVisitor, type TrainingWorkspace } from './backward.js';
export {
  type Batch,
  type BatchRoom,
  gatherBatch,
  loadDatasetIntoMemory,
  type ResidentDataset,
  type ResidentPart,
  shuffle,
} from './batches.js';
export * from './data/index.js';
export { type Evaluation, evaluate, findDeadLayer } from './evaluate.js';
export { sgdStep } from './sgd.js';
export {
  type EpochReport,
  type TrainingOptions,
  type TrainingOutcome,
  type TrainingResult,
  train,
} from './train.js';
