/** What writers take: tensors of a file as they are, or new numbers. */
import { InvalidArgumentError } from '@kindling/core';
import { quotedName } from '../errors/printable-name.js';
import { bytesOf, type DType, type Floats } from '../model/dtype.js';
import { encodeFloats } from '../model/encode-floats.js';
import type { Quantization } from '../model/model-tensor.js';

/**
 * A tensor and how to get its bytes. Every `ModelTensor` is one; of a quantized one the numbers it stands for are written, in f32, or i32
 * where it stands for those.
 */
export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly quantization?: Quantization | null;
  /** Little-endian, row-major. */
  readBytes(): Promise<Uint8Array>;
  /** Needed where `quantization` is not `null`. */
  read?(): Promise<Floats>;
}

/**
 * New numbers under a name.
 *
 * @param dtype f64, f32, f16 or bf16, to which they are rounded; default: that of the array
 * @throws InvalidArgumentError unless there are as many numbers as the shape holds
 */
export function tensorOfFloats(
  name: string,
  shape: readonly number[],
  values: Floats,
  dtype: DType = values instanceof Float64Array ? 'f64' : 'f32',
): TensorToWrite {
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (size !== values.length) {
    throw new InvalidArgumentError(
      `tensorOfFloats: ${quotedName(name)} has ${values.length} numbers; expected ${size} for [${shape.join(', ')}]`,
    );
  }
  const bytes = encodeFloats(dtype, values);
  return { name, shape, dtype, readBytes: async () => bytes };
}

/** Type in which a tensor is written. */
export function writtenDType({ dtype, quantization }: TensorToWrite): DType {
  if (quantization === undefined || quantization === null) return dtype;
  return dtype === 'i32' ? 'i32' : 'f32';
}

/** @throws InvalidArgumentError for bytes that are not those of the shape */
export async function writtenBytes(caller: string, tensor: TensorToWrite): Promise<Uint8Array> {
  const { quantization, read, name } = tensor;
  let bytes: Uint8Array;
  if (quantization === undefined || quantization === null) bytes = await tensor.readBytes();
  else if (read !== undefined)
    bytes = encodeQuantized(tensor, (await tensor.read?.()) ?? new Float32Array(0));
  else
    throw new InvalidArgumentError(
      `${caller}: ${quotedName(name)} is quantized; expected a way to read its numbers`,
    );
  const expected = writtenLength(tensor);
  if (bytes.byteLength !== expected) {
    throw new InvalidArgumentError(
      `${caller}: ${quotedName(name)} has ${bytes.byteLength} bytes; expected ${expected}`,
    );
  }
  return bytes;
}

function encodeQuantized(tensor: TensorToWrite, values: Floats): Uint8Array {
  if (writtenDType(tensor) === 'f32') return encodeFloats('f32', values);
  // The platforms that run this are little-endian, as encodeFloats takes them to be.
  return new Uint8Array(Int32Array.from(values).buffer);
}

/** Bytes that a tensor will take. */
export function writtenLength(tensor: TensorToWrite): number {
  return tensor.shape.reduce((product, extent) => product * extent, bytesOf[writtenDType(tensor)]);
}

/** @throws InvalidArgumentError for a name that stands twice */
export function requireUniqueNames(caller: string, tensors: readonly TensorToWrite[]): void {
  const names = new Set<string>();
  for (const { name } of tensors) {
    if (names.has(name))
      throw new InvalidArgumentError(
        `${caller}: the tensor ${quotedName(name)} stands twice; expected it once`,
      );
    names.add(name);
  }
}
