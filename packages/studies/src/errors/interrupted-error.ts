import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** A run was stopped by its abort signal. What had been finished is in the store; the same call resumes. */
export class InterruptedError extends KindlingError {
  override readonly name: string = 'InterruptedError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('interrupted', message, options);
  }
}
