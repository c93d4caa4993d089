/** What needs Node: data sets from the disk, workers as threads. The rest of the trainer runs anywhere. */
export {
  type DatasetLocation,
  type DatasetSearch,
  locateEmbedded,
  locateInDirectory,
  locateNamedDataset,
} from './dataset-locations.js';
export { DatasetNotFoundError } from './dataset-not-found-error.js';
export { DatasetUnreadableError } from './dataset-unreadable-error.js';
export { type LoadedDataset, loadDataset } from './load-dataset.js';
export { type NodePort, nodeEndpoint } from './node-endpoint.js';
export { serveTrainingThread } from './serve-training-thread.js';
export { workerThread } from './worker-thread.js';
