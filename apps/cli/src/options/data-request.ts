/** What `--data` may be: a data set known by name, or a directory. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../usage-error.js';
import { nearestNames } from './nearest-names.js';

/** The data sets known by name. */
export const datasetNames = ['mnist', 'fashion-mnist', 'embedded'] as const;

/**
 * Checks that there is such a data set or directory; what the directory holds is checked when it is read.
 *
 * @param directory the one that relative paths start from, absolute
 * @returns a name, or an absolute path
 * @throws UsageError when it is neither, with the nearest names
 */
export async function resolveDataRequest(text: string, directory: string): Promise<string> {
  if (datasetNames.some((name) => name === text)) return text;
  const path = resolve(directory, text);
  const kind = text === '' ? 'nothing' : await kindOf(path);
  if (kind === 'directory') return path;
  const choices = `${datasetNames.join(', ')} or a directory of idx files`;
  if (kind === 'file') {
    throw new UsageError(`--data is the file ${path}; expected ${choices} — name the directory it lies in`);
  }
  const near = nearestNames(text, datasetNames);
  const hint = near.length === 0 ? `expected ${choices}` : `did you mean ${near.join(' or ')}? (${choices})`;
  throw new UsageError(`--data: there is no data set or directory "${text}"; ${hint}`);
}

async function kindOf(path: string): Promise<'directory' | 'file' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch {
    return 'nothing';
  }
}
