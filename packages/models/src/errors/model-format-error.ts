import { KindlingError, type KindlingErrorOptions, printableText } from '@kindling/core';

/**
 * A file is not what its format demands: cut off, forged, contradictory, or larger than what is taken. `details` holds what is
 * known of `file`, `format`, `offset` (bytes from the file's start), `expected` and `got`. The message has one line and no control
 * characters, whatever is in the file.
 */
export class ModelFormatError extends KindlingError {
  override readonly name: string = 'ModelFormatError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('model-format', printableText(message), options);
  }
}
