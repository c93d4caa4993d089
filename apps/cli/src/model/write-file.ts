/** Files that are there whole or not at all. */
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../usage-error.js';

/**
 * Writes the pieces beside `path` under another name and gives them that name at the end: who reads `path` sees the old file or the new
 * one. Folders on the way are made.
 *
 * @param overwrite whether a file that is there is replaced
 * @param flag of the command line that named the place
 * @throws UsageError when a file is there and must not be replaced, also one that came meanwhile, or the place cannot be written
 */
export async function writeWhole(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  overwrite: boolean,
  flag = '--out',
): Promise<number> {
  const folder = dirname(path);
  const draft = join(folder, `.${basename(path)}.${process.pid}.part`);
  try {
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw isCode(error, 'EEXIST') ? noPlace(path, 'ENOTDIR', flag) : error;
    });
    const handle = await open(draft, 'wx');
    let bytes = 0;
    try {
      for await (const piece of pieces) {
        await handle.writeFile(piece);
        bytes += piece.byteLength;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    // A link fails where a name is taken, a renaming would replace it.
    if (overwrite) await rename(draft, path);
    else await link(draft, path);
    return bytes;
  } catch (error) {
    throw explained(path, error, flag);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined); // what went wrong before is the news
  }
}

function explained(path: string, error: unknown, flag: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (isCode(error, 'EEXIST')) return taken(path);
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ENOSPC', 'ENAMETOOLONG', 'ENOENT'].includes(code)) {
    return error;
  }
  return noPlace(path, code, flag);
}

function noPlace(path: string, code: string, flag: string): UsageError {
  return new UsageError(
    `${flag} is "${path}", which cannot be written (${code}); expected a place for a file`,
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** What is said of a file that is there. */
export function taken(path: string): UsageError {
  return new UsageError(`--out is "${path}", which exists; expected a new name, or --force to replace it`);
}

/** One array as pieces. */
export async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
