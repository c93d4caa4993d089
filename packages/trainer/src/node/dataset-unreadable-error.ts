/** The error of files that are there and can't be read: permissions, a failing disk. What they hold is `DataFormatError`'s. */
import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** The operating system refused to list or read a data file. `code` is `dataset-unreadable`; `details.file` says which. */
export class DatasetUnreadableError extends KindlingError {
  override readonly name: string = 'DatasetUnreadableError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('dataset-unreadable', message, options);
  }
}
