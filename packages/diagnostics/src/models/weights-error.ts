import { KindlingError, type KindlingErrorOptions } from '@kindling/core';

/** A model file is sound, but nothing can be said of its weights, or done with them. */
export class WeightsError extends KindlingError {
  override readonly name: string = 'WeightsError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('unusable-weights', message, options);
  }
}
