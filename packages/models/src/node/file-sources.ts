/** Files of a folder as sources. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { ModelFormatError } from '../errors/model-format-error.js';
import { printableName } from '../errors/printable-name.js';
import { checkRange } from '../source/check-range.js';
import { expectedNames, mainNameOf } from '../source/main-name.js';
import { relativeName } from '../source/relative-name.js';
import type { Source, Sources } from '../source/source.js';
import { codeOf, FilePool, unreadable } from './file-pool.js';

/** Sources that hold files open. */
export interface FileSources extends Sources {
  /** Paths of the main file and of those that were opened so far. */
  paths(): readonly string[];
  /** Closes every file; reading afterwards fails. */
  close(): Promise<void>;
}

/**
 * A model on disk.
 *
 * @param path a file, or a folder with one model in it
 * @throws ModelFormatError when there is no such file, or none in the folder that looks like a model
 */
export async function openFileSources(path: string): Promise<FileSources> {
  const file = await mainFile(path);
  const pool = new FilePool();
  const opened = new Map<string, Promise<Source>>();
  try {
    const main = await openFile(pool, file);
    const root = await realpath(dirname(file));
    const place: Place = { root, main: main.name, linkedIn: await folderOfLink(root, file) };
    return {
      main,
      async open(name) {
        const wanted = relativeName(name, main.name);
        const found = opened.get(wanted) ?? openInside(pool, place, wanted);
        opened.set(wanted, found);
        return found;
      },
      paths: () => pool.paths(),
      close: () => pool.close(),
    };
  } catch (error) {
    await pool.close();
    throw error instanceof ModelFormatError ? error : unreadable(file, codeOf(error), error);
  }
}

/** Where a model's other files may be. */
interface Place {
  readonly root: string;
  /** Name of the main file, for messages. */
  readonly main: string;
  /** Folder of the file that the main file links to; `null` if it is no link out of its folder. */
  readonly linkedIn: string | null;
}

async function folderOfLink(root: string, file: string): Promise<string | null> {
  const folder = dirname(await realpath(file));
  return folder === root ? null : folder;
}

/**
 * A link may lead out of the folder where the name does not. Hugging Face's cache is made of such links, all into one folder: a main
 * file that is one itself may have its like beside its target.
 */
async function openInside(pool: FilePool, { root, main, linkedIn }: Place, name: string): Promise<Source> {
  let target: string;
  try {
    target = await realpath(join(root, name));
  } catch (cause) {
    throw new ModelFormatError(
      `openModel: ${main} needs the file ${printableName(name)}, which is not there; expected it in the folder of ${main}`,
      { details: { file: main, expected: name, got: null }, cause },
    );
  }
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep) && dirname(target) !== linkedIn) {
    throw new ModelFormatError(
      `openModel: ${main} names the file ${printableName(name)}, a link out of its folder; expected one inside — copy the folder with the files in place of the links (cp -rL)`,
      { details: { file: main, got: name } },
    );
  }
  return openFile(pool, target);
}

async function openFile(pool: FilePool, path: string): Promise<Source> {
  const size = await pool.add(path);
  const place = { name: basename(path), size };
  return {
    ...place,
    async read(offset, length) {
      checkRange('read', place, offset, length);
      const bytes = new Uint8Array(length);
      await pool.use(path, async (handle) => {
        for (let at = 0; at < length; ) {
          const { bytesRead } = await handle.read(bytes, at, length - at, offset + at);
          if (bytesRead === 0) {
            throw new ModelFormatError(`read: ${place.name} became shorter; expected ${size} bytes`, {
              details: { file: place.name, offset: offset + at, expected: size, got: offset + at },
            });
          }
          at += bytesRead;
        }
      });
      return bytes;
    },
  };
}

async function mainFile(path: string): Promise<string> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (cause) {
    throw new ModelFormatError(`openModel: ${path} cannot be read; expected a file or a folder`, {
      details: { file: path },
      cause,
    });
  }
  if (!isFolder) return path;
  const names = await readdir(path).then(
    (found) => found,
    (cause: unknown) => {
      throw unreadable(path, codeOf(cause), cause);
    },
  );
  const found = mainNameOf(names, `the folder ${printableName(basename(path))}`);
  if (found !== null) return join(path, found);
  throw new ModelFormatError(
    `openModel: the folder ${printableName(basename(path))} holds no model; expected ${expectedNames}`,
    { details: { file: path } },
  );
}
