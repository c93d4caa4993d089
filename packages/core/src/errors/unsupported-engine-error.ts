import { KindlingError, type KindlingErrorOptions } from './kindling-error.js';

/** The JavaScript engine lacks something the kernels need. */
export class UnsupportedEngineError extends KindlingError {
  override readonly name: string = 'UnsupportedEngineError';

  constructor(message: string, options?: KindlingErrorOptions) {
    super('unsupported-engine', message, options);
  }
}
