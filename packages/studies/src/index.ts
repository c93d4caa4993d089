/**
 * @kindling/studies — studies as data: spec, plan, worker pool, pure trials, store and report. The same code in Node
 * and in a browser; what touches the file system or worker_threads is in `@kindling/studies/node`.
 */
export { type SpawnedWorker, type SpawnWorker, webWorker } from '@kindling/trainer';
export { type AnyStudy, findStudy, studyCatalog } from './catalog/catalog.js';
export {
  type ConvTrainingOptions,
  type ConvTrainingSpec,
  convTrainingDefaults,
  convTrainingLimits,
  convTrainingSpec,
  parseConvTrainingSpec,
} from './catalog/conv-training/spec.js';
export { convTraining } from './catalog/conv-training/study.js';
export type {
  ConvLength,
  ConvTrainingPoint,
  ConvTrainingSummary,
} from './catalog/conv-training/summarize.js';
export { type ConvVariantName, convVariantNames } from './catalog/conv-training/variants.js';
export {
  type DataDependentOptions,
  type DataDependentSpec,
  dataDependentDefaults,
  dataDependentLimits,
  dataDependentSpec,
  dataDependentTargetNames,
  parseDataDependentSpec,
} from './catalog/data-dependent/spec.js';
export { dataDependent } from './catalog/data-dependent/study.js';
export type { DataDependentCurve, DataDependentSummary } from './catalog/data-dependent/summarize.js';
export {
  type DyingReluOptions,
  type DyingReluSpec,
  dyingReluDefaults,
  dyingReluLimits,
  dyingReluSpec,
  dyingReluTargetNames,
  parseDyingReluSpec,
} from './catalog/dying-relu/spec.js';
export { dyingRelu } from './catalog/dying-relu/study.js';
export type { DyingReluPoint, DyingReluSummary } from './catalog/dying-relu/summarize.js';
export {
  type ExploreCell,
  type ExplorePart,
  exploreCells,
  exploreParts,
  mostExploreBytes,
  parseExploreSpec,
} from './catalog/explore/cells.js';
export {
  type ExploreBiases,
  type ExploreConfiguration,
  exploreArchitectureOf,
  exploreConfigurationText,
  exploreInitializer,
  parseExploreConfiguration,
} from './catalog/explore/configuration/configuration.js';
export {
  type ExploreConvolution,
  type ExploreConvolutional,
  type ExploreDense,
  type ExploreEnds,
  type ExploreNetwork,
  type ExploreResidual,
  exploreArchitecture,
  exploreNetworkLimits,
  exploreNetworkOf,
} from './catalog/explore/configuration/network.js';
export { type ExplorePreset, type ExplorePresetName, explorePresets } from './catalog/explore/presets.js';
export {
  defaultRate as exploreDefaultRate,
  draftExploreSpec,
  type ExploreQuestion,
  exploreQuestion,
  exploreSpec,
} from './catalog/explore/question/question.js';
export {
  type ExploreEntry,
  type ExploreKey,
  type ExploreProblem,
  exploreCode,
  exploreCommand,
  exploreEntries,
  exploreKeys,
  exploreQuery,
  type ParsedExplore,
  type ParseExploreOptions,
  parseExploreEntries,
  parseExploreText,
} from './catalog/explore/question/question-text.js';
export type {
  ExploreEvidence,
  ExploreLayerState,
  ExploreLayersAt,
  ExploreLengthsResult,
  ExploreNeuronLayer,
  ExploreNeuronsResult,
  ExploreRemedy,
  ExploreTrainingResult,
  ExploreVerdictNumbers,
  ExploreVerdictResult,
} from './catalog/explore/results.js';
export {
  type ExploreData,
  type ExploreSpec,
  type ExploreTraining,
  exploreEnds,
  exploreFunctionNames,
  exploreLimits,
} from './catalog/explore/spec.js';
export { explore } from './catalog/explore/study.js';
export {
  type ExploreLayerLengths,
  type ExploreLengthsSummary,
  type ExploreNeuronsSummary,
  type ExploreSummary,
  type ExploreSummaryRow,
  type ExploreTrainingSummary,
  exploreQuantiles,
  summarizeExploreLengths,
} from './catalog/explore/summarize.js';
export { type ExploreTheory, type ExploreTheoryLayer, exploreTheory } from './catalog/explore/theory.js';
export { exploreTrials } from './catalog/explore/trials.js';
export {
  type Figure1Options,
  type Figure1Spec,
  figure1Defaults,
  figure1Limits,
  figure1Spec,
  parseFigure1Spec,
} from './catalog/figure-1/spec.js';
export { figure1 } from './catalog/figure-1/study.js';
export { summarizePartial } from './catalog/figure-1/summarize.js';
export type { Figure1Summary, LengthCell, TrainingCell } from './catalog/figure-1/summary.js';
export {
  type Figure2Module,
  type Figure2Options,
  type Figure2Spec,
  figure2Defaults,
  figure2Limits,
  figure2Modules,
  figure2Spec,
  parseFigure2Spec,
} from './catalog/figure-2/spec.js';
export { figure2 } from './catalog/figure-2/study.js';
export type {
  Figure2Summary,
  ResidualGrowthRow,
  ResidualLengthCell,
  ResidualTrainingCell,
} from './catalog/figure-2/summary.js';
export { type WidthPatternName, widthPatternNames } from './catalog/figure-3/patterns.js';
export {
  type Figure3Options,
  type Figure3Spec,
  figure3Defaults,
  figure3Limits,
  figure3Spec,
  parseFigure3Spec,
} from './catalog/figure-3/spec.js';
export { figure3 } from './catalog/figure-3/study.js';
export type { Figure3Point, Figure3Summary } from './catalog/figure-3/summarize.js';
export {
  type Figure4Options,
  type Figure4Padding,
  type Figure4Spec,
  figure4Defaults,
  figure4Limits,
  figure4Paddings,
  figure4Spec,
  parseFigure4Spec,
} from './catalog/figure-4/spec.js';
export { figure4 } from './catalog/figure-4/study.js';
export type { Figure4Point, Figure4Summary } from './catalog/figure-4/summarize.js';
export {
  type CheckpointFamily,
  checkpointFamilies,
  type GeneratorName,
  generatorNames,
} from './catalog/generate/generators.js';
export {
  type GenerateOptions,
  type GenerateSpec,
  generateDefaults,
  generateLimits,
  generateSpec,
  parseGenerateSpec,
} from './catalog/generate/spec.js';
export { generate } from './catalog/generate/study.js';
export type { DrawnPoint, GeneratePoint, GenerateSummary } from './catalog/generate/summarize.js';
export { type IidNetName, iidNetNames } from './catalog/iid/nets.js';
export {
  type CountedModel,
  type IidOptions,
  type IidSpec,
  iidDefaults,
  iidLimits,
  iidSpec,
  parseIidSpec,
} from './catalog/iid/spec.js';
export { iid } from './catalog/iid/study.js';
export type { IidRow, IidStage, IidSummary, LargestOfType } from './catalog/iid/summarize.js';
export { type RunCounts, type TensorBits, tensorBits } from './catalog/iid/tensor-bits.js';
export {
  type ArrivalInitializerName,
  arrivalInitializerNames,
  type LawArrivalOptions,
  type LawArrivalSpec,
  lawArrivalDefaults,
  lawArrivalLimits,
  lawArrivalSpec,
  parseLawArrivalSpec,
} from './catalog/law-arrival/spec.js';
export { lawArrival } from './catalog/law-arrival/study.js';
export type {
  ArrivalArchitecture,
  ArrivalFloor,
  ArrivalPath,
  LawArrivalSummary,
} from './catalog/law-arrival/summarize.js';
export { type LawFamilyName, lawFamilyNames } from './catalog/law-init/families.js';
export { type LawInitName, lawInitNames } from './catalog/law-init/initializations.js';
export {
  type LawInitOptions,
  type LawInitSpec,
  lawInitDefaults,
  lawInitLimits,
  lawInitSpec,
  parseLawInitSpec,
} from './catalog/law-init/spec.js';
export { lawInit } from './catalog/law-init/study.js';
export type {
  LawInitComparison,
  LawInitPoint,
  LawInitSummary,
  StepsTo,
} from './catalog/law-init/summarize.js';
export { type NetFamilyName, netFamilyNames } from './catalog/length-variance/families.js';
export {
  type LengthVarianceOptions,
  type LengthVarianceSpec,
  lengthVarianceDefaults,
  lengthVarianceLimits,
  lengthVarianceSpec,
  parseLengthVarianceSpec,
} from './catalog/length-variance/spec.js';
export { lengthVariance } from './catalog/length-variance/study.js';
export type { LengthVariancePoint, LengthVarianceSummary } from './catalog/length-variance/summarize.js';
export {
  type PretrainingOptions,
  type PretrainingSpec,
  parsePretrainingSpec,
  pretrainingDefaults,
  pretrainingLimits,
  pretrainingSpec,
} from './catalog/pretraining/spec.js';
export { type StartName, startNames } from './catalog/pretraining/starts.js';
export { pretraining } from './catalog/pretraining/study.js';
export type { PretrainingPoint, PretrainingSummary } from './catalog/pretraining/summarize.js';
export {
  type QuineMethod,
  type QuineMethodName,
  quineMethodNames,
  quineMethods,
} from './catalog/quine/methods.js';
export {
  parseQuineSpec,
  type QuineOptions,
  type QuineSpec,
  quineDefaults,
  quineLimits,
  quineSpec,
} from './catalog/quine/spec.js';
export { quine } from './catalog/quine/study.js';
export type { QuineCourse, QuineSummary } from './catalog/quine/summarize.js';
export {
  capacityDataNames,
  parseSynthesisSpec,
  type SynthesisOptions,
  type SynthesisSpec,
  synthesisDefaults,
  synthesisLimits,
  synthesisSpec,
  synthesisTargetNames,
} from './catalog/synthesis/spec.js';
export { synthesis } from './catalog/synthesis/study.js';
export type { CapacityPoint, SynthesisFit, SynthesisSummary } from './catalog/synthesis/summarize.js';
export {
  parseTrainabilitySpec,
  type TrainabilityOptions,
  type TrainabilitySpec,
  trainabilityDefaults,
  trainabilityLimits,
  trainabilitySpec,
  trainabilityTargetNames,
} from './catalog/trainability/spec.js';
export { trainability } from './catalog/trainability/study.js';
export type { TrainabilityPoint, TrainabilitySummary } from './catalog/trainability/summarize.js';
export {
  parseTrainedOrNotSpec,
  type TrainedOrNotOptions,
  type TrainedOrNotSpec,
  trainedOrNotDefaults,
  trainedOrNotLimits,
  trainedOrNotSpec,
} from './catalog/trained-or-not/spec.js';
export { trainedOrNot } from './catalog/trained-or-not/study.js';
export type { TrainedOrNotSummary } from './catalog/trained-or-not/summarize.js';
export { findTrialStudy, type TrialStudy } from './catalog/trial-catalog.js';
export {
  parseVerdictAgreementSpec,
  type VerdictAgreementOptions,
  type VerdictAgreementSpec,
  verdictAgreementDefaults,
  verdictAgreementLimits,
  verdictAgreementSpec,
} from './catalog/verdict-agreement/spec.js';
export { verdictAgreement } from './catalog/verdict-agreement/study.js';
export type { VerdictAgreementSummary, VerdictPoint } from './catalog/verdict-agreement/summarize.js';
export {
  parseWeightLawSpec,
  type WeightLawOptions,
  type WeightLawSpec,
  weightLawDefaults,
  weightLawLimits,
  weightLawSpec,
} from './catalog/weight-law/spec.js';
export { weightLaw } from './catalog/weight-law/study.js';
export type {
  ArchitectureSummary,
  AspectTests,
  LayerSummary,
  WeightLawSummary,
} from './catalog/weight-law/summarize.js';
export { datasetIdentity } from './dataset-identity.js';
export { InterruptedError } from './errors/interrupted-error.js';
export { RecordConflictError } from './errors/record-conflict-error.js';
export { RecordFormatError } from './errors/record-format-error.js';
export { StudyDirectoryBusyError } from './errors/study-directory-busy-error.js';
export { StudyDirectoryError } from './errors/study-directory-error.js';
export { StudyMismatchError } from './errors/study-mismatch-error.js';
export { TrialFailedError } from './errors/trial-failed-error.js';
export { WorkerDiedError } from './errors/worker-died-error.js';
export {
  type Figure1InitializerName,
  figure1InitializerNames,
  figure1Initializers,
  isFigure1InitializerName,
} from './lengths/curves.js';
export { plan, trialName } from './plan.js';
export { openTrials } from './pool/open-trials.js';
export { serveTrials } from './pool/serve-trials.js';
export { type Provenance, packageVersion, provenanceOf } from './provenance.js';
export {
  type ComparedInitializerName,
  comparedInitializerNames,
} from './regression/compared-initializers.js';
export { type OptimizerName, optimizerNames } from './regression/optimizers.js';
export {
  htmlReport,
  type ReportContent,
  type ReportFigure,
  type ReportProvenance,
  type StudyReportOptions,
  studyReport,
} from './report/html-report.js';
export { svgText } from './report/svg-text.js';
export { type RunStudyOptions, runStudy, type StudyProgress } from './run-study.js';
export { hashSpec } from './spec/hash-spec.js';
export { memoryStore } from './store/memory-store.js';
export { encodeRecordLine } from './store/record-line.js';
export type { RecordStore } from './store/record-store.js';
export { summaryText } from './store/summary-text.js';
export type {
  Cell,
  DatasetIdentity,
  Figure,
  StudyDefinition,
  StudySpec,
  SummaryTable,
  TrialContext,
  TrialKey,
  TrialProgress,
  TrialRecord,
} from './study.js';
export * from './text.js';
export type { EpochsToAccuracy } from './training/epochs-to-accuracy.js';
export type {
  LengthsAndTraining,
  LengthsPart,
  TrainingPart,
} from './training/lengths-and-training.js';
export { paperTraining, type TrainingSettings } from './training/training-settings.js';
export { trialRandomKey } from './trial-key.js';
export { type DrawnNumbers, histogramFigure } from './weight-figures/histogram-figure.js';
export { quantileFigure } from './weight-figures/quantile-figure.js';
export { type DrawnSpectrum, spectrumFigure } from './weight-figures/spectrum-figure.js';
export { type LawAspect, lawAspects } from './weight-laws/law-distance.js';
export type { LayerLaw, NetLaw } from './weight-laws/layer-statistics.js';
export { type Task, type TaskData, taskTitle } from './weight-laws/tasks.js';
export {
  type ZooArchitectureName,
  zooArchitecture,
  zooArchitectureNames,
} from './zoo/architectures.js';
export {
  type Checkpoint,
  type CheckpointOptions,
  type NamedTensor,
  trainCheckpoints,
} from './zoo/checkpoints.js';
export { type ZooDataName, zooDataNames, zooDataset } from './zoo/datasets.js';
export {
  type ZooOptimizerName,
  zooOptimizerNames,
  zooOptimizers,
} from './zoo/optimizers.js';
