/**
 * `records.jsonl`: one record a line, only ever added to. A crash can leave a torn last line; it is cut off when the
 * file is opened, and its trial runs again. Damage anywhere else is an error: lines do not tear in the middle.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { RecordFormatError } from '../errors/record-format-error.js';
import { StudyDirectoryError } from '../errors/study-directory-error.js';
import { badLine, decodeRecordLine, encodeRecordLine } from '../store/record-line.js';
import type { TrialRecord } from '../study.js';

/** The open file. The caller sees to it that nobody else writes. */
export interface RecordFile {
  /** What the file held when it was opened. */
  readonly records: readonly TrialRecord[];
  /** True when a torn last line has been cut off. */
  readonly tornLine: boolean;
  /**
   * Adds the records in one write and waits until the disk has them.
   *
   * @throws StudyDirectoryError when the write fails (disk full …); the file is then put back as it was.
   */
  append(records: readonly TrialRecord[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens or creates the file at `path`. Errors of the file system pass through.
 *
 * @throws RecordFormatError for a line that is not a record, other than a torn last one; names the file and the line.
 */
export async function openRecordFile(path: string): Promise<RecordFile> {
  const file = await open(path, 'a+');
  try {
    const bytes = await file.readFile();
    const { records, goodBytes } = readLines(bytes);
    const tornLine = goodBytes < bytes.length;
    if (tornLine) {
      await file.truncate(goodBytes);
      await file.datasync();
    }
    return { records, tornLine, ...appender(file, path, goodBytes) };
  } catch (error) {
    await file.close();
    throw error instanceof RecordFormatError ? inFile(path, error) : error;
  }
}

function inFile(path: string, cause: RecordFormatError): RecordFormatError {
  const { line, problem } = cause.details;
  return new RecordFormatError(
    `openStudyDirectory: ${path} is damaged in line ${line}: ${problem} — ` +
      'restore the line, or choose another directory',
    { details: { ...cause.details, path }, cause },
  );
}

const newline = 0x0a;

function readLines(bytes: Buffer): { records: TrialRecord[]; goodBytes: number } {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const records: TrialRecord[] = [];
  let start = 0;
  for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
    const isLast = bytes.indexOf(newline, end + 1) === -1;
    try {
      records.push(decodeLine(decoder, bytes.subarray(start, end), records.length + 1));
    } catch (error) {
      // Only what is no JSON at all can be a torn write. A readable line of another shape (a later version's, say)
      // is somebody's work and is not thrown away.
      const torn = isLast && error instanceof RecordFormatError && error.details['reason'] === 'syntax';
      if (torn) return { records, goodBytes: start };
      throw error;
    }
    start = end + 1;
  }
  return { records, goodBytes: start }; // what follows the last newline is torn
}

function decodeLine(decoder: TextDecoder, bytes: Uint8Array, line: number): TrialRecord {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw badLine(line, 'syntax', 'it is not UTF-8; expected one record a line', cause);
  }
  return decodeRecordLine(text, line);
}

function appender(file: FileHandle, path: string, length: number): Pick<RecordFile, 'append' | 'close'> {
  let goodBytes = length;
  let closed = false;
  return {
    append: async (records) => {
      const bytes = Buffer.from(records.map((record) => `${encodeRecordLine(record)}\n`).join(''), 'utf8');
      try {
        const { bytesWritten } = await file.write(bytes);
        if (bytesWritten < bytes.length)
          throw new Error(`${bytesWritten} of ${bytes.length} bytes were written`);
        await file.datasync();
        goodBytes += bytes.length;
      } catch (cause) {
        await file.truncate(goodBytes).catch(() => {}); // else the next append would bury half a line
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new StudyDirectoryError(
          `append: ${records.length} records could not be written to ${path}: ${reason} — is the disk full?`,
          { details: { path }, cause },
        );
      }
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await file.close();
    },
  };
}
