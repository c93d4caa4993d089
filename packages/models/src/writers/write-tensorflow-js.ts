/** Writing a TensorFlow.js model: the topology of one that was read, with other numbers. */
import { InvalidArgumentError } from '@kindling/core';
import { printableName, quotedName } from '../errors/printable-name.js';
import { isShape } from '../formats/json/is-shape.js';
import { fieldOf, isObject, parseJsonBytes } from '../formats/json/parse-json.js';
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
 * @param tensors those of the original, each once, with their shapes and types; quantized ones are written in the type they stand for
 * @throws InvalidArgumentError for tensors that are not those of the original's manifest: one that is missing, twice or unknown there, of
 * another shape or type; and for an original that is no model.json
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
      `writeTensorflowJs: ${printableName(original.name)} is no model.json with a weightsManifest; expected the one the tensors are from`,
    );
  }
  const weights = tensors.map((tensor) => {
    const dtype = dtypes[writtenDType(tensor)];
    if (dtype === undefined) {
      throw new InvalidArgumentError(
        `writeTensorflowJs: ${quotedName(tensor.name)} is of type ${tensor.dtype}; expected f32, i32 or bool`,
      );
    }
    return { name: tensor.name, shape: tensor.shape, dtype };
  });
  requireManifests(original, json['weightsManifest'], tensors);
  const written = { ...json, weightsManifest: [{ paths: [shardName], weights }] };
  return { json: new TextEncoder().encode(JSON.stringify(written)), shardName, shard: shardOf(tensors) };
}

async function* shardOf(tensors: readonly TensorToWrite[]): AsyncGenerator<Uint8Array> {
  for (const tensor of tensors) yield await writtenBytes('writeTensorflowJs', tensor);
}

/** TensorFlow.js finds tensors by name, and takes the bytes of one for those of the next where shapes or types differ. */
function requireManifests(
  original: Source,
  manifest: readonly unknown[],
  tensors: readonly TensorToWrite[],
): void {
  const given = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const wrong = (what: string) =>
    new InvalidArgumentError(
      `writeTensorflowJs: ${what}; expected the tensors of ${printableName(original.name)}, each once, with its shape and type`,
    );
  for (const entry of manifest.flatMap((group) => fieldOf(group, 'weights') as readonly unknown[])) {
    const [name, shape, dtype] = ['name', 'shape', 'dtype'].map((key) => fieldOf(entry, key));
    if (typeof name !== 'string' || typeof dtype !== 'string' || !isShape(shape)) {
      throw wrong('the manifest has an entry without name, shape or dtype');
    }
    const tensor = given.get(name);
    if (tensor === undefined) throw wrong(`the tensor ${quotedName(name)} is missing, or stands twice there`);
    if (tensor.shape.length !== shape.length || tensor.shape.some((extent, axis) => extent !== shape[axis])) {
      throw wrong(
        `the tensor ${quotedName(name)} is [${tensor.shape.join(', ')}] and not [${shape.join(', ')}]`,
      );
    }
    const type = dtypes[writtenDType(tensor)] ?? tensor.dtype;
    if (type !== dtype) {
      throw wrong(`the tensor ${quotedName(name)} is ${type} and not ${printableName(dtype)}`);
    }
    given.delete(name);
  }
  const [extra] = given.keys();
  if (extra !== undefined) throw wrong(`the tensor ${quotedName(extra)} is not in the manifest`);
}
