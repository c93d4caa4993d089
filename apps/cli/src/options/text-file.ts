/** Files that the command line names: read once, of a size that is no accident, as text. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../usage-error.js';
import { binaryKind } from './foreign-file.js';

/** Larger files are likelier weights than settings. */
const mostBytes = 50_000_000;

/** What is asked for. */
export interface FileRequest {
  /** How messages call it, such as `--arch`. */
  readonly argument: string;
  /** As typed. */
  readonly path: string;
  /** Where relative paths start, absolute. */
  readonly directory: string;
  /** What the file should be, such as `an architecture as JSON`. */
  readonly expected: string;
}

/**
 * Reads the file.
 *
 * @throws UsageError when there is none, when it is a directory, larger than 50 MB, empty, or no UTF-8 text
 */
export async function readTextFile({ argument, path, directory, expected }: FileRequest): Promise<string> {
  const wrong = (what: string) => new UsageError(`${argument} is "${path}", ${what}; expected ${expected}`);
  if (path.trim() === '') throw new UsageError(`${argument} is "${path}"; expected ${expected}`);
  const file = resolve(directory, path);
  let bytes: Buffer;
  try {
    const { size, isDirectory } = await stat(file).then((found) => ({
      size: found.size,
      isDirectory: found.isDirectory(),
    }));
    if (isDirectory) throw wrong('a directory');
    if (size > mostBytes) throw wrong(`${Math.round(size / 1e6)} MB`);
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw wrong(failureText(error));
  }
  const kind = binaryKind(bytes);
  if (kind !== null) throw wrong(kind);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.trim() === '') throw wrong('an empty file');
    return text;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw wrong('which is no text in UTF-8');
  }
}

function failureText(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'which does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'which cannot be read (no permission)';
  return `which cannot be read${code === '' ? '' : ` (${code})`}`;
}
