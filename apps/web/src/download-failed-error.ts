import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** A file of the page's own could not be fetched. Code `download-failed`; `details.file` is its address. */
export class DownloadFailedError extends KindlingError {
  override readonly name: string = 'DownloadFailedError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('download-failed', message, options);
  }
}
