import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** A trial threw. `details` holds `cell` and `trial`; `cause` is the error itself, rebuilt with its class, code, details and own cause. */
export class TrialFailedError extends KindlingError {
  override readonly name: string = 'TrialFailedError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('trial-failed', message, options);
  }
}
