/** npy: one array. npz: a zip archive of them. */
import { classifyTensors } from '../../classification/classify-tensors.js';
import { ModelFormatError } from '../../errors/model-format-error.js';
import { createTensor } from '../../model/create-tensor.js';
import { bytesOf } from '../../model/dtype.js';
import type { Model } from '../../model/model.js';
import { bytesInSource, type TensorBytes } from '../../model/tensor-bytes.js';
import type { Source, Sources } from '../../source/source.js';
import { listZipEntries } from '../zip/zip-directory.js';
import { zipEntryBytes } from '../zip/zip-entry-bytes.js';
import { rowMajorBytes } from './fortran-bytes.js';
import { mostNpyHeaderBytes, type NpyHeader, readNpyHeader } from './npy-header.js';

interface NamedArray {
  readonly name: string;
  readonly header: NpyHeader;
  /** Behind the header. */
  readonly bytes: TensorBytes;
}

/** @throws ModelFormatError, UnsupportedModelError as `readNpyHeader` */
export async function readNpy({ main }: Sources): Promise<Model> {
  const header = readNpyHeader(await main.read(0, Math.min(main.size, mostNpyHeaderBytes)), main.name);
  const bytes = bytesInSource(main, header.length, main.size - header.length);
  return modelOf('npy', [{ name: main.name.replace(/\.npy$/, ''), header, bytes }]);
}

/** @throws ModelFormatError, UnsupportedModelError as `readNpyHeader`, and for a broken archive */
export async function readNpz({ main }: Sources): Promise<Model> {
  const arrays: NamedArray[] = [];
  for (const entry of await listZipEntries(main)) {
    const bytes = await zipEntryBytes(main, entry);
    const header = await headOf(main, bytes, entry.name);
    const rest = {
      length: bytes.length - header.length,
      pieces: (most: number) => behind(bytes, header.length, most),
    };
    arrays.push({ name: entry.name.replace(/\.npy$/, ''), header, bytes: rest });
  }
  return modelOf('npz', arrays);
}

async function headOf(source: Source, bytes: TensorBytes, name: string): Promise<NpyHeader> {
  for await (const piece of bytes.pieces(mostNpyHeaderBytes)) return readNpyHeader(piece, name);
  throw new ModelFormatError(`openModel: ${name} in ${source.name} is empty; expected an npy file`, {
    details: { file: source.name, format: 'npz' },
  });
}

/** What stands behind the first `skipped` bytes, in pieces of `most`. */
async function* behind(bytes: TensorBytes, skipped: number, most: number): AsyncGenerator<Uint8Array> {
  const size = Math.max(1, Math.min(most, bytes.length - skipped));
  const rest = new Uint8Array(size);
  let held = 0;
  let left = skipped;
  for await (const piece of bytes.pieces(most)) {
    let at = Math.min(left, piece.byteLength);
    left -= at;
    while (at < piece.byteLength) {
      const taken = Math.min(size - held, piece.byteLength - at);
      rest.set(piece.subarray(at, at + taken), held);
      held += taken;
      at += taken;
      if (held === size) {
        yield rest;
        held = 0;
      }
    }
  }
  if (held > 0) yield rest.subarray(0, held);
}

function modelOf(format: 'npy' | 'npz', arrays: readonly NamedArray[]): Model {
  const classes = classifyTensors(arrays.map(({ name, header }) => ({ name, shape: header.shape })));
  const tensors = arrays.map(({ name, header, bytes }, i) => {
    const { dtype, shape, isFortran } = header;
    const ordered = isFortran && shape.length > 1 ? rowMajorBytes(name, bytes, shape, bytesOf[dtype]) : bytes;
    return createTensor({ name, shape, dtype, ...classes[i] }, ordered);
  });
  return {
    format,
    producer: null,
    tensors,
    architecture: null,
    notes: [
      `${format} holds no graph: roles and layouts are told from names and shapes, and the network cannot be run.`,
    ],
  };
}
