/** Files that are dropped or chosen, by their paths; folders that are dropped are walked. */

import type { DroppedFile } from './dropped-file.js';

/** More files than this are a folder that was dropped by mistake. */
const mostFiles = 2000;

/** Those of a file input. */
export function chosenFiles(files: Iterable<File>): readonly DroppedFile[] {
  return [...files].map((file) => ({
    path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
    file,
  }));
}

/**
 * Those of a drop. Its list is empty as soon as the event is over, so call this while it is handled.
 *
 * @throws RangeError (rejects) for more than 2,000 files
 */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly DroppedFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return chosenFiles(transfer.files);
  const found: DroppedFile[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry: FileSystemEntry, found: DroppedFile[]): Promise<void> {
  if (found.length >= mostFiles) {
    throw new RangeError(
      `there are more than ${mostFiles} files in what was dropped; expected those of one model, or idx files`,
    );
  }
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    found.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives a hundred entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return;
    for (const each of some) await walk(each, found);
  }
}
