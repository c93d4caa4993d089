/** From a store's lines to one record a trial, refusing what does not belong to the study. */
import { RecordConflictError } from '../errors/record-conflict-error.js';
import { StudyMismatchError } from '../errors/study-mismatch-error.js';
import { trialName } from '../plan.js';
import type { Provenance } from '../provenance.js';
import type { TrialKey, TrialRecord } from '../study.js';
import { jsonDifferences } from './json-differences.js';
import { encodeRecordLine } from './record-line.js';

/** What a study's records must carry. */
export interface ExpectedRecords extends Provenance {
  /** First 16 hex digits of the spec's hash. */
  readonly spec: string;
  /** Every trial of the study. */
  readonly keys: readonly TrialKey[];
}

/**
 * The records by `trialName`. A second, equal record of a trial is ignored.
 *
 * @throws StudyMismatchError for a record of another spec, other kernels, another version, or of a trial that the
 *   study does not have.
 * @throws RecordConflictError when two records of one trial differ.
 */
export function indexRecords(
  records: readonly TrialRecord[],
  expected: ExpectedRecords,
): Map<string, TrialRecord> {
  const planned = new Set(expected.keys.map(trialName));
  const wanted = { spec: expected.spec, kernels: expected.kernels, version: expected.version };
  const index = new Map<string, TrialRecord>();
  for (const record of records) {
    const { cell, trial, spec, kernels, version } = record;
    const name = trialName(record);
    const differences = jsonDifferences(wanted, { spec, kernels, version });
    if (differences.length > 0) {
      throw new StudyMismatchError(
        `runStudy: the record of ${name} was made for something else; ${differences.join('; ')} — ` +
          'use another directory, or the version that made the records',
        { details: { cell, trial, differences } },
      );
    }
    if (!planned.has(name)) {
      throw new StudyMismatchError(
        `runStudy: there is a record of ${name}; expected only trials of the study — the records have been edited`,
        { details: { cell, trial, differences: [`trial: expected one of the study, got ${name}`] } },
      );
    }
    const known = index.get(name);
    if (known === undefined) index.set(name, record);
    else if (encodeRecordLine(known) !== encodeRecordLine(record)) {
      throw new RecordConflictError(
        `runStudy: two records of ${name} differ; expected equal ones, as a trial is pure — ` +
          'one of them was edited or damaged: remove it',
        { details: { cell, trial } },
      );
    }
  }
  return index;
}
