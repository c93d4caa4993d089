import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** A worker ended while it had work (crash, out of memory, killed). `details.trials` names the trials it held; `cause` says how it ended. */
export class WorkerDiedError extends KindlingError {
  override readonly name: string = 'WorkerDiedError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('worker-died', message, options);
  }
}
