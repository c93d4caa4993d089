/** Writing safetensors. */
import { InvalidArgumentError } from '@kindling/core';
import { mostHeaderBytes, safetensorsDTypes } from '../formats/safetensors/safetensors-header.js';
import { bytesOf } from '../model/dtype.js';
import {
  requireUniqueNames,
  type TensorToWrite,
  writtenBytes,
  writtenDType,
  writtenLength,
} from './tensor-to-write.js';

/**
 * The bytes of a safetensors file, tensor by tensor, so that one is in memory at a time. Same tensors, same bytes: the widest
 * types come first and names in the order of their code units, as the reference writes them; the header is filled up with blanks to
 * a multiple of eight.
 *
 * @param metadata texts for people; `format` is by convention the framework
 * @throws InvalidArgumentError for a name that stands twice or is `__metadata__`, or a header of more than 100 MB
 */
export async function* writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array> {
  requireUniqueNames('writeSafetensors', tensors);
  const ordered = [...tensors].sort(
    (a, b) => bytesOf[writtenDType(b)] - bytesOf[writtenDType(a)] || (a.name < b.name ? -1 : 1),
  );
  const lines: string[] = [];
  const texts = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  if (texts.length > 0)
    lines.push(
      `"__metadata__":{${texts.map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`).join(',')}}`,
    );
  let offset = 0;
  for (const tensor of ordered) {
    if (tensor.name === '__metadata__') {
      throw new InvalidArgumentError(
        'writeSafetensors: a tensor is named __metadata__; expected another name',
      );
    }
    const end = offset + writtenLength(tensor);
    const dtype = safetensorsDTypes.get(writtenDType(tensor));
    const entry = { dtype, shape: tensor.shape, data_offsets: [offset, end] };
    lines.push(`${JSON.stringify(tensor.name)}:${JSON.stringify(entry)}`);
    offset = end;
  }
  const json = new TextEncoder().encode(`{${lines.join(',')}}`);
  const length = 8 * Math.ceil(json.length / 8);
  if (length > mostHeaderBytes) {
    throw new InvalidArgumentError(
      `writeSafetensors: the header has ${length} bytes; expected at most ${mostHeaderBytes}`,
    );
  }
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  yield header;
  for (const tensor of ordered) yield await writtenBytes('writeSafetensors', tensor);
}
