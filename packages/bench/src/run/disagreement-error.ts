/** Two contenders gave different numbers for the same work: then their times say nothing. */
import { type ErrorDetails, KindlingError } from '@kindling/core';

export class DisagreementError extends KindlingError {
  override readonly name: string = 'DisagreementError';

  constructor(message: string, details: ErrorDetails) {
    super('disagreement', message, { details });
  }
}
