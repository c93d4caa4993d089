import type { Dataset } from '@kindling/trainer';
import type { DatasetIdentity } from './study.js';

/** What a spec says of a data set: its name, its digest and its sizes. */
export function datasetIdentity({ name, digest, train, test, classes }: Dataset): DatasetIdentity {
  return {
    name,
    digest,
    trainCount: train.count,
    testCount: test.count,
    features: train.rows * train.columns,
    classes,
  };
}
