/** Opening a model of any format. */
import { printableText } from '@kindling/core';
import { ModelFormatError } from './errors/model-format-error.js';
import { UnsupportedModelError } from './errors/unsupported-model-error.js';
import { modelFormats } from './formats/catalog.js';
import type { Probe } from './formats/model-format.js';
import { probeSource } from './formats/probe-source.js';
import type { Model, OpenModelOptions } from './model/model.js';
import type { Sources } from './source/source.js';

/**
 * Reads what a model file holds, but not its numbers. The format is told by the content, never by the name.
 *
 * @throws ModelFormatError for a file that is broken, or of no known format
 * @throws UnsupportedModelError for PyTorch pickles, types of numbers and other kinds that are not read
 * @throws InvalidArgumentError for an `options.input` that contradicts the file
 */
export async function openModel(sources: Sources, options: OpenModelOptions = {}): Promise<Model> {
  const probe = await probeSource(sources.main);
  for (const format of modelFormats) {
    if (!(await format.recognizes(probe))) continue;
    const model = await format.read(sources, probe, options);
    // Notes speak of layers by names out of the file.
    return { ...model, notes: model.notes.map(printableText) };
  }
  // Last: a pickle has two bytes of signature, which the length at the beginning of a sound safetensors file can have, too.
  refusePickles(probe);
  const { name } = sources.main;
  const known = modelFormats.map(({ title }) => title).join(', ');
  throw new ModelFormatError(
    `openModel: ${name} is of no known format; expected ${known} — is it the right file, and whole?`,
    { details: { file: name, expected: known, got: hexadecimal(probe.head.subarray(0, 8)) } },
  );
}

/** PyTorch saves a zip archive with a pickle in it, before version 1.6 bare pickles or a tar. Unpickling runs code. */
function refusePickles({ source, head, zipEntries }: Probe): void {
  const zipped = zipEntries?.some((name) => /(^|\/)data\.pkl$/.test(name)) ?? false;
  const bare = head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 255) <= 5;
  if (!zipped && !bare) return;
  throw new UnsupportedModelError(
    `openModel: ${source.name} is a ${zipped ? 'PyTorch archive' : 'Python pickle'}, which could run any code when read; expected safetensors — convert it in Python: safetensors.torch.save_file(model.state_dict(), "model.safetensors")`,
    { details: { file: source.name, format: 'pickle' } },
  );
}

function hexadecimal(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
