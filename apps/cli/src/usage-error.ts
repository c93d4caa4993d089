import { KindlingError } from '@kindling/core';

/** The command line cannot be obeyed as it is: exit code 2. The message is one line and names the argument. */
export class UsageError extends KindlingError {
  override readonly name: string = 'UsageError';

  constructor(message: string) {
    super('usage', message);
  }
}
