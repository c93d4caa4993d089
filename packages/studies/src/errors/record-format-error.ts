import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/**
 * A line of records is not a record. `details`: `line` (1-based), `reason`: `syntax` (not JSON) or `shape` (JSON, but not
 * a record), `problem` in words, and `path` where the line is that of a file.
 */
export class RecordFormatError extends KindlingError {
  override readonly name: string = 'RecordFormatError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('record-format', message, options);
  }
}
