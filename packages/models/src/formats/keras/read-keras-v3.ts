/** Keras 3's `.keras`: a zip archive of config.json, metadata.json and model.weights.h5. */

import { ModelFormatError } from '../../errors/model-format-error.js';
import { printableName } from '../../errors/printable-name.js';
import type { Model, OpenModelOptions } from '../../model/model.js';
import { sourceFromBytes } from '../../source/memory-source.js';
import type { Source, Sources } from '../../source/source.js';
import { openHdf5 } from '../hdf5/hdf5-file.js';
import { fieldOf, parseJsonBytes } from '../json/parse-json.js';
import { listZipEntries } from '../zip/zip-directory.js';
import { readZipEntry, storedEntrySource } from '../zip/zip-entry-bytes.js';
import { listKerasLayers } from './keras-layer.js';
import { kerasModel, requireOwnBytes } from './keras-tensors.js';
import { readNumberedWeights } from './numbered-weights.js';

/** A net of ten thousand layers has about 8 MiB; deflated, a thousandth of that is enough to claim it. */
const mostConfigurationBytes = 16_777_216;
/** Keras stores the weights as they are and they are read in place; an archive that was packed anew is unpacked into memory. */
const mostUnpackedBytes = 536_870_912;

/**
 * @throws ModelFormatError for a file that breaks its format's rules
 * @throws UnsupportedModelError for what h5py does not write by default
 */
export async function readKerasV3({ main }: Sources, options: OpenModelOptions): Promise<Model> {
  const entries = new Map((await listZipEntries(main)).map((entry) => [entry.name, entry]));
  const json = async (name: string): Promise<unknown> => {
    const entry = entries.get(name);
    if (entry === undefined) return null;
    return parseJsonBytes(await readZipEntry(main, entry, mostConfigurationBytes), name);
  };
  const layers = listKerasLayers(await json('config.json'));
  const version = fieldOf(await json('metadata.json'), 'keras_version');
  const file = await openHdf5(await weightsSource(main, entries.get('model.weights.h5')));
  return kerasModel(
    'keras-v3',
    typeof version === 'string' ? `Keras ${printableName(version)}` : null,
    requireOwnBytes(file, await readNumberedWeights(file, layers)),
    layers,
    layers === null
      ? ['The configuration is no Sequential or Functional model, so the network is not known.']
      : [],
    options,
  );
}

async function weightsSource(
  main: Source,
  entry: Parameters<typeof readZipEntry>[1] | undefined,
): Promise<Source> {
  if (entry === undefined) {
    throw new ModelFormatError(
      `openModel: ${main.name} has no model.weights.h5; expected it in a .keras archive`,
      {
        details: { file: main.name, format: 'keras-v3' },
      },
    );
  }
  if (entry.method === 0) return storedEntrySource(main, entry);
  return sourceFromBytes(entry.name, await readZipEntry(main, entry, mostUnpackedBytes));
}
