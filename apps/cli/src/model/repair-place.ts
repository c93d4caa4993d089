/** Where `kindling repair` writes, in which format, and that it is not what it reads. */
import { lstat, realpath, stat } from 'node:fs/promises';
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
 * @param input the path of the model, as typed
 * @throws UsageError for the input itself or its folder, a file that is there without `force`, or a name of another format
 */
export async function readRepairPlace(
  { out, input, force }: { readonly out: string; readonly input: string; readonly force: boolean },
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
  const source = await realpath(resolve(directory, input));
  const sourceFolder = (await stat(source)).isDirectory() ? source : dirname(source);
  const real = await realOrItself(path);
  if (real === source || (tfjs && (await realOrItself(dirname(path))) === sourceFolder)) {
    throw new UsageError(
      tfjs
        ? `--out is "${out}", in the folder of the model itself, whose weights it would replace; expected another folder`
        : `--out is "${out}", the model itself; expected another name, its own weights are never replaced`,
    );
  }
  if (real.startsWith(`${sourceFolder}/`) && (await isShard(real, model, sourceFolder))) {
    throw new UsageError(`--out is "${out}", a file of the model itself; expected another name`);
  }
  for (const file of tfjs ? [path, join(dirname(path), shardName)] : [path]) {
    const found = await lstat(file).catch(() => null);
    if (found?.isDirectory() === true) {
      throw new UsageError(`--out is "${out}", where a folder is; expected the name of a file`);
    }
    if (found !== null && !force) throw taken(file);
  }
  return { path, format, same: tfjs || model.format === 'safetensors' };
}

/** A folder, or the name of the JSON file. */
function modelJson(path: string): string {
  return /\.json$/i.test(path) ? path : join(path, 'model.json');
}

async function realOrItself(path: string): Promise<string> {
  return await realpath(path).catch(() => path);
}

/** Shards lie beside the file that was opened: what has their kind of name and is there is left alone. */
async function isShard(path: string, { format }: Model, folder: string): Promise<boolean> {
  const there = (await lstat(path).catch(() => null)) !== null;
  return there && format === 'safetensors' && dirname(path) === folder && /-\d{5}-of-\d{5}\./.test(path);
}
