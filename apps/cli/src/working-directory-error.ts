import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** The directory this process was started in is gone or may not be looked at, so paths on the command line mean nothing. */
export class WorkingDirectoryError extends KindlingError {
  override readonly name: string = 'WorkingDirectoryError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('working-directory', message, options);
  }
}
