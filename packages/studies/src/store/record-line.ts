/**
 * A record as one line of text: canonical JSON, so equal records are equal bytes. Reading checks the shape of the
 * frame; what `result` holds is the study's affair.
 */
import { RecordFormatError } from '../errors/record-format-error.js';
import { canonicalJson, type JsonObject } from '../spec/canonical-json.js';
import type { TrialRecord } from '../study.js';

/**
 * The line of a record, without the newline. It holds no newline of its own.
 *
 * @throws InvalidArgumentError when the result holds NaN, ±Infinity or anything else that is not JSON.
 */
export function encodeRecordLine(record: TrialRecord): string {
  const { cell, kernels, result, spec, trial, version } = record;
  return canonicalJson({ cell, kernels, result, spec, trial, version });
}

/**
 * Reads a line written by `encodeRecordLine`.
 *
 * @param line the text without its newline
 * @param lineNumber 1-based, for the error
 * @throws RecordFormatError when it is not JSON (`details.reason` = `syntax`) or not a record (`shape`);
 *   `details.problem` says what is wrong with the line.
 */
export function decodeRecordLine(line: string, lineNumber: number): TrialRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    const problem = `it is not JSON; expected one record a line, got ${excerpt(line)}`;
    throw badLine(lineNumber, 'syntax', problem, cause);
  }
  if (!isObject(value)) throw misshapen(lineNumber, 'it', 'an object', value);
  const { cell, kernels, result, spec, trial, version, ...unknown } = value;
  const [foreign] = Object.keys(unknown);
  if (foreign !== undefined)
    throw misshapen(lineNumber, `field "${foreign}"`, 'no such field', unknown[foreign]);
  if (typeof cell !== 'string' || cell === '') throw misshapen(lineNumber, '"cell"', 'a name', cell);
  if (typeof trial !== 'number' || !Number.isSafeInteger(trial) || trial < 0) {
    throw misshapen(lineNumber, '"trial"', 'an integer of 0 or more', trial);
  }
  if (typeof spec !== 'string' || !/^[0-9a-f]{16}$/.test(spec)) {
    throw misshapen(lineNumber, '"spec"', '16 hex digits', spec);
  }
  if (typeof kernels !== 'string' || !/^[a-z]+-[0-9a-f]{16}$/.test(kernels)) {
    throw misshapen(lineNumber, '"kernels"', 'a build and 16 hex digits', kernels);
  }
  if (typeof version !== 'string' || version === '')
    throw misshapen(lineNumber, '"version"', 'a version', version);
  if (!isObject(result)) throw misshapen(lineNumber, '"result"', 'an object', result);
  return { cell, trial, spec, kernels, version, result };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function misshapen(line: number, what: string, expected: string, got: unknown): RecordFormatError {
  const found = excerpt(JSON.stringify(got) ?? 'nothing');
  return badLine(line, 'shape', `${what} is wrong; expected ${expected}, got ${found}`);
}

/** The error of a line. @param problem what is wrong, to stand after a colon */
export function badLine(
  line: number,
  reason: 'syntax' | 'shape',
  problem: string,
  cause?: unknown,
): RecordFormatError {
  return new RecordFormatError(`decodeRecordLine: line ${line}: ${problem}`, {
    details: { line, reason, problem },
    cause,
  });
}

function excerpt(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
