/** Where `kindling repair` writes, in which format, and that it is not what it reads. */
import { lstat, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Model } from '@kindling/models';
import { UsageError } from '../usage-error.js';
import { taken } from './write-file.js';

/** A place that was checked. */
export interface RepairPlace {
  /** Absolute path of the file that stands for the model. */
  readonly path: string;
  readonly format: 'safetensors' | 'tfjs';
  /** Whether that is the format of the file that was read. */
  readonly same: boolean;
}

/** Files of a model of TensorFlow.js that this writes. */
export const shardName = 'group1-shard1of1.bin';

/**
 * Checks `--out`.
 *
 * @param files paths of the model's files, the main one first
 * @throws UsageError for the input itself or its folder, a file that is there without `force`, or a name of another format
 */
export async function readRepairPlace(
  { out, files, force }: { readonly out: string; readonly files: readonly string[]; readonly force: boolean },
  model: Model,
  directory: string,
): Promise<RepairPlace> {
  if (out.trim() === '') throw new UsageError(`--out is "${out}"; expected the name of a new file`);
  const tfjs = model.format === 'tfjs-layers' || model.format === 'tfjs-graph';
  const format = tfjs ? 'tfjs' : 'safetensors';
  const path = tfjs ? modelJson(resolve(directory, out)) : resolve(directory, out);
  if (!tfjs && !/\.safetensors$/i.test(out)) {
    throw new UsageError(
      `--out is "${out}"; expected a name ending in .safetensors, which is what is written for this format`,
    );
  }
  if (tfjs && /\.(safetensors|bin|onnx|h5|keras|npz|npy)$/i.test(out)) {
    throw new UsageError(
      `--out is "${out}"; expected a folder or a name ending in .json: TensorFlow.js models are written as they are read`,
    );
  }
  const targets = tfjs ? [path, join(dirname(path), shardName)] : [path];
  const ownFolder = tfjs && (await isSame(dirname(path), dirname(files[0] ?? '')));
  if (ownFolder) {
    throw new UsageError(
      `--out is "${out}", in the folder of the model itself, whose weights it would replace; expected another folder`,
    );
  }
  for (const target of targets) {
    for (const file of files) {
      if (!(await isSame(target, file))) continue;
      throw new UsageError(
        `--out is "${out}", ${file === files[0] ? 'the model itself' : 'a file of the model itself'}; expected another name, its own weights are never replaced`,
      );
    }
  }
  for (const file of targets) {
    const found = await lstat(file).catch(() => null);
    if (found?.isDirectory() === true) {
      throw new UsageError(`--out is "${out}", where a folder is; expected the name of a file`);
    }
    // A pipe or a device would be replaced by a file of its name.
    if (found !== null && !found.isFile() && !found.isSymbolicLink()) {
      throw new UsageError(
        `--out is "${out}", where something else than a file is; expected the name of a file`,
      );
    }
    if (found !== null && !force) throw taken(file);
  }
  return { path, format, same: tfjs || model.format === 'safetensors' };
}

/** A folder, or the name of the JSON file. */
function modelJson(path: string): string {
  return /\.json$/i.test(path) ? path : join(path, 'model.json');
}

/** Whether two paths are one file or folder: by links of both kinds, by `..`, or in another case where that does not count. */
async function isSame(path: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all(
    [path, other].map((name) => stat(name, { bigint: true }).catch(() => null)),
  );
  if (a === null || b === null || a === undefined || b === undefined) return false;
  return a.ino === b.ino && a.dev === b.dev;
}
