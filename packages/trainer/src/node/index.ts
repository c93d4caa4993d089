/** Data sets from the disk, for Node only. The rest of the trainer runs anywhere. */
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
