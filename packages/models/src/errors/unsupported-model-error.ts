import { KindlingError, type KindlingErrorOptions, printableText } from '@kindling/core';

/**
 * A file is sound as far as one can see, but of a kind that is not read: a PyTorch pickle, an unknown type of numbers. The message has one
 * line and no control characters, whatever is in the file.
 */
export class UnsupportedModelError extends KindlingError {
  override readonly name: string = 'UnsupportedModelError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('unsupported-model', printableText(message), options);
  }
}
