/**
 * Looks into one directory for the four files of a data set, under every name they are known to have. It reads names only:
 * what the files hold is checked when they are read.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type IdxFileRole, idxFileNames, idxFileRoles } from '../data/idx-file-names.js';
import { DatasetUnreadableError } from './dataset-unreadable-error.js';

/** What a directory holds of a data set. */
export interface FoundFiles {
  /** Path of each file that is there. */
  readonly present: ReadonlyMap<IdxFileRole, string>;
  /** The usual name of each file that is not, in reading order. Empty if the set is complete, four names if nothing is there. */
  readonly missing: readonly string[];
}

/**
 * Finds the four files in a directory: raw before `.gz`, `train-images-idx3-ubyte` before `train-images.idx3-ubyte`.
 * A directory that does not exist holds nothing. Directories of those names are passed over (some archives unpack to them).
 *
 * @param directory Absolute path.
 * @throws DatasetUnreadableError (`dataset-unreadable`) if the operating system refuses to say what is there.
 */
export async function findDatasetFiles(directory: string): Promise<FoundFiles> {
  const present = new Map<IdxFileRole, string>();
  const missing: string[] = [];
  for (const role of idxFileRoles) {
    const path = await firstFile(directory, spellings(idxFileNames[role]));
    if (path === undefined) missing.push(idxFileNames[role]);
    else present.set(role, path);
  }
  return { present, missing };
}

function spellings(name: string): string[] {
  const dotted = name.replace('-idx', '.idx');
  return [name, dotted, `${name}.gz`, `${dotted}.gz`];
}

async function firstFile(directory: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const path = join(directory, name);
    if (await isFile(path)) return path;
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw new DatasetUnreadableError(
      `findDatasetFiles: ${path} cannot be looked at; expected a readable file, got ${String(code)} — check the permissions of the directory`,
      { details: { file: path }, cause },
    );
  }
}
