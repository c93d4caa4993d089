/** safetensors: one file, or an index and its shards. */

import { classifyTensors } from '../../classification/classify-tensors.js';
import { ModelFormatError } from '../../errors/model-format-error.js';
import { printableName, quotedName } from '../../errors/printable-name.js';
import { createTensor } from '../../model/create-tensor.js';
import type { Model } from '../../model/model.js';
import { bytesInSource } from '../../model/tensor-bytes.js';
import type { Source, Sources } from '../../source/source.js';
import { fieldOf } from '../json/parse-json.js';
import { readSafetensorsHeader, type SafetensorsHeader } from './safetensors-header.js';

const note =
  'safetensors holds no graph: roles, layouts and layers are told from names and shapes, and the network cannot be run.';

/**
 * A file of tensors.
 *
 * @throws ModelFormatError, UnsupportedModelError as `readSafetensorsHeader`
 */
export async function readSafetensors({ main }: Sources): Promise<Model> {
  return modelOf([[main, await readSafetensorsHeader(main)]]);
}

/**
 * `model.safetensors.index.json` and the shards that it names.
 *
 * @param json the index
 * @throws ModelFormatError, UnsupportedModelError as `readSafetensorsHeader`, and where index and shards contradict each other
 */
export async function readSafetensorsIndex(sources: Sources, json: unknown): Promise<Model> {
  const map = new Map(Object.entries(fieldOf(json, 'weight_map') as Readonly<Record<string, unknown>>));
  const files = [...new Set(map.values())];
  const shards: (readonly [Source, SafetensorsHeader])[] = [];
  for (const file of files) {
    const shard = await sources.open(typeof file === 'string' ? file : '');
    const header = await readSafetensorsHeader(shard);
    for (const name of header.all) requireMapped(sources, map, name, file);
    shards.push([shard, header]);
  }
  requireAllThere(sources, map, shards);
  return modelOf(shards);
}

function modelOf(files: readonly (readonly [Source, SafetensorsHeader])[]): Model {
  const entries = files.flatMap(([source, header]) => header.entries.map((entry) => ({ source, entry })));
  const classes = classifyTensors(entries.map(({ entry }) => entry));
  const tensors = entries.map(({ source, entry }, i) => {
    const { name, shape, dtype, offset, length } = entry;
    return createTensor({ name, shape, dtype, ...classes[i] }, bytesInSource(source, offset, length));
  });
  const metadata = new Map<string, string>();
  for (const [, header] of files) {
    for (const [key, text] of header.metadata) if (!metadata.has(key)) metadata.set(key, text);
  }
  const framework = metadata.get('format');
  return {
    format: 'safetensors',
    producer: framework === undefined ? null : printableName(framework),
    metadata,
    tensors,
    architecture: null,
    notes: [note, ...notesOf(files.flatMap(([, { unread }]) => unread))],
  };
}

function notesOf(unread: readonly string[]): readonly string[] {
  const [first, ...more] = unread;
  if (first === undefined) return [];
  return [`${more.length === 0 ? 'Left out: ' : `${unread.length} tensors are left out; one: `}${first}.`];
}

function requireMapped(
  sources: Sources,
  map: ReadonlyMap<string, unknown>,
  name: string,
  file: unknown,
): void {
  if (map.get(name) === file) return;
  throw new ModelFormatError(
    `openModel: ${printableName(String(file))} holds the tensor ${quotedName(name)}; expected it ${map.has(name) ? 'in another shard' : 'nowhere'}, as ${sources.main.name} says`,
    { details: { file: sources.main.name, tensor: printableName(name) } },
  );
}

function requireAllThere(
  sources: Sources,
  map: ReadonlyMap<string, unknown>,
  shards: readonly (readonly [Source, SafetensorsHeader])[],
): void {
  const there = new Set(shards.flatMap(([, { all }]) => all));
  for (const [name, file] of map) {
    if (there.has(name)) continue;
    throw new ModelFormatError(
      `openModel: ${printableName(String(file))} does not hold the tensor ${quotedName(name)}; expected it there, as ${sources.main.name} says`,
      { details: { file: sources.main.name, tensor: printableName(name) } },
    );
  }
}
