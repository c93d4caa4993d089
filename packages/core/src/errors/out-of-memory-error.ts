import { KindlingError, type KindlingErrorOptions } from './kindling-error.js';

/** The linear memory of the kernels could not grow to hold an allocation (4 GiB is the limit of 32-bit WebAssembly). */
export class OutOfMemoryError extends KindlingError {
  override readonly name: string = 'OutOfMemoryError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('out-of-memory', message, options);
  }
}
