import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** Records or a directory belong to another spec, other kernels or another version. `details.differences` lists what differs. */
export class StudyMismatchError extends KindlingError {
  override readonly name: string = 'StudyMismatchError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('study-mismatch', message, options);
  }
}
