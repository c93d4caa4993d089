/**
 * @kindling/core/reference — a plain twin of every kernel, to read and to test against. Twins without a suffix compute in
 * f64; those ending in `F32` round where the kernel rounds and give its bits. All take and return arrays without padding.
 *
 * Slow, and some use the host's `Math`, whose last digit differs between engines: nothing here is ever part of a trial.
 */

export { countCorrect } from './accuracy.js';
export { type AdamState, type AdamStep, adamUpdate, adamUpdateF32 } from './adam.js';
export { type AdamaxState, type AdamaxStep, adamaxUpdate, adamaxUpdateF32 } from './adamax.js';
export { axpy, axpyF32 } from './axpy.js';
export {
  type BatchNormGradients,
  type BatchNormParameters,
  type BatchNormStatistics,
  batchNorm,
  batchNormBackward,
  batchNormBackwardF32,
  batchNormF32,
  batchNormStatistics,
} from './batch-norm.js';
export { channelSums } from './channel-sums.js';
export { columnSums, columnSumsF32 } from './column-sums.js';
export {
  type ConvolutionProblem,
  type ConvolutionSizes,
  conv2d,
  conv2dF32,
  conv2dInputGradient,
  conv2dInputGradientF32,
  conv2dWeightGradient,
  conv2dWeightGradientF32,
  convolutionAsProduct,
} from './convolution.js';
export { dot } from './dot.js';
export { type ExactLengthLayer, type ExactLengthResult, exactLength, exactLengths } from './exact-lengths.js';
export { exponential, exponentialF32 } from './exponential.js';
export {
  countFloatGroups,
  countFloatKeys,
  floatBitRuns,
  floatRuns,
  type RunState,
  type SideLimits,
} from './float-bits.js';
export { gatherLabels, gatherPixels, gatherPixelsF32 } from './gather.js';
export { type GemmProblem, gemm, gemmErrorBound, gemmF32, roundingBound } from './gemm.js';
export { addGrid, addGridF32, copyGrid, type GridPlace, type GridSize, zeroGrid } from './grid.js';
export { laplace, laplaceF32 } from './laplace.js';
export {
  leakyRelu,
  leakyReluBackward,
  leakyReluBackwardF32,
  leakyReluF32,
  relu,
} from './leaky-relu.js';
export { logarithm, logarithmF32 } from './logarithm.js';
export { meanSquaredError, meanSquaredErrorF32, type SquaredErrorOutcome } from './mean-squared-error.js';
export { type MomentumState, momentumUpdate, momentumUpdateF32 } from './momentum.js';
export { normal, normalF32 } from './normal.js';
export { orthonormalizeRows, orthonormalizeRowsF32 } from './orthonormalize-rows.js';
export { permutation } from './permutation.js';
export { philox } from './philox.js';
export {
  averagePool,
  averagePoolBackward,
  averagePoolBackwardF32,
  maxPool,
  maxPoolBackward,
  maxPoolBackwardF32,
  type PoolSizes,
} from './pooling.js';
export { positiveSquareSum } from './positive-square-sum.js';
export { rademacher } from './rademacher.js';
export {
  type RandomReluLayer,
  type RandomReluResult,
  randomReluNet,
  randomReluNets,
} from './random-relu-net.js';
export { reluBackward } from './relu-backward.js';
export { scale, scaleF32 } from './scale.js';
export { selu, seluBackward, seluBackwardF32, seluF32, seluHeight, seluSlope } from './selu.js';
export { sgdUpdate, sgdUpdateF32 } from './sgd.js';
export {
  type SoftmaxOutcome,
  type SoftmaxProblem,
  softmaxCrossEntropy,
  softmaxCrossEntropyF32,
} from './softmax-cross-entropy.js';
export {
  gatherSparsePixels,
  type ReferenceSparseRows,
  type SparseEpilogue,
  sparseNn,
  sparseNnF32,
  sparseRows,
  sparseTn,
  sparseTnF32,
} from './sparse-rows.js';
export {
  type AdagradStep,
  adagradUpdate,
  adagradUpdateF32,
  type RmspropStep,
  rmspropUpdate,
  rmspropUpdateF32,
  type SquaresState,
} from './squared-gradients.js';
export { drawWords, type ReferenceStream, seedStream } from './stream.js';
export { type StudentTDraw, studentT } from './student-t.js';
export { sumSquares } from './sum-squares.js';
export { arcTangent, sine } from './trigonometry.js';
export { erf, inverseErf, truncatedNormal, truncatedNormalF32 } from './truncated-normal.js';
export { type UniformDraw, uniform, uniformF32 } from './uniform.js';
