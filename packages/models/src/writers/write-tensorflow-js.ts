/** Writing a TensorFlow.js model: the topology of one that was read, with other numbers. */
import { InvalidArgumentError } from '@kindling/core';
import { isObject, parseJsonBytes } from '../formats/json/parse-json.js';
import { isManifest } from '../formats/tensorflow-js/manifest-groups.js';
import type { DType } from '../model/dtype.js';
import type { Source } from '../source/source.js';
import { requireUniqueNames, type TensorToWrite, writtenBytes, writtenDType } from './tensor-to-write.js';

/** A model's two files. */
export interface TensorflowJsFiles {
  /** `model.json` as UTF-8. */
  readonly json: Uint8Array;
  /** File name of the shard, to stand beside it. */
  readonly shardName: string;
  /** The shard's bytes, a tensor at a time. */
  readonly shard: AsyncIterable<Uint8Array>;
}

const dtypes: Readonly<Partial<Record<DType, string>>> = { f32: 'float32', i32: 'int32', bool: 'bool' };
const shardName = 'group1-shard1of1.bin';

/**
 * Everything in `original` but its manifest is written again as it stands; the manifest becomes one group with one shard, in the
 * order of the tensors, not quantized. Same tensors and original, same bytes.
 *
 * @param original a model.json, LayersModel or GraphModel; it is not changed
 * @param tensors in f32, int32 or bool; quantized ones are written in f32. TensorFlow.js finds them by name
 * @throws InvalidArgumentError for a name that stands twice or another type, or an original that is no model.json
 * @throws ModelFormatError for an original that is broken JSON
 */
export async function writeTensorflowJs(
  original: Source,
  tensors: readonly TensorToWrite[],
): Promise<TensorflowJsFiles> {
  requireUniqueNames('writeTensorflowJs', tensors);
  const json = parseJsonBytes(await original.read(0, original.size), original.name);
  if (!isObject(json) || !isManifest(json['weightsManifest'])) {
    throw new InvalidArgumentError(
      `writeTensorflowJs: ${original.name} is no model.json with a weightsManifest; expected the one the tensors are from`,
    );
  }
  const weights = tensors.map((tensor) => {
    const dtype = dtypes[writtenDType(tensor)];
    if (dtype === undefined) {
      throw new InvalidArgumentError(
        `writeTensorflowJs: ${tensor.name} is of type ${tensor.dtype}; expected f32, i32 or bool`,
      );
    }
    return { name: tensor.name, shape: tensor.shape, dtype };
  });
  const written = { ...json, weightsManifest: [{ paths: [shardName], weights }] };
  return { json: new TextEncoder().encode(JSON.stringify(written)), shardName, shard: shardOf(tensors) };
}

async function* shardOf(tensors: readonly TensorToWrite[]): AsyncGenerator<Uint8Array> {
  for (const tensor of tensors) yield await writtenBytes('writeTensorflowJs', tensor);
}
