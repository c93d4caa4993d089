/** A tensor from what is known of it and where its bytes are. */

import { InvalidArgumentError } from '@kindling/core';
import { ModelFormatError } from '../errors/model-format-error.js';
import { quotedName } from '../errors/printable-name.js';
import { decodeFloats, decodeQuantized } from './decode-floats.js';
import { bytesOf, type Floats } from './dtype.js';
import { elementCount } from './element-count.js';
import type { ModelTensor, TensorDescription } from './model-tensor.js';
import type { TensorBytes } from './tensor-bytes.js';
import { tensorFans } from './tensor-fans.js';

/** Pieces that are read at once. */
const bytesOfPiece = 1_048_576;

/** What a reader says of a tensor; what it leaves out is unknown. */
export type TensorOptions = Pick<TensorDescription, 'name' | 'shape' | 'dtype'> &
  Partial<Omit<TensorDescription, 'fans'>>;

/**
 * @param options fans follow from role, layout and shape
 * @throws ModelFormatError unless shape holds integers ≥ 0 and the bytes are exactly those of the shape
 */
export function createTensor(options: TensorOptions, bytes: TensorBytes): ModelTensor {
  const { name, shape, dtype, quantization = null, role = 'other', layout = null } = options;
  const size = sizeOf(name, shape);
  const stored = quantization?.dtype ?? dtype;
  const width = bytesOf[stored];
  if (size * width !== bytes.length) {
    throw new ModelFormatError(
      `openModel: the tensor ${quotedName(name)} of shape [${shape.join(', ')}] and type ${stored} has ${bytes.length} bytes; expected ${size * width}`,
      { details: { tensor: quotedName(name), expected: size * width, got: bytes.length } },
    );
  }
  const decode = (piece: Uint8Array): Floats =>
    quantization === null ? decodeFloats(dtype, piece) : decodeQuantized(dtype, quantization, piece);
  const description: TensorDescription = {
    name,
    shape,
    dtype,
    quantization,
    role,
    layout,
    fans: tensorFans(role, layout, shape),
    layer: options.layer ?? null,
    statedInitializer: options.statedInitializer ?? null,
  };
  return {
    ...description,
    size,
    async read() {
      const floats = decode(new Uint8Array(0)).constructor as typeof Float32Array | typeof Float64Array;
      const all = new floats(size);
      let at = 0;
      for await (const piece of bytes.pieces(bytesOfPiece)) {
        const part = decode(piece);
        all.set(part, at);
        at += part.length;
      }
      requireAll(name, at, size);
      return all;
    },
    async *chunks(maxFloats = 262_144) {
      if (!Number.isSafeInteger(maxFloats) || maxFloats < 1) {
        throw new InvalidArgumentError(`chunks: maxFloats is ${maxFloats}; expected an integer ≥ 1`);
      }
      let at = 0;
      for await (const piece of bytes.pieces(maxFloats * width)) {
        const part = decode(piece);
        at += part.length;
        yield part;
      }
      requireAll(name, at, size);
    },
    async readBytes() {
      const all = new Uint8Array(bytes.length);
      let at = 0;
      for await (const piece of bytes.pieces(bytesOfPiece)) {
        all.set(piece, at);
        at += piece.byteLength;
      }
      requireAll(name, at, bytes.length);
      return all;
    },
  };
}

/** Product of a shape, which must be safe. */
function sizeOf(name: string, shape: readonly number[]): number {
  if (shape.some((extent) => !Number.isSafeInteger(extent) || extent < 0)) throw wrongShape(name, shape);
  const size = elementCount(shape);
  // Beyond 2⁵⁰ numbers, bytes would no longer be exact; and [0, 2⁶⁰, …] passes as the 0 numbers that it has.
  if (!(size <= 1_125_899_906_842_624) || shape.length > 32) throw wrongShape(name, shape);
  return size;
}

function wrongShape(name: string, shape: readonly number[]): ModelFormatError {
  const shown = shape.slice(0, 8).join(', ');
  return new ModelFormatError(
    `openModel: the tensor ${quotedName(name)} has the shape [${shown}]; expected at most 32 integers ≥ 0 whose product is at most 2^50`,
    { details: { tensor: quotedName(name), got: shown } },
  );
}

function requireAll(name: string, got: number, expected: number): void {
  if (got === expected) return;
  throw new ModelFormatError(
    `read: the tensor ${quotedName(name)} gave ${got} numbers; expected ${expected}`,
    {
      details: { tensor: quotedName(name), expected, got },
    },
  );
}
