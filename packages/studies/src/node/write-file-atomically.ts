/**
 * Files that are there whole or not at all: a reader, and the next run after a crash, sees the old content or the
 * new one.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Unfinished files start so; `openStudyDirectory` clears away those that a crash has left. */
export const draftPrefix = '.kindling-draft-';

/** Writes `text` (UTF-8) to `path` by way of a draft beside it. Errors of the file system pass through. */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  const draft = join(dirname(path), `${draftPrefix}${randomBytes(8).toString('hex')}`);
  try {
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(text, 'utf8');
      await file.sync(); // else a power cut could leave the new name on an empty file
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
