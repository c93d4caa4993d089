import { KindlingError, type KindlingErrorOptions } from './kindling-error.js';

/** A public function was called with a value it cannot take. Nothing was changed. */
export class InvalidArgumentError extends KindlingError {
  override readonly name: string = 'InvalidArgumentError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('invalid-argument', message, options);
  }
}
