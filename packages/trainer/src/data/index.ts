/** Data sets for the trainer: reading, checking and naming them. Nothing here touches a disk or a network. */
export { DataFormatError } from './data-format-error.js';
export type { Dataset, LabelledImages } from './dataset.js';
export { datasetFromIdx, type IdxFile, type IdxFiles } from './dataset-from-idx.js';
export { digestDataset } from './digest.js';
export { firstImages } from './first-images.js';
export { type FunctionSample, type RegressionData, sampleFunction } from './functions/sample-function.js';
export type { TargetFunction } from './functions/target-function.js';
export { findTargetFunction, targetFunctions, unitVarianceRadius } from './functions/target-functions.js';
export { type GunzipOptions, gunzip, isGzip } from './gunzip.js';
export { type IdxArray, type IdxKind, parseIdx } from './idx.js';
export { type IdxFileRole, idxFileNames, idxFileRoles } from './idx-file-names.js';
export { type ClassRange, joinDatasets, selectClasses } from './join-datasets.js';
export {
  datasetName,
  embeddedDigest,
  findPublishedDataset,
  type PublishedDatasetName,
  publishedDigests,
} from './published-datasets.js';
