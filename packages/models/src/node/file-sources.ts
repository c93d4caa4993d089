/** Files of a folder as sources. */
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { ModelFormatError } from '../errors/model-format-error.js';
import { printableName } from '../errors/printable-name.js';
import { checkRange } from '../source/check-range.js';
import { relativeName } from '../source/relative-name.js';
import type { Source, Sources } from '../source/source.js';

/** Sources that hold files open. */
export interface FileSources extends Sources {
  /** Closes every file; reading afterwards fails. */
  close(): Promise<void>;
}

/** Which file of a folder is the model, first match first. */
const mainNames: readonly RegExp[] = [
  /^model\.json$/,
  /\.safetensors\.index\.json$/,
  /\.safetensors$/,
  /\.keras$/,
  /\.onnx$/,
  /\.h5$/,
  /\.npz$/,
  /weights_manifest\.json$/,
];

/**
 * A model on disk.
 *
 * @param path a file, or a folder with one model in it
 * @throws ModelFormatError when there is no such file, or none in the folder that looks like a model
 */
export async function openFileSources(path: string): Promise<FileSources> {
  const file = await mainFile(path);
  const folder = dirname(file);
  const root = await realpath(folder);
  const handles: FileHandle[] = [];
  const opened = new Map<string, Promise<Source>>();
  const close = async () => {
    await Promise.all(handles.splice(0).map((handle) => handle.close()));
  };
  try {
    const main = await openFile(file, handles);
    return {
      main,
      async open(name) {
        const wanted = relativeName(name, main.name);
        const found = opened.get(wanted) ?? openInside(root, wanted, main.name, handles);
        opened.set(wanted, found);
        return found;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A link may lead out of the folder where the name does not. */
async function openInside(root: string, name: string, from: string, handles: FileHandle[]): Promise<Source> {
  let target: string;
  try {
    target = await realpath(join(root, name));
  } catch (cause) {
    throw new ModelFormatError(
      `openModel: ${from} needs the file ${printableName(name)}, which is not there; expected it in the folder of ${from}`,
      { details: { file: from, expected: name, got: null }, cause },
    );
  }
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw new ModelFormatError(
      `openModel: ${from} names the file ${printableName(name)}, a link out of its folder; expected one inside`,
      { details: { file: from, got: name } },
    );
  }
  return openFile(target, handles);
}

async function openFile(path: string, handles: FileHandle[]): Promise<Source> {
  const handle = await open(path, 'r');
  handles.push(handle);
  const { size } = await handle.stat();
  const place = { name: basename(path), size };
  return {
    ...place,
    async read(offset, length) {
      checkRange('read', place, offset, length);
      const bytes = new Uint8Array(length);
      let at = 0;
      while (at < length) {
        const { bytesRead } = await handle.read(bytes, at, length - at, offset + at);
        if (bytesRead === 0) {
          throw new ModelFormatError(`read: ${place.name} became shorter; expected ${size} bytes`, {
            details: { file: place.name, offset: offset + at, expected: size, got: offset + at },
          });
        }
        at += bytesRead;
      }
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
  const names = (await readdir(path)).sort();
  for (const pattern of mainNames) {
    const found = names.filter((name) => pattern.test(name));
    if (found.length === 1) return join(path, found[0] ?? '');
    if (found.length > 1) {
      throw new ModelFormatError(
        `openModel: the folder ${basename(path)} holds ${found.slice(0, 4).join(', ')}; expected one model — name the file`,
        { details: { file: path, got: found.slice(0, 20) } },
      );
    }
  }
  throw new ModelFormatError(
    `openModel: the folder ${basename(path)} holds no model; expected a model.json, .safetensors, .keras, .onnx, .h5 or .npz file`,
    { details: { file: path } },
  );
}
