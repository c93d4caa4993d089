/** Weights of TensorFlow.js: a manifest of groups, each a row of tensors in the bytes of its shards, without gaps. */

import { ModelFormatError } from '../../errors/model-format-error.js';
import { printableName, quotedName } from '../../errors/printable-name.js';
import { UnsupportedModelError } from '../../errors/unsupported-model-error.js';
import { bytesOf, type DType } from '../../model/dtype.js';
import { elementCount } from '../../model/element-count.js';
import type { Quantization } from '../../model/model-tensor.js';
import { bytesInSource, type TensorBytes } from '../../model/tensor-bytes.js';
import { joinSources } from '../../source/joined-source.js';
import { relativeName } from '../../source/relative-name.js';
import type { Source, Sources } from '../../source/source.js';
import { isShape } from '../json/is-shape.js';
import { fieldOf } from '../json/parse-json.js';

/** A tensor of the manifest. */
export interface ManifestWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly quantization: Quantization | null;
  readonly bytes: TensorBytes;
}

/** Most files of a group. Shards have 4 MiB. */
const mostShards = 65_536;

const dtypes: Readonly<Record<string, DType>> = {
  float32: 'f32',
  float16: 'f16',
  int32: 'i32',
  uint8: 'u8',
  uint16: 'u16',
  bool: 'bool',
};

/**
 * All tensors in order.
 *
 * @throws ModelFormatError for a manifest with wrong fields or a name twice, or shards whose bytes are more or fewer than needed
 * @throws UnsupportedModelError for strings and complex numbers
 */
export async function readWeightsManifest(
  sources: Sources,
  manifest: readonly unknown[],
): Promise<readonly ManifestWeight[]> {
  const weights: ManifestWeight[] = [];
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const group of manifest) {
    const source = await openShards(sources, fieldOf(group, 'paths'), paths);
    let offset = 0;
    for (const entry of fieldOf(group, 'weights') as readonly unknown[]) {
      const weight = readWeight(sources.main, entry);
      if (names.has(weight.name))
        throw wrong(sources.main, 'every tensor once', `${quotedName(weight.name)} twice`);
      names.add(weight.name);
      const count = elementCount(weight.shape);
      const length = count * bytesOf[weight.quantization?.dtype ?? weight.dtype];
      weights.push({ ...weight, bytes: bytesInSource(source, offset, length) });
      offset += length;
    }
    if (offset !== source.size) {
      throw wrong(sources.main, `${offset} bytes in ${source.name}`, `${source.size}`);
    }
  }
  return weights;
}

async function openShards(sources: Sources, paths: unknown, known: Set<string>): Promise<Source> {
  if (!Array.isArray(paths) || paths.length > mostShards) {
    throw wrong(sources.main, `a list of at most ${mostShards} paths`, 'another');
  }
  const shards: Source[] = [];
  for (const path of paths as readonly unknown[]) {
    if (typeof path !== 'string') throw wrong(sources.main, 'paths', JSON.stringify(path).slice(0, 80));
    // A shard named again and again would be a small file of endless tensors.
    const file = relativeName(path, sources.main.name);
    if (known.has(file)) throw wrong(sources.main, 'every shard once', `${quotedName(path)} twice`);
    known.add(file);
    shards.push(await sources.open(path));
  }
  return joinSources(`the shards of ${sources.main.name}`, shards);
}

function readWeight(main: Source, entry: unknown): Omit<ManifestWeight, 'bytes'> {
  const name = fieldOf(entry, 'name');
  const shape = fieldOf(entry, 'shape');
  const type = fieldOf(entry, 'dtype');
  if (typeof name !== 'string' || typeof type !== 'string' || !isShape(shape)) {
    throw wrong(main, 'name, shape and dtype of a tensor', JSON.stringify(entry)?.slice(0, 120) ?? 'nothing');
  }
  return {
    name,
    shape,
    dtype: dtypeOf(main, name, type),
    quantization: readQuantization(main, name, type, entry),
  };
}

function readQuantization(main: Source, name: string, stands: string, entry: unknown): Quantization | null {
  const value = fieldOf(entry, 'quantization');
  if (value === undefined || value === null) return null;
  const type = fieldOf(value, 'dtype');
  // As the converter writes: floats, or integers by an affine map.
  if (stands !== 'float32' && (stands !== 'int32' || type === 'float16')) {
    throw wrong(
      main,
      `a quantization of float32${type === 'float16' ? '' : ' or int32'} numbers`,
      `one of ${quotedName(name)}, which is ${stands.slice(0, 20)}`,
    );
  }
  if (type === 'float16') return { dtype: 'f16', scale: 1, min: 0 };
  const [scale, min] = [fieldOf(value, 'scale'), fieldOf(value, 'min')];
  const sound =
    typeof scale === 'number' &&
    typeof min === 'number' &&
    Number.isFinite(scale) &&
    Number.isFinite(min) &&
    (type === 'uint8' || type === 'uint16');
  if (!sound) {
    throw wrong(
      main,
      `a quantization of ${quotedName(name)} with dtype uint8 or uint16, a finite scale and min`,
      JSON.stringify(value).slice(0, 120),
    );
  }
  return { dtype: type === 'uint8' ? 'u8' : 'u16', scale, min };
}

function dtypeOf(main: Source, name: string, type: string): DType {
  const found = Object.hasOwn(dtypes, type) ? dtypes[type] : undefined;
  if (found !== undefined) return found;
  throw new UnsupportedModelError(
    `openModel: the tensor ${quotedName(name)} in ${main.name} is of type ${type.slice(0, 20)}; expected ${Object.keys(dtypes).join(', ')}`,
    { details: { file: main.name, tensor: printableName(name), got: type.slice(0, 20) } },
  );
}

function wrong(main: Source, expected: string, got: string): ModelFormatError {
  return new ModelFormatError(
    `openModel: ${main.name} holds a broken manifest of weights; expected ${expected}, got ${got}`,
    { details: { file: main.name, format: 'tfjs', expected, got } },
  );
}
