/**
 * @kindling/trainer — backward pass, optimizers and data for deep ReLU networks, reproducible to the bit. It takes parameters
 * and never chooses an initializer. What touches the file system is in `@kindling/trainer/node`.
 */
export {
  allocateTraining,
  backward,
  type GradientVisitor,
  passBackward,
  passForward,
  type TrainingWorkspace,
} from './backward.js';
export {
  allocateNetworkTraining,
  type NetworkTraining,
  type ParameterVisitor,
  passNetworkBackward,
  passNetworkForward,
} from './backward-network.js';
export {
  allocateBatch,
  type Batch,
  type BatchRoom,
  gatherBatch,
  largestSparseShare,
  loadDatasetIntoMemory,
  type ResidentDataset,
  type ResidentPart,
  shuffle,
} from './batches.js';
export { type Bottleneck, findBottlenecks } from './bottlenecks.js';
export * from './data/index.js';
export { type ConstantTest, findDeadLayerOn, isConstant } from './dead-outputs.js';
export { type Evaluation, evaluate, findDeadLayer } from './evaluate.js';
export { type Loss, meanSquaredError, softmaxCrossEntropy } from './loss.js';
export {
  estimateTrainingMemory,
  type NetworkOptimizerState,
  type OptimizerState,
  openNetworkOptimizer,
  openOptimizer,
  trainNetworkStep,
  trainStep,
} from './optimizer.js';
export {
  openParameterOptimizer,
  type ParameterOptimizerState,
  type StepCounter,
} from './optimizer-rules.js';
export type { Optimizer } from './optimizer-settings.js';
export type { TrainableNetwork } from './passing.js';
export { type ServeTrainingOptions, serveTraining } from './threads/serve-training.js';
export { canShareMemory, shareBytes } from './threads/shared-memory.js';
export { canUseThreads, type TrainingThreads } from './threads/threaded-steps.js';
export { TrainingThreadError } from './threads/training-thread-error.js';
export { webWorker } from './threads/web-worker.js';
export type { SpawnedWorker, SpawnWorker, WorkerEndpoint } from './threads/worker.js';
export {
  type EpochReport,
  type TrainingOptions,
  type TrainingOutcome,
  type TrainingResult,
  train,
} from './train.js';
export {
  type RegressionOptions,
  type RegressionReport,
  type RegressionResult,
  trainRegression,
} from './train-regression.js';
