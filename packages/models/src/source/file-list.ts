/** Files as a page gets them: chosen, or dropped together. */
import { InvalidArgumentError } from '@kindling/core';
import { ModelFormatError } from '../errors/model-format-error.js';
import { printableName } from '../errors/printable-name.js';
import { expectedNames, mainNameOf } from './main-name.js';
import { type BlobLike, sourceFromBlob, sourcesOf } from './memory-source.js';
import type { Source, Sources } from './source.js';

/** The part of `File` that is needed. */
export interface FileLike extends BlobLike {
  readonly name: string;
  /** Set where a whole folder was chosen: `net/shards/a.bin`. */
  readonly webkitRelativePath?: string;
}

/**
 * A model of several files: one that is chosen by its name as in a folder (model.json, an index, `.safetensors`, …), the others where it
 * may name them. A single file is the model whatever its name. Nothing is read before it is asked for.
 *
 * @param files of a drop or a file input in any order; or a map from paths, with `/` between folders, to blobs
 * @throws InvalidArgumentError without files
 * @throws ModelFormatError when no file or more than one looks like a model, or a path stands twice
 */
export function sourcesOfFiles(files: Iterable<FileLike> | ReadonlyMap<string, BlobLike>): Sources {
  const blobs = new Map<string, BlobLike>();
  for (const [path, blob] of pathsOf(files)) {
    if (blobs.has(path)) {
      throw new ModelFormatError(
        `openModel: the file ${printableName(path)} is given twice; expected every file once`,
        { details: { file: printableName(path) } },
      );
    }
    blobs.set(path, blob);
  }
  const main = mainPathOf([...blobs.keys()]);
  const folder = main.slice(0, main.lastIndexOf('/') + 1);
  const siblings = new Map<string, Source>();
  for (const [path, blob] of blobs) {
    if (path.startsWith(folder)) siblings.set(path.slice(folder.length), sourceFromBlob(blob, nameOf(path)));
  }
  const source = siblings.get(nameOf(main));
  if (source === undefined) throw new RangeError('the main file is one of its folder');
  return sourcesOf(source, siblings);
}

function* pathsOf(
  files: Iterable<FileLike> | ReadonlyMap<string, BlobLike>,
): Generator<readonly [string, BlobLike]> {
  for (const entry of files) {
    if (isPair(entry)) yield entry;
    else {
      const { webkitRelativePath = '', name } = entry;
      yield [webkitRelativePath === '' ? name : webkitRelativePath, entry];
    }
  }
}

function isPair(entry: FileLike | readonly [string, BlobLike]): entry is readonly [string, BlobLike] {
  return Array.isArray(entry);
}

/** Of the folder that is nearest to the top and has a model. */
function mainPathOf(paths: readonly string[]): string {
  const [only, ...others] = paths;
  if (only === undefined) {
    throw new InvalidArgumentError('sourcesOfFiles: there are no files; expected those of a model');
  }
  if (others.length === 0) return only;
  const inOrder = [...grouped(paths)].sort(([a], [b]) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
  for (const [folder, names] of inOrder) {
    const place = folder === '' ? 'what was given' : `the folder ${printableName(folder.slice(0, -1))}`;
    const found = mainNameOf(names, place);
    if (found !== null) return `${folder}${found}`;
  }
  throw new ModelFormatError(
    `openModel: none of the ${paths.length} files looks like a model; expected ${expectedNames} among them`,
    { details: { got: paths.slice(0, 20).map(printableName) } },
  );
}

/** Names by their folder, which ends in `/`. */
function grouped(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const names = folders.get(folder);
    if (names === undefined) folders.set(folder, [nameOf(path)]);
    else names.push(nameOf(path));
  }
  return folders;
}

function depthOf(folder: string): number {
  return folder.split('/').length;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
