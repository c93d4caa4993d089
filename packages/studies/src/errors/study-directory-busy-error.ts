import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** Another process holds the study directory. `details`: `path`, and where known `pid`, `host` and `since` (ISO time). */
export class StudyDirectoryBusyError extends KindlingError {
  override readonly name: string = 'StudyDirectoryBusyError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('directory-busy', message, options);
  }
}
