/** Errors that crossed from a worker, as errors of the classes that this package knows. */
import { type ErrorData, fromErrorData } from '@kindling/core';
import { InterruptedError } from '../errors/interrupted-error.js';
import { RecordConflictError } from '../errors/record-conflict-error.js';
import { RecordFormatError } from '../errors/record-format-error.js';
import { StudyMismatchError } from '../errors/study-mismatch-error.js';
import { TrialFailedError } from '../errors/trial-failed-error.js';

const studyClasses = [
  InterruptedError,
  RecordConflictError,
  RecordFormatError,
  StudyMismatchError,
  TrialFailedError,
] as const;

/** The error that `toErrorData` took apart in a worker, of its own class where this package or the core has it. */
export function rebuildError(data: ErrorData): Error {
  return fromErrorData(data, studyClasses);
}
