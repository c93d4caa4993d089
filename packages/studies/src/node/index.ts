/**
 * @kindling/studies/node — the parts that need Node: threads as workers, a directory as a store. A page must not
 * import it.
 */

export { workerThread } from '@kindling/trainer/node';
export { findTrialStudy, type TrialStudy } from '../catalog/trial-catalog.js';
export { studyDirectoryName } from './directory-name.js';
export { serveWorkerThread } from './serve-worker-thread.js';
export { openStudyDirectory, type StudyDirectory } from './study-directory.js';
