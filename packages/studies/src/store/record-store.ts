/**
 * Where records are kept between runs. A store knows lines, not studies: what may be put together is decided by
 * `runStudy`.
 */
import type { TrialRecord } from '../study.js';

/** Keeps the records of one study. One run at a time may use it. */
export interface RecordStore {
  /** Every record kept so far, in the order in which they were appended. Duplicates are handed over as they are. */
  load(): Promise<TrialRecord[]>;
  /** Keeps `records`; when the promise resolves they outlast this process as far as the store can promise it. */
  append(records: readonly TrialRecord[]): Promise<void>;
  /** Lets go of files and locks. Calling it twice is fine; a closed store takes nothing more. */
  close(): Promise<void>;
}
