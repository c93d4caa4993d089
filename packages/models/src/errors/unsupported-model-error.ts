import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** A file is sound as far as one can see, but of a kind that is not read: a PyTorch pickle, an unknown type of numbers. */
export class UnsupportedModelError extends KindlingError {
  override readonly name: string = 'UnsupportedModelError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('unsupported-model', message, options);
  }
}
