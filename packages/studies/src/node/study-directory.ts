/**
 * A study on disk: `spec.json` says what it is, `records.jsonl` grows while it runs, the rest is written when it is
 * done. One process at a time; another study's files are never mixed with these or overwritten.
 */
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InvalidArgumentError, KindlingError } from '@kindling/core';
import { StudyDirectoryError } from '../errors/study-directory-error.js';
import { StudyMismatchError } from '../errors/study-mismatch-error.js';
import type { Provenance } from '../provenance.js';
import type { JsonObject } from '../spec/canonical-json.js';
import { hashSpec } from '../spec/hash-spec.js';
import { jsonDifferences } from '../store/json-differences.js';
import { prettyJson } from '../store/pretty-json.js';
import type { RecordStore } from '../store/record-store.js';
import { summaryText } from '../store/summary-text.js';
import type { StudySpec } from '../study.js';
import { takeLock } from './directory-lock.js';
import { openRecordFile, type RecordFile } from './record-file.js';
import { systemCode } from './system-code.js';
import { draftPrefix, writeFileAtomically } from './write-file-atomically.js';

/** An open study directory: a store of records, and a place for what comes of them. */
export interface StudyDirectory extends RecordStore {
  /** Absolute path. */
  readonly path: string;
  /** True when the records ended in a torn line, which has been cut off; its trial runs again. */
  readonly tornLine: boolean;
  /** Writes `summary.json` (see `summaryText`); gives its path. */
  writeSummary(summary: JsonObject): Promise<string>;
  /**
   * Writes a file such as `report.html`, whole or not at all; gives its path.
   *
   * @param name plain file name, not one of the directory's own (`spec.json`, `records.jsonl`, `lock.json`)
   * @throws InvalidArgumentError for another name.
   * @throws StudyDirectoryError when it cannot be written.
   */
  writeText(name: string, text: string): Promise<string>;
}

const lockName = 'lock.json';
const specName = 'spec.json';
const recordsName = 'records.jsonl';
const summaryName = 'summary.json';

/**
 * Opens `dir` for the study, creating it when there is none, and holds it until `close`.
 *
 * @param dir path; parents are created
 * @param study its name marks the figures (`figure-1a.svg` …) that belong to it
 * @param spec what the directory must be for
 * @param provenance what code its records must come from
 * @throws StudyDirectoryBusyError (code `directory-busy`) when another process holds it.
 * @throws StudyMismatchError when it belongs to another spec or other code; `details.differences` lists where.
 * @throws RecordFormatError when a line of its records is damaged, other than a torn last one.
 * @throws StudyDirectoryError when it cannot be created, read or written, when its `spec.json` is damaged, or when
 *   it holds files named like a study's without a `spec.json`.
 */
export async function openStudyDirectory(
  dir: string,
  study: { readonly name: string },
  spec: StudySpec,
  provenance: Provenance,
): Promise<StudyDirectory> {
  const path = resolve(dir);
  return await namingFailures('openStudyDirectory', path, async () => {
    await makeDirectory(path);
    const lock = await takeLock(join(path, lockName));
    try {
      await clearDrafts(path);
      await claim(path, study.name, spec, provenance);
      const file = await openRecordFile(join(path, recordsName));
      return studyDirectory(path, file, lock.release);
    } catch (error) {
      await lock.release();
      throw error;
    }
  });
}

/**
 * Creates a directory and its parents. Node's own recursive `mkdir` never returns where the system answers "no such
 * file" for a path whose parent exists (/proc, some automounts).
 */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || (await stat(dirname(path)).catch(() => null)) !== null) throw error;
    await makeDirectory(dirname(path));
    await makeDirectory(path);
  }
}

/** Writes `spec.json`, or checks the one there is. */
async function claim(path: string, name: string, spec: StudySpec, provenance: Provenance): Promise<void> {
  const own = { spec: { ...spec }, specHash: hashSpec(spec), provenance: { ...provenance } };
  const known = await readSpecFile(join(path, specName));
  if (known === null) {
    await refuseForeignFiles(path, name);
    await writeFileAtomically(join(path, specName), prettyJson(own));
    return;
  }
  const foreign = studyOf(known);
  if (foreign !== null && foreign !== name) {
    const differences = [`study: expected ${foreign}, got ${name}`];
    throw new StudyMismatchError(
      `openStudyDirectory: ${path} holds the study ${foreign}, not ${name} — choose another directory`,
      { details: { path, differences } },
    );
  }
  const differences = [
    ...jsonDifferences(known['spec'], own.spec),
    ...jsonDifferences(known['provenance'], own.provenance, 'provenance'),
  ];
  if (differences.length === 0) return;
  throw new StudyMismatchError(
    `openStudyDirectory: ${path} belongs to another study; ${differences.join('; ')} — ` +
      'choose another directory, or ask for exactly what it was made with',
    { details: { path, differences } },
  );
}

/** The study that a spec file names, if it does. */
function studyOf({ spec }: Readonly<Record<string, unknown>>): string | null {
  const named = typeof spec === 'object' && spec !== null && 'study' in spec ? spec.study : null;
  return typeof named === 'string' ? named : null;
}

async function readSpecFile(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'spec' in value && 'provenance' in value)
      return { ...value };
  } catch {
    // told below
  }
  throw new StudyDirectoryError(
    `openStudyDirectory: ${path} is not the file of a study; expected a spec and its provenance — ` +
      'choose another directory',
    { details: { path } },
  );
}

/** Without a spec nobody knows what such files belong to; overwriting them could cost someone their results. */
async function refuseForeignFiles(path: string, study: string): Promise<void> {
  const ours = (name: string) =>
    [recordsName, summaryName, 'report.html'].includes(name) ||
    (name.startsWith(study) && name.endsWith('.svg'));
  const foreign = (await readdir(path)).filter(ours).sort();
  if (foreign.length === 0) return;
  throw new StudyDirectoryError(
    `openStudyDirectory: ${path} holds ${foreign.join(', ')} but no ${specName}; expected an empty directory or ` +
      'that of a study — choose another directory',
    { details: { path, files: foreign } },
  );
}

/** A process that was killed while it wrote has left its draft behind. */
async function clearDrafts(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    if (name.startsWith(draftPrefix)) await rm(join(path, name), { force: true });
  }
}

function studyDirectory(path: string, file: RecordFile, releaseLock: () => Promise<void>): StudyDirectory {
  async function writeText(name: string, text: string): Promise<string> {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) || [lockName, specName, recordsName].includes(name)) {
      throw new InvalidArgumentError(
        `writeText: the name is "${name}"; expected a plain file name other than ${specName}, ${recordsName} and ${lockName}`,
      );
    }
    const target = join(path, name);
    await namingFailures('writeText', target, () => writeFileAtomically(target, text));
    return target;
  }
  return {
    path,
    tornLine: file.tornLine,
    load: async () => [...file.records],
    append: (records) => file.append(records),
    writeSummary: (summary) => writeText(summaryName, summaryText(summary)),
    writeText,
    close: async () => {
      await file.close();
      await releaseLock();
    },
  };
}

/** Turns errors of the file system into ours; Kindling's own pass. */
async function namingFailures<Value>(
  caller: string,
  path: string,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof KindlingError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudyDirectoryError(
      `${caller}: ${path} cannot be used: ${reason}; expected a directory that can be written — ` +
        'check the path and its permissions',
      { details: { path }, cause },
    );
  }
}
