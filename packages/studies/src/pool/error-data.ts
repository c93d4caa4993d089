/**
 * Errors as plain data. comlink keeps only name, message and stack of a thrown error; here code, details and the
 * chain of causes cross as well, and the receiver gets an error of the same class again.
 */
import {
  type ErrorDetails,
  InvalidArgumentError,
  KindlingError,
  type KindlingErrorOptions,
  OutOfMemoryError,
  UnsupportedEngineError,
} from '@kindling/core';
import { InterruptedError } from '../errors/interrupted-error.js';
import { RecordConflictError } from '../errors/record-conflict-error.js';
import { RecordFormatError } from '../errors/record-format-error.js';
import { StudyMismatchError } from '../errors/study-mismatch-error.js';
import { TrialFailedError } from '../errors/trial-failed-error.js';

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

const kindlingClasses: readonly (new (message: string, options?: KindlingErrorOptions) => KindlingError)[] = [
  InvalidArgumentError,
  OutOfMemoryError,
  UnsupportedEngineError,
  InterruptedError,
  RecordConflictError,
  RecordFormatError,
  StudyMismatchError,
  TrialFailedError,
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
 * The error that `toErrorData` took apart: of the same class when this package knows it (Kindling's own, the
 * language's own), otherwise a KindlingError with the same name and code (`worker-error` when it had none). Its stack
 * is the one of the place where it was thrown.
 */
export function fromErrorData(data: ErrorData): Error {
  const cause = data.cause === undefined ? {} : { cause: fromErrorData(data.cause) };
  const error = rebuild(data, cause);
  if (data.stack !== undefined) {
    Object.defineProperty(error, 'stack', { value: data.stack, configurable: true, writable: true });
  }
  return error;
}

function rebuild(data: ErrorData, cause: { readonly cause?: Error }): Error {
  const { code, details, message, name } = data;
  if (details !== undefined) {
    const options = { ...cause, details };
    // By code, not by name: a bundler may rename classes, and differently for the page and the worker.
    const known = kindlingClasses
      .map((Known) => new Known(message, options))
      .find((error) => error.code === code);
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
