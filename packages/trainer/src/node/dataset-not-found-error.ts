/**
 * The error of a search that found no data set, or only a part of one. It lists every place looked at, so that a user sees
 * why files that are there were not found.
 */
import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/**
 * No data set was found where it was looked for, or one of its four files is missing. `code` is `dataset-not-found`;
 * `details.places` lists the places in the order they were looked at, `details.missing` the missing files of a directory
 * that holds some of the four; `details.remedy`, where there is one, says in a line how to get the set.
 */
export class DatasetNotFoundError extends KindlingError {
  override readonly name: string = 'DatasetNotFoundError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('dataset-not-found', message, options);
  }
}
