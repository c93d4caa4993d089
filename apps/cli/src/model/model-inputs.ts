/** What a model is passed: random inputs, images of a data set, or rows of a NumPy file. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { allocateMatrix, type Engine, firstRows, KindlingError, writeMatrix } from '@kindling/core';
import { type ModelInputs, type ModelInputsRequest, randomInputs } from '@kindling/diagnostics/models';
import { type ModelTensor, openModel } from '@kindling/models';
import { openFileSources } from '@kindling/models/node';
import { countOf, countText } from '@kindling/studies/text';
import { loadMeasuredData, writeImages } from '../options/measured-data.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';

/** What is asked for. */
export interface FileInputsRequest extends ModelInputsRequest {
  /** As typed; undefined for random numbers. */
  readonly data: string | undefined;
}

/**
 * Writes the inputs into the engine's memory.
 *
 * @throws UsageError for data that are not there, of another width, or without any numbers
 */
export async function loadModelInputs(
  engine: Engine,
  { data, width, rows, key }: FileInputsRequest,
  surroundings: Surroundings,
): Promise<ModelInputs> {
  if (data === undefined) return randomInputs(engine, { width, rows, key });
  if (/\.np[yz]$/i.test(data)) return await numpyRows(engine, { data, width, rows, key }, surroundings);
  const found = await loadMeasuredData(
    data,
    { argument: 'the model', width, initializes: true },
    surroundings,
  );
  const matrix = writeImages(engine, found);
  const count = Math.min(rows, matrix.rows);
  return {
    matrix: firstRows(matrix, count),
    description:
      count === matrix.rows ? found.description : `the first ${countText(count)} of ${found.description}`,
  };
}

async function numpyRows(
  engine: Engine,
  { data = '', width, rows }: FileInputsRequest,
  { directory }: Surroundings,
): Promise<ModelInputs> {
  const path = resolve(directory, data);
  const wrong = (what: string) =>
    new UsageError(
      `--data is "${data}", ${what}; expected an array with an input of ${countText(width)} a row`,
    );
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) throw wrong('which is no file');
  const sources = await openFileSources(path);
  try {
    const { tensors } = await openModel(sources).catch((error: unknown) => {
      if (!KindlingError.isInstance(error)) throw error;
      throw wrong(`which cannot be read: ${error.message.replace(/^\w+: /, '')}`);
    });
    const [tensor, ...others] = tensors;
    if (tensor === undefined) throw wrong('which holds no array');
    if (others.length > 0) throw wrong(`which holds ${countText(tensors.length)} arrays`);
    const count = rowsOf(tensor, width);
    if (count === null) throw wrong(`whose array is ${tensor.shape.join(' × ')}`);
    const taken = Math.min(rows, count);
    const values = await firstNumbers(tensor, taken * width);
    if (values.some((value) => !Number.isFinite(value))) throw wrong('which holds NaN or infinite numbers');
    if (values.every((value) => value === 0)) throw wrong('which is zero everywhere');
    const matrix = allocateMatrix(engine, taken, width);
    writeMatrix(engine, matrix, values);
    return { matrix, description: `the first ${countOf(taken, 'row')} of ${countText(count)} of ${data}` };
  } finally {
    await sources.close();
  }
}

/** Inputs that an array holds: one a row, or the whole array is one; `null` for another size. */
function rowsOf({ shape, size }: ModelTensor, width: number): number | null {
  const [first = 1] = shape;
  if (size > 0 && size === first * width) return first;
  return size === width ? 1 : null;
}

async function firstNumbers(tensor: ModelTensor, count: number): Promise<Float32Array> {
  const values = new Float32Array(count);
  let at = 0;
  for await (const piece of tensor.chunks()) {
    values.set(piece.subarray(0, Math.min(piece.length, count - at)), at);
    at += piece.length;
    if (at >= count) break;
  }
  return values;
}
