/** A model file that the command line names. */
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type ArchitectureInput, InvalidArgumentError } from '@kindling/core';
import {
  type Model,
  ModelFormatError,
  modelFormatTitles,
  openModel,
  printableName,
  UnsupportedModelError,
} from '@kindling/models';
import { type FileSources, openFileSources } from '@kindling/models/node';
import { UsageError } from '../usage-error.js';

/** A model, its files held open. */
export interface OpenedModel {
  readonly model: Model;
  /** As typed. */
  readonly path: string;
  /** Of the file itself, or the one found in the folder, fit for a terminal. */
  readonly name: string;
  readonly sources: FileSources;
}

const expected =
  'a model: safetensors, TensorFlow.js model.json, ONNX, Keras .h5 or .keras, .npy, .npz, or a folder with one';

/**
 * Runs `use` with the model and closes its files.
 *
 * @param directory where relative paths start, absolute
 * @param input size of the input where the file leaves it open
 * @param argument of the command line that named it, for messages; default FILE
 * @throws UsageError when there is no such file, or it is neither a file nor a folder, or the input contradicts the file; errors of
 *   `openModel` pass through
 */
export async function withModelFile<Result>(
  path: string,
  {
    directory,
    input,
    argument = 'FILE',
  }: {
    readonly directory: string;
    readonly input?: ArchitectureInput | undefined;
    readonly argument?: string;
  },
  use: (opened: OpenedModel) => Promise<Result>,
): Promise<Result> {
  const named = { argument, path };
  const file = await existingFile(named, directory);
  const sources = await readable(named, () => openFileSources(file));
  try {
    const model = await readable(named, () =>
      openModel(sources, { batchNormalization: 'by-batch', ...(input === undefined ? {} : { input }) }),
    );
    return await use({ model, path, name: printableName(sources.main.name), sources });
  } finally {
    await sources.close();
  }
}

/** A path as typed, and what of the command line it was. */
interface NamedPath {
  readonly argument: string;
  readonly path: string;
}

/** The path from the root. @throws UsageError unless a file or folder is there */
async function existingFile({ argument, path }: NamedPath, directory: string): Promise<string> {
  if (path.trim() === '') throw new UsageError(`${argument} is "${path}"; expected ${expected}`);
  const file = resolve(directory, path);
  const found = await readable({ argument, path }, () => stat(file));
  if (found.isFile() && found.size === 0) {
    throw new UsageError(`${argument} is "${path}", an empty file; expected ${expected}`);
  }
  if (found.isFile() || found.isDirectory()) return file;
  throw new UsageError(
    `${argument} is "${path}", which is neither a file nor a folder; expected ${expected}`,
  );
}

/** Failures of the file system in the words of a user. */
async function readable<Value>({ argument, path }: NamedPath, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InvalidArgumentError && error.message.startsWith('openModel: the input is given')) {
      throw new UsageError(`--input-shape: ${error.message.replace(/^openModel: /, '')}`);
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const known = error instanceof ModelFormatError || error instanceof UnsupportedModelError;
    if (known || !/^E[A-Z]+$/.test(code)) throw error;
    const what =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? 'does not exist'
        : code === 'EACCES' || code === 'EPERM'
          ? 'cannot be read (no permission)'
          : `cannot be read (${code})`;
    throw new UsageError(`${argument} is "${path}", which ${what}; expected ${expected}`);
  }
}

/** What a model's format is called. */
export function formatTitle({ format }: Model): string {
  return modelFormatTitles[format];
}

/** A path as messages show it. */
export function shownPath(path: string): string {
  return path.length <= 60 ? path : `…/${basename(path)}`;
}
