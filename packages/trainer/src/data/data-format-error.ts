/**
 * The error of everything that reads data files. It promises to name the file and what to do about it, so that a user
 * who has never heard of the idx format can act on the message alone.
 */
import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/**
 * A data file is not what it should be: truncated, mislabelled, damaged, or at odds with the file beside it.
 * `code` is `data-format`; `details.file` is the file's name as the caller gave it.
 */
export class DataFormatError extends KindlingError {
  override readonly name: string = 'DataFormatError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('data-format', message, options);
  }
}
