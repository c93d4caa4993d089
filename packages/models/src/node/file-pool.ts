/** Files that are read by turns: of a model of thousands of shards only some are open at once. */
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ModelFormatError } from '../errors/model-format-error.js';
import { printableName } from '../errors/printable-name.js';

/** Open at once. Systems allow a process some hundred. */
const mostOpen = 64;
/** Read at once; others wait. Node's own threads are fewer. */
const mostReaders = 32;

/** What tells a file from another one that took its place. */
interface Identity {
  readonly device: number;
  readonly inode: number;
  readonly size: number;
}

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  readers: number;
}

/** Opens files when they are read and closes those that were not read for longest. */
export class FilePool {
  private readonly open = new Map<string, OpenFile>();
  private readonly known = new Map<string, Identity>();
  private readonly waiting: (() => void)[] = [];
  private readers = 0;
  private closed = false;

  /**
   * @returns the file's size
   * @throws ModelFormatError for anything but a file that can be read
   */
  async add(path: string): Promise<number> {
    return this.use(path, async () => this.known.get(path)?.size ?? 0);
  }

  /**
   * Works with an open file.
   *
   * @throws ModelFormatError for anything but a file that can be read, one that was exchanged, and after `close`
   */
  async use<Result>(path: string, work: (handle: FileHandle) => Promise<Result>): Promise<Result> {
    if (this.readers >= mostReaders) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.readers++;
    try {
      return await this.useNow(path, work);
    } finally {
      // The turn goes to the next one who waits.
      const next = this.waiting.shift();
      if (next === undefined) this.readers--;
      else next();
    }
  }

  private async useNow<Result>(path: string, work: (handle: FileHandle) => Promise<Result>): Promise<Result> {
    if (this.closed) throw unreadable(path, 'it was closed');
    const file = this.open.get(path) ?? { handle: this.openChecked(path), readers: 0 };
    // Last in the order of the map: used last.
    this.open.delete(path);
    this.open.set(path, file);
    file.readers++;
    try {
      return await work(await file.handle);
    } finally {
      file.readers--;
      await this.closeIdle(mostOpen);
    }
  }

  /** Every file that was opened. */
  paths(): readonly string[] {
    return [...this.known.keys()];
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.closeIdle(0);
  }

  /** Closes files that nobody reads until at most `most` are open. */
  private async closeIdle(most: number): Promise<void> {
    const closing: Promise<void>[] = [];
    for (const [path, file] of this.open) {
      if (this.open.size <= (this.closed ? 0 : most)) break;
      if (file.readers > 0) continue;
      this.open.delete(path);
      // One that could not be opened was reported to its reader.
      closing.push(file.handle.then((handle) => handle.close()).catch(() => {}));
    }
    await Promise.all(closing);
  }

  private async openChecked(path: string): Promise<FileHandle> {
    let handle: FileHandle;
    try {
      // Before opening, because opening a device may do something, and a pipe without a writer waits for one.
      if (!(await stat(path)).isFile()) throw unreadable(path, 'it is a folder, pipe or device');
      handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch (cause) {
      throw cause instanceof ModelFormatError ? cause : unreadable(path, codeOf(cause), cause);
    }
    try {
      const found = await handle.stat();
      const identity = { device: found.dev, inode: found.ino, size: found.size };
      const before = this.known.get(path) ?? identity;
      const same =
        before.device === identity.device && before.inode === identity.inode && before.size === identity.size;
      if (!found.isFile() || !same) throw unreadable(path, 'it was exchanged while it was read');
      this.known.set(path, identity);
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
}

/** The error of a file or folder that cannot be read. */
export function unreadable(path: string, reason: string, cause?: unknown): ModelFormatError {
  const name = printableName(basename(path));
  return new ModelFormatError(`openModel: ${name} cannot be read: ${reason}; expected a file that can`, {
    details: { file: name, expected: 'a file', got: reason },
    cause,
  });
}

/** The system's word for what went wrong, such as `EACCES`. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'the system gives no reason';
}
