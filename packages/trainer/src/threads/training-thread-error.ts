import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** A thread of a training ended, or threw; its `cause` says why. The training has stopped, its other threads are gone. */
export class TrainingThreadError extends KindlingError {
  override readonly name: string = 'TrainingThreadError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('training-thread', message, options);
  }
}
