/**
 * Errors as plain data. A message to another thread keeps only name, message and stack of an error; here code, details and the
 * chain of causes cross as well, and the receiver gets an error of the same class again.
 */
import { InvalidArgumentError } from './invalid-argument-error.js';
import { type ErrorDetails, KindlingError, type KindlingErrorOptions } from './kindling-error.js';
import { OutOfMemoryError } from './out-of-memory-error.js';
import { UnsupportedEngineError } from './unsupported-engine-error.js';

/** An error that structured clone and JSON leave whole. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Present for Kindling errors, and for system errors that have one. */
  readonly code?: string;
  /** Present for Kindling errors. */
  readonly details?: ErrorDetails;
  readonly cause?: ErrorData;
}

/** A chain of causes is cut here; it is longer only when it runs in a circle. */
const longestChain = 16;

/** A class of Kindling's errors with a code of its own. */
export type KindlingErrorClass = new (message: string, options?: KindlingErrorOptions) => KindlingError;

const coreClasses: readonly KindlingErrorClass[] = [
  InvalidArgumentError,
  OutOfMemoryError,
  UnsupportedEngineError,
];

const nativeClasses: readonly (new (message: string, options?: ErrorOptions) => Error)[] = [
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
];

/** The data of anything thrown. What is not an Error becomes one named `NonError` with the value as its message. */
export function toErrorData(thrown: unknown): ErrorData {
  return describe(thrown, longestChain);
}

function describe(thrown: unknown, left: number): ErrorData {
  if (!(thrown instanceof Error)) return { name: 'NonError', message: String(thrown) };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  const details = KindlingError.isInstance(thrown) ? plainDetails(thrown.details) : undefined;
  return {
    name: thrown.name,
    message: thrown.message,
    ...(thrown.stack === undefined ? {} : { stack: thrown.stack }),
    ...(code === undefined ? {} : { code }),
    ...(details === undefined ? {} : { details }),
    ...(thrown.cause === undefined || left === 0 ? {} : { cause: describe(thrown.cause, left - 1) }),
  };
}

/** Details as JSON keeps them: a stray function in them must not stop the error from crossing. */
function plainDetails(details: ErrorDetails): ErrorDetails {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [
      key,
      Array.isArray(value) || value === null || ['string', 'number', 'boolean'].includes(typeof value)
        ? value
        : String(value),
    ]),
  );
}

/**
 * The error that `toErrorData` took apart: of the same class when it is known (this package's, the language's, or one of
 * `classes`), otherwise a KindlingError with the same name and code (`worker-error` when it had none). Its stack
 * is the one of the place where it was thrown.
 *
 * @param classes more classes, of other packages; default none
 */
export function fromErrorData(data: ErrorData, classes: readonly KindlingErrorClass[] = []): Error {
  const cause = data.cause === undefined ? {} : { cause: fromErrorData(data.cause, classes) };
  const error = rebuild(data, cause, [...coreClasses, ...classes]);
  if (data.stack !== undefined) {
    Object.defineProperty(error, 'stack', { value: data.stack, configurable: true, writable: true });
  }
  return error;
}

function rebuild(
  data: ErrorData,
  cause: { readonly cause?: Error },
  classes: readonly KindlingErrorClass[],
): Error {
  const { code, details, message, name } = data;
  if (details !== undefined) {
    const options = { ...cause, details };
    // By code, not by name: a bundler may rename classes, and differently for the page and the worker.
    const known = classes.map((Known) => new Known(message, options)).find((error) => error.code === code);
    return known ?? named(new KindlingError(code ?? 'worker-error', message, options), name);
  }
  const Native = nativeClasses.find((candidate) => candidate.name === name);
  if (Native === undefined) return named(new KindlingError(code ?? 'worker-error', message, cause), name);
  const error = new Native(message, cause);
  return code === undefined ? error : Object.assign(error, { code });
}

function named(error: Error, name: string): Error {
  return Object.assign(error, { name });
}
