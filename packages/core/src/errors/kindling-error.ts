/**
 * The root of every error Kindling throws on purpose.
 *
 * A message reads `function: what is wrong; expected X, got Y — what to do`. `code` is stable and is what a
 * program should test; the wording may change. `details` is plain JSON, so an error can cross a worker as data
 * and be rebuilt on the other side without losing anything.
 */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Options shared by every Kindling error. */
export interface KindlingErrorOptions {
  /** Plain facts about the failure, for programs and logs. Default: `{}`. */
  readonly details?: ErrorDetails;
  /** The error underneath, if there is one. */
  readonly cause?: unknown;
}

/** Base class: a stable `code`, plain `details`, an optional `cause`. */
export class KindlingError extends Error {
  /** Spelled out in every class: a minifier may shorten the class's own name. */
  override readonly name: string = 'KindlingError';
  /** Stable, machine-readable code such as `invalid-argument`. */
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, options: KindlingErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  /** True for any Kindling error, also one made by another copy of this package. */
  static isInstance(value: unknown): value is KindlingError {
    return value instanceof Error && 'code' in value && typeof value.code === 'string' && 'details' in value;
  }
}
