import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** Two records of one trial say different things, which a pure trial cannot do. `details` holds `cell` and `trial`. */
export class RecordConflictError extends KindlingError {
  override readonly name: string = 'RecordConflictError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('record-conflict', message, options);
  }
}
