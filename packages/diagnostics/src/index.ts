/**
 * @kindling/diagnostics — predicted and measured length scales of deep ReLU networks, theory beside measurement.
 */

export { dataDependentSquare as predictDataDependentSquare } from '@kindling/initializers';
export {
  type ActiveNeurons,
  type MeasureActiveNeuronsOptions,
  measureActiveNeurons,
} from './measure/active-neurons.js';
export {
  type BornDeadMeasurement,
  type MeasureBornDeadOptions,
  measureBornDead,
} from './measure/born-dead.js';
export {
  classifyDeadNeurons,
  type DeadNeurons,
  type DeadNeuronsOfLayer,
  measureDeadNeurons,
  neuronState,
} from './measure/dead-neurons.js';
export type { InputBall } from './measure/domain-points.js';
export {
  hasExactLaw,
  type SampleLengthsOptions,
  type SampleManyLengthsOptions,
  sampleLengths,
  sampleManyLengths,
} from './measure/exact-law.js';
export {
  type GradientMeasurement,
  type GradientNetOptions,
  type MeasureGradientNormsOptions,
  measureGradientNorms,
} from './measure/gradient-norms.js';
export type { GradientRefusal } from './measure/gradient-refusals.js';
export {
  type GradientStatistics,
  type GradientStatisticsOptions,
  type LayerGradients,
  measureGradientStatistics,
} from './measure/gradient-statistics.js';
export type { LengthMeans } from './measure/length-means.js';
export { largestRelativeError, type MeasurementRefusal } from './measure/length-refusals.js';
export { type LengthStatisticsOptions, measureLengthStatistics } from './measure/length-statistics.js';
export type { LayerStatistics, LengthStatistics } from './measure/length-summary.js';
export { empiricalLengthVariance } from './measure/length-variance.js';
export type { LengthMeasurement } from './measure/length-walk.js';
export { type MeasureLengthsOptions, measureLengths } from './measure/lengths.js';
export { type MeasureManyLengthsOptions, measureManyLengths } from './measure/many-lengths.js';
export type { MeasurementProgress } from './measure/measurement-progress.js';
export type { NetInputOptions } from './measure/net-input.js';
export type { NetworkInputOptions } from './measure/network-input.js';
export { type MeasureNetworkOptions, measureNetworkLengths } from './measure/network-lengths.js';
export {
  measureNetworkStatistics,
  type NetworkLayerStatistics,
  type NetworkStatistics,
  type NetworkStatisticsOptions,
} from './measure/network-statistics.js';
export {
  type LayerLength,
  type NetworkMeasurement,
  type NetworkWalkOptions,
  networkWalkMemory,
} from './measure/network-walk.js';
export {
  measureSecondLayerDeath,
  type SecondLayerDeath,
  type SecondLayerDeathOptions,
} from './measure/second-layer-death.js';
export {
  type AndersonDarling,
  andersonDarlingPValue,
  testAgainstLaw,
  testNormality,
} from './parameters/anderson-darling.js';
export { type BitCounter, openBitCounter, testBits } from './parameters/bit-counter.js';
export { type FloatPattern, findFloatPattern } from './parameters/bit-pattern.js';
export {
  type BitRefusal,
  type BitRefusalCode,
  refuseStorage,
  type StoredAs,
} from './parameters/bit-refusal.js';
export {
  type BitColumn,
  type BitTableRow,
  bitColumns,
  bitTable,
  type LargestZ,
  type TypedBitTest,
  testOfColumn,
} from './parameters/bit-table.js';
export { type BitGroupName, type BitTest, bitGroups, refusedBitTest } from './parameters/bit-test.js';
export { type CandidateLaw, candidateLaws } from './parameters/candidate-laws.js';
export {
  type DensityLaw,
  type DensityLawName,
  densityLawDensity,
  densityLawDeviation,
  densityLawNames,
  densityLawQuantile,
  densityLawShareBelow,
} from './parameters/fitting/density-law.js';
export { type FitRefusalCode, fitLaws, type LawFit, type LawFits } from './parameters/fitting/fit-laws.js';
export type { LawErrors, LikelyLaw } from './parameters/fitting/law-fit.js';
export { type FreeScaleFit, testFreeScale } from './parameters/free-scale-test.js';
export {
  fewestTested,
  type IdentifiedLaw,
  type IdentifyLawOptions,
  identifyLaw,
} from './parameters/identify-law.js';
export {
  type IdentifyStructureOptions,
  identifyStructure,
  type KernelMatrix,
  type KernelStructure,
} from './parameters/kernel-structure.js';
export { kolmogorovDistance, kolmogorovPValue } from './parameters/kolmogorov-smirnov.js';
export { kurtosisPValue } from './parameters/kurtosis-test.js';
export {
  type LawShape,
  lawShapes,
  shapeDensity,
  shapeKurtosis,
  shapeQuantile,
} from './parameters/law-shape.js';
export {
  type BulkEdges,
  marchenkoPasturDensity,
  marchenkoPasturEdges,
  marchenkoPasturLaw,
  type TopEigenvalueLaw,
  topEigenvalueLaw,
  tracyWidom,
} from './parameters/marchenko-pastur.js';
export {
  type MatrixSample,
  type MatrixSampleLimits,
  type MatrixSampler,
  mostSpectrumNumbers,
  mostSpectrumProducts,
  openMatrixSample,
} from './parameters/matrix-sample.js';
export { normalQuantile } from './parameters/normal-quantile.js';
export { largestOfManyPValue, normalTwoSidedTail } from './parameters/normal-tail.js';
export { fitPowerLaw, type PowerLawFit } from './parameters/power-law.js';
export {
  mostQuantilePoints,
  type QuantilePoint,
  quantilePoints,
} from './parameters/quantile-points.js';
export {
  type RunsTest,
  runsTestOfCounts,
  type TestRunsOptions,
  testRuns,
} from './parameters/runs-test.js';
export { singularValues } from './parameters/singular-values.js';
export {
  type ShuffleTest,
  type ShuffleTestOptions,
  type Spectrum,
  shuffleTest,
  weightSpectrum,
} from './parameters/spectrum.js';
export { topSingularValue } from './parameters/top-singular-value.js';
export {
  evidenceFeatures,
  kernelFeatureNames,
  mostSurprise,
  surprise,
  vectorFeatureNames,
} from './parameters/trained/evidence-features.js';
export type { KernelAxes } from './parameters/trained/kernel-sample.js';
export type { LawEvidence } from './parameters/trained/law-evidence.js';
export { type OrderTests, orderTestNames, testOrder } from './parameters/trained/order-tests.js';
export {
  type EvidenceCollector,
  openTensorEvidence,
  type TensorEvidence,
  type TensorQuestion,
  tensorEvidence,
} from './parameters/trained/tensor-evidence.js';
export { trainedModel } from './parameters/trained/trained-coefficients.js';
export {
  fileFeatureNames,
  fileFeatures,
  fileLogOdds,
  probabilityOfLogOdds,
  type TrainedModel,
  tensorLogOdds,
} from './parameters/trained/trained-model.js';
export {
  type Surprise,
  type TensorAnswer,
  type TrainedAnswer,
  trainedProbability,
} from './parameters/trained/trained-probability.js';
export { variancePValue } from './parameters/variance-test.js';
export {
  histogramDensity,
  mostBins,
  type WeightHistogram,
  type WeightHistogramOptions,
  weightHistogram,
} from './parameters/weight-histogram.js';
export type { WeightMatrix } from './parameters/weight-matrix.js';
export {
  mostSampled,
  openWeightSample,
  sampleWeights,
  type WeightSample,
  type WeightSampler,
} from './parameters/weight-sample.js';
export { type ApproximateLogLength, approximateLogLengths } from './theory/approximate-log-lengths.js';
export {
  type BornDeadBounds,
  type PredictAliveBoundsOptions,
  type PredictBornDeadOptions,
  predictAliveBounds,
  predictBornDead,
  predictSurvivingShare,
  widthForBornDead,
} from './theory/born-dead.js';
export { bornDeadBounds } from './theory/born-dead-bounds.js';
export {
  type ConvolutionLayer,
  type ConvolutionPrediction,
  convolutionTheory,
  type PredictConvolutionOptions,
  predictConvolutionLengths,
} from './theory/convolution-lengths.js';
export { type BallDomain, predictDeadProbability } from './theory/dead-probability.js';
export {
  type GradientSpread,
  type PredictGradientOptions,
  predictGradientNorms,
  predictGradientSpread,
} from './theory/gradients.js';
export {
  type InterpolateExactlyOptions,
  type InterpolatingNetwork,
  interpolateExactly,
} from './theory/interpolation.js';
export { type LengthTheory, lengthTheory, meanLengthFactor } from './theory/length-law.js';
export { type MomentStandardErrors, predictMomentStandardErrors } from './theory/length-standard-errors.js';
export { predictLengthVariance, predictLengthVarianceStandardError } from './theory/length-variance.js';
export {
  type LengthPrediction,
  type PredictLengthsOptions,
  predictLengths,
  sumReciprocalWidths,
} from './theory/lengths.js';
export { type LogMoments, predictLogLengthFactor } from './theory/log-length-factor.js';
export { countNeededKinks, type DataPoint } from './theory/needed-kinks.js';
export { predictNetworkLengthVariance } from './theory/network-length-variance.js';
export {
  type NetworkPrediction,
  type PredictNetworkOptions,
  predictNetworkLengths,
} from './theory/network-lengths.js';
export { predictZeroPaddingShare, type ZeroPadding } from './theory/padding-leak.js';
export { predictResidualLengths, type ResidualPrediction } from './theory/residual.js';
export { predictResidualGrowth, type ResidualGrowth } from './theory/residual-growth.js';
export { predictResidualLengthVariance } from './theory/residual-length-variance.js';
export { predictResidualLimit } from './theory/residual-limit.js';
export {
  type PredictResidualOptions,
  type ResidualModule,
  type ResidualTheory,
  residualTheory,
} from './theory/residual-options.js';
export { predictSecondLayerDeadProbability, type SecondLayerShape } from './theory/second-layer.js';
export {
  type PredictTrainabilityOptions,
  predictTrainability,
  type TrainabilityPrediction,
} from './theory/trainability.js';
export { type DiagnoseOptions, diagnose } from './verdict/diagnose.js';
export { type DiagnoseNetworkOptions, diagnoseNetwork } from './verdict/diagnose-network.js';
export type {
  Change,
  Diagnosis,
  DiagnosisNumbers,
  Evidence,
  EvidenceQuantity,
  Remedy,
  VerdictCode,
} from './verdict/diagnosis.js';
export { verdictThresholds } from './verdict/thresholds.js';
export {
  criticalScale,
  type DiagnoseWeightsOptions,
  diagnoseWeights,
  type ParameterFactor,
  type ParameterStatistics,
  type WeightsDiagnosis,
  type WeightsRemedy,
  type WeightsState,
} from './weights/diagnose-weights.js';
export { judgeKernels, type KernelsDiagnosis } from './weights/judge-kernels.js';
export { causeOf, type KernelFactor, type KernelStatistics, kernelFactor } from './weights/kernel-factor.js';
export {
  type DeadUnits,
  type MeasuredLayer,
  measureWeights,
  type WeightsMeasurement,
} from './weights/measure-weights.js';
