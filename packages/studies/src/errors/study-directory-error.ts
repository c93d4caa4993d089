import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** A study directory cannot be created, read or written. `details.path` names the file; `cause` is the error of the system. */
export class StudyDirectoryError extends KindlingError {
  override readonly name: string = 'StudyDirectoryError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('study-directory', message, options);
  }
}
